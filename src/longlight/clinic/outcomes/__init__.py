"""Step 9: many patients. What became of the courses that began, by protocol, from the scores that stand."""

"""The cohort table, and the list behind a number."""

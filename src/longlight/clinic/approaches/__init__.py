"""Step 1: approaches, and which protocol versions a clinic has adopted.

A clinic adopts a version by a named prescriber or director, who is told which of its numbers are a choice or recalled.
What is adopted never changes under a running course.
"""

"""Pages for those who ask, and for the staff who work on requests."""

"""Pages of the schedule, for staff."""

"""What each desk shows: one query or one action, one template."""

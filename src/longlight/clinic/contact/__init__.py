"""Messages and reminders: everything that leaves goes through the outbox."""

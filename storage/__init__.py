"""What must not be forgotten: tables, group commits and the outbox."""

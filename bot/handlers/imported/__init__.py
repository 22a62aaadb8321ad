"""What rows of imported tables become: records as they are stored, decided without asking or alerting anybody."""

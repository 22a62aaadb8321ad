"""What time brings to findings: reminders, verification, and what finds by itself."""

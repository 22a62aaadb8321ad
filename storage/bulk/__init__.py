"""What takes whole tables out of a database, and brings many rows in."""

"""What takes whole tables out of a database."""

"""Commands on the archive of reports."""

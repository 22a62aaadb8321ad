"""Commands on findings and their measures."""

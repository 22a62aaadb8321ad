"""The admin's chat: commands, lists, the report."""

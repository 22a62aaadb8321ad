"""How fast tables from outside are imported, and in how much memory."""

"""Tables from outside: how files are read, which column means what, and what a cell says."""

"""Fakes of the outside world, and the servers that tests need."""

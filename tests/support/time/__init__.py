"""Machines whose clocks are set by a test, and how long tests wait."""

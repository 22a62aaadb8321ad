"""How long tests wait for what comes when it comes: no test is about the speed of the machine that it runs on."""

__all__ = ["PATIENCE"]

PATIENCE = 30.0
"""Seconds after which nothing comes any more, on a machine however busy; no test takes that long to be right."""

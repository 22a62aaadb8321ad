"""Decisions of the handlers over a span of time, on the Stage."""

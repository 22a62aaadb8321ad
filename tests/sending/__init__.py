"""Tests of what waits to be sent, and in which order it goes."""

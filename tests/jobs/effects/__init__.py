"""Tests of what a change comes to, as it is asked for."""

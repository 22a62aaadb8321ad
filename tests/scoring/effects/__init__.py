"""Tests of what a change has brought."""

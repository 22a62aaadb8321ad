"""Tests of what reports consist of, before any format."""

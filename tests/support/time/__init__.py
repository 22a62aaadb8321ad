"""Machines whose clocks are set by a test."""

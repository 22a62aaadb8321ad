"""Tests of what is deleted, and of what is still known afterwards."""

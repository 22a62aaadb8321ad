"""Tests of the sample company's files."""

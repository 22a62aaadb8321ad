"""Rows about the quality of service: solved the first time, benchmarks, reviews."""

"""Rows about how important to customers is what they rate."""

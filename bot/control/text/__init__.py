"""Commands on what customers write."""

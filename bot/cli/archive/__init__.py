"""`huifang report archive`."""

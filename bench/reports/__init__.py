"""Reports over the sample company at a million answers."""

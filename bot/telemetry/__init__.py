"""What the process counts and measures of itself, for Prometheus."""

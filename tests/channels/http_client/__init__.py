"""The HTTP client that all channels share."""

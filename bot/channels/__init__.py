"""The channels, one folder each: what is parsed, presented and sent, and the errors of the platform."""

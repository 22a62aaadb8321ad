"""The ways to people, one folder each: parse, present, send, and the errors of the platform."""

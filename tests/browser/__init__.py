"""Pages as people see them: in a real browser, on a phone."""

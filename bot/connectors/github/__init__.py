"""GitHub: a repository's webhook on issues."""

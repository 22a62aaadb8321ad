"""GitLab: a project's webhook on issues."""

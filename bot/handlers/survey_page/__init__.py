"""Decisions of the survey page: where a link leads, what is shown, what a press does."""

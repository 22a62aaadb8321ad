"""Decisions about issues: opening, commands, the team's chat and page, messages to customers."""

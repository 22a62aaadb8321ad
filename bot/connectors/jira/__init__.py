"""Jira and Jira Service Management: a webhook, or an automation rule."""

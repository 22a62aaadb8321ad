"""Findings and measures in the team's chats."""

"""Findings and measures in the team's chats: lists, cards, and what their buttons do."""

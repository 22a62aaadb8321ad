"""Zendesk: a trigger's webhook, or an event subscription."""

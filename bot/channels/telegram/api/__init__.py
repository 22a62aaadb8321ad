"""Calls to the Bot API: how they are sent, what their failures mean, how they are repeated."""

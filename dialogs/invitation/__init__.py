"""Invitations: model, state machine, rules of who is asked."""

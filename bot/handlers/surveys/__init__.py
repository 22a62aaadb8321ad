"""Decisions about surveys: tickets, scheduling, invitations, interviews, the pause."""

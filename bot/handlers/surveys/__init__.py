"""Decisions about asking: tickets, scheduling, invitations, interviews."""

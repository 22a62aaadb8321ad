"""Feedback that nobody asked for: which survey takes it, and how its ask is told from others."""

from dialogs.invitation.model import Invitation

__all__ = ["FEEDBACK", "feedback_occasion", "is_feedback"]

FEEDBACK = "feedback"
"""The survey's id, and the token of the link t.me/bot?start=feedback that opens it."""


def feedback_occasion(cause: str) -> str:
    """Return the occasion of a customer's own feedback; `cause` is the key of their message."""
    return f"{FEEDBACK}:{cause}"


def is_feedback(invitation: Invitation) -> bool:
    """Return whether the customer began it, so that no limit on asking applies."""
    return invitation.occasion.startswith(f"{FEEDBACK}:")

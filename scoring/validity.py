"""What counts: nothing is deleted, so every rating given is counted or excluded, and raw = counted + excluded."""

from enum import StrEnum

__all__ = ["COUNTING_RULES", "ExclusionReason"]

COUNTING_RULES = 1
"""The version of the rules by which a rating counts or not; stored with each, and higher after each change of them."""


class ExclusionReason(StrEnum):
    """Why a rating that was given does not count."""

    REOPENED = "reopened"
    """The ticket was opened again before the interview had ended: the visit that it is about was not over."""

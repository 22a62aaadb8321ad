"""Says when the settings would have asked, in the reader's language and on the customer's clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.invitation import Invitation, State

__all__ = ["planned"]


def planned(invitation: Invitation, now: datetime, zone: ZoneInfo, words: Mapping[str, str]) -> str:
    """Give one sentence about what was planned before somebody asked by hand."""
    if invitation.state is not State.SCHEDULED:
        return words.get(f"unplanned_{invitation.reason}", "")
    due, today = invitation.due_at.astimezone(zone), now.astimezone(zone).date()
    days = (due.date() - today) // timedelta(days=1)
    day = {0: "today", 1: "tomorrow"}.get(days, "later")
    return words[f"planned_{day}"].format(time=f"{due:%H:%M}", date=f"{due:%m-%d}")

"""Says when the settings would have asked, in the reader's language and on the customer's clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.http.console.words import WORDS
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.phrases import Phrases

__all__ = ["planned"]


def planned(invitation: Invitation, now: datetime, zone: ZoneInfo, phrases: Phrases, language: str) -> str:
    """Return one sentence about what was planned before somebody asked by hand."""
    words = WORDS[language]
    if invitation.state is not InvitationState.SCHEDULED:
        return words.get(f"unplanned_{invitation.reason}", "")
    due = invitation.due_at
    days = (due.astimezone(zone).date() - now.astimezone(zone).date()) // timedelta(days=1)
    day = {0: "today", 1: "tomorrow"}.get(days, "later")
    return words[f"planned_{day}"].format(
        time=phrases.time(language, due, zone), moment=phrases.moment(language, due, zone)
    )

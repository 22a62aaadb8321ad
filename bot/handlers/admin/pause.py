"""`/pause_surveys` and `/resume_surveys` in a chat: asked once more, then done."""

from bot.handlers.admin.permissions import Admin
from bot.handlers.admin.replies import locale_for, shown_in_place
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import reply
from bot.handlers.surveys.pause import pause_of, pause_surveys, resume_surveys
from dialogs.admin.lists import PAUSE, RESUME, pausing
from dialogs.messages import Inbound, Prompt, Tap
from dialogs.sanitize import one_line
from storage.unit_of_work.changes import Changes

__all__ = ["standstill_command", "standstill_tap"]

_LONGEST_NAME = 40


def standstill_command(context: DecisionContext, inbound: Inbound, *, pauses: bool) -> Changes:
    """Ask whether surveys shall stand still, or go on; say so where they do already."""
    phrases, locale = context.policy.phrases, locale_for(context, inbound)
    if (pause_of(context) is not None) is pauses:
        return reply(context, inbound, _standing(context, locale))
    return reply(context, inbound, pausing(phrases, locale, paused=not pauses))


def standstill_tap(context: DecisionContext, inbound: Inbound, tap: Tap, admin: Admin) -> Changes:
    """Do it, or leave things as they are, and say how they stand in the place of the question."""
    locale = locale_for(context, inbound)
    changes = Changes()
    if tap.step == PAUSE:
        changes = pause_surveys(context, admin.by)
    elif tap.step == RESUME:
        changes = resume_surveys(context, admin.by)
    return changes + Changes((shown_in_place(context, inbound, _standing(context.after(changes), locale)),))


def _standing(context: DecisionContext, locale: str) -> Prompt:
    """Return whether surveys stand still, since when and by whom."""
    phrases, pause = context.policy.phrases, pause_of(context)
    if pause is None:
        return Prompt(phrases.say(locale, "admin.surveys.going"))
    since = phrases.moment(locale, pause.since, context.policy.timezone)
    return Prompt(phrases.say(locale, "admin.surveys.paused", by=one_line(pause.by, _LONGEST_NAME), since=since))

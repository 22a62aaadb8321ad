"""`/pause_surveys` and `/resume_surveys` in a chat: asked once more, then done."""

from bot.handlers.admin.query_results import AdminTurn
from bot.handlers.common.context import DecisionContext
from bot.handlers.surveys.pause import pause_of, pause_surveys, resume_surveys
from dialogs.admin.lists import PAUSE, RESUME, pausing
from dialogs.messages import Prompt, Tap
from dialogs.sanitize import one_line
from storage.unit_of_work.changes import Changes

__all__ = ["pause_command", "pause_tap"]

_LONGEST_NAME = 40


def pause_command(said: AdminTurn, *, pauses: bool) -> Changes:
    """Ask whether surveys shall be paused, or go on; say so where they are already."""
    turn = said.turn
    if (pause_of(turn.context) is not None) is pauses:
        return turn.reply(_standing(turn.context, turn.locale))
    return turn.reply(pausing(turn.phrases, turn.locale, paused=not pauses))


def pause_tap(said: AdminTurn, tap: Tap) -> Changes:
    """Do it, or leave things as they are, and say how they stand in the place of the question."""
    turn, changes = said.turn, Changes()
    if tap.step == PAUSE:
        changes = pause_surveys(turn.context, said.admin.by)
    elif tap.step == RESUME:
        changes = resume_surveys(turn.context, said.admin.by)
    return changes + turn.edit_pressed(_standing(turn.context.after(changes), turn.locale))


def _standing(context: DecisionContext, locale: str) -> Prompt:
    """Return whether surveys are paused, since when and by whom."""
    phrases, pause = context.policy.phrases, pause_of(context)
    if pause is None:
        return Prompt(phrases.say(locale, "admin.surveys.going"))
    since = phrases.moment(locale, pause.since, context.policy.timezone)
    return Prompt(phrases.say(locale, "admin.surveys.paused", by=one_line(pause.by, _LONGEST_NAME), since=since))

"""`/pause_surveys` and `/resume_surveys` in a chat: asked once more, then done."""

from bot.handlers.admin.permissions import Admin
from bot.handlers.admin.replies import locale_for, shown_in_place
from bot.handlers.common.context import Scene
from bot.handlers.common.replies import reply
from bot.handlers.surveys.pause import pause_of, pause_surveys, resume_surveys
from dialogs.admin.lists import PAUSE, RESUME, pausing
from dialogs.messages import Inbound, Prompt, Tap
from dialogs.sanitize import one_line
from storage.unit_of_work.changes import Changes

__all__ = ["standstill_command", "standstill_tap"]

_LONGEST_NAME = 40


def standstill_command(scene: Scene, inbound: Inbound, *, pauses: bool) -> Changes:
    """Ask whether surveys shall stand still, or go on; say so where they do already."""
    phrases, locale = scene.policy.phrases, locale_for(scene, inbound)
    if (pause_of(scene) is not None) is pauses:
        return reply(scene, inbound, _standing(scene, locale))
    return reply(scene, inbound, pausing(phrases, locale, paused=not pauses))


def standstill_tap(scene: Scene, inbound: Inbound, tap: Tap, admin: Admin) -> Changes:
    """Do it, or leave things as they are, and say how they stand in the place of the question."""
    locale = locale_for(scene, inbound)
    changes = Changes()
    if tap.step == PAUSE:
        changes = pause_surveys(scene, admin.by)
    elif tap.step == RESUME:
        changes = resume_surveys(scene, admin.by)
    return changes + Changes((shown_in_place(scene, inbound, _standing(scene.after(changes), locale)),))


def _standing(scene: Scene, locale: str) -> Prompt:
    """Say whether surveys stand still, since when and by whom."""
    phrases, pause = scene.policy.phrases, pause_of(scene)
    if pause is None:
        return Prompt(phrases.say(locale, "admin.surveys.going"))
    since = phrases.moment(locale, pause.since, scene.policy.timezone)
    return Prompt(phrases.say(locale, "admin.surveys.paused", by=one_line(pause.by, _LONGEST_NAME), since=since))

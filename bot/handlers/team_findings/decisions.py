"""What the buttons of a card decide: done, a week later, mine, wait for more answers, nothing is changed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.handlers.improvement import commands
from bot.handlers.team_findings.press import FindingPress, about_finding
from dialogs.improvement.finding_card import OFFERED, REASONS, ask_why, finding_card, reasons_card
from dialogs.improvement.finding_view import A_MOMENT, FindingStep, say
from dialogs.improvement.model import Finding, Measure
from dialogs.names import is_same_person
from dialogs.time.local_time import wall_of
from dialogs.time.periods import days_of
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = ["FINDING_PRESSES", "LOOKS", "dismissed", "is_offered"]

_A_WEEK, _A_DAY, _A_MONTH = timedelta(days=7), timedelta(days=1), timedelta(days=30)


def _open(press: FindingPress) -> Changes:
    """Show the card in a message of its own, below the list."""
    card = finding_card(press.view, press.turn.context.now, press.turn.admin_locale)
    fresh = press.turn.answer(card, f"finding:{press.finding.id}")
    return Changes((about_finding(fresh, press.finding),))


def _done(press: FindingPress) -> Changes:
    """Report the measure done: leads may, and its owner."""
    speaker, context = press.speaker, press.turn.context
    measure = press.finding.measure
    is_owner = measure is not None and is_same_person(speaker.by, measure.owner)
    if not (speaker.decides or is_owner):
        return press.turn.toast("finding_for_owner", alert=True)
    done = commands.measure_done(context, press.finding.id, speaker.by, trusts=True)
    return press.told(done, "finding_done") if done.changes else press.overtaken()


def _take(press: FindingPress) -> Changes:
    measure, speaker = press.finding.measure, press.speaker
    if measure is None:
        return press.overtaken()
    if is_same_person(measure.owner, speaker.by):
        return press.turn.toast("finding_yours_already") + press.redrawn()
    return _planned(press, replace(measure, owner=speaker.by), "finding_taken")


def _later(press: FindingPress) -> Changes:
    """Move the date by a week, or, where that has passed, to a week from today; the window moves along where it must.

    Of two presses of the same button only the first counts.
    """
    measure, zone = press.finding.measure, press.turn.policy.timezone
    if measure is None or not press.is_current:
        return press.overtaken()
    last = max(wall_of(measure.due_at - A_MOMENT, zone).date(), wall_of(press.turn.context.now, zone).date()) + _A_WEEK
    due = days_of(last, last + _A_DAY, zone).until
    day = press.turn.phrases.day(press.turn.locale, due - A_MOMENT, zone)
    return _planned(press, _due_at(measure, due, zone), "finding_moved", day=day)


def _due_at(measure: Measure, due: datetime, zone: ZoneInfo) -> Measure:
    """Return a measure with another date; its window begins after that, and stays as long as it was."""
    since, until = (wall_of(moment, zone).date() for moment in (measure.window.since, measure.window.until))
    begins = max(since, wall_of(due, zone).date())
    window = measure.window if begins == since else days_of(begins, begins + (until - since), zone)
    return replace(measure, due_at=due, window=window)


def _planned(press: FindingPress, measure: Measure, key: str, day: str = "") -> Changes:
    """Store a measure in place of the one that is planned."""
    context = press.turn.context
    planned = replace(measure, planned_by=press.speaker.by, planned_at=context.now)
    return press.told(commands.plan_measure(context, press.finding.id, planned, trusts=True), key, day)


def _wait(press: FindingPress) -> Changes:
    """Move the end of the window by a month, or, where that has passed, to a month from today."""
    measure, context = press.finding.measure, press.turn.context
    if measure is None:
        return press.overtaken()
    until = _midnight_after(max(measure.window.until, context.now) + _A_MONTH, context.policy.timezone)
    waits = commands.wait_for_more(context, press.finding.id, press.speaker.by, until, trusts=True)
    day = press.turn.phrases.day(press.turn.locale, until - A_MOMENT, context.policy.timezone)
    return press.told(waits, "finding_waits", day=day)


def _midnight_after(moment: datetime, zone: ZoneInfo) -> datetime:
    day = wall_of(moment - A_MOMENT, zone).date()
    return days_of(day, day + _A_DAY, zone).until


def _reasons(press: FindingPress) -> Changes:
    return press.shown(reasons_card(press.view, press.turn.context.now, press.turn.admin_locale))


def _because(press: FindingPress) -> Changes:
    """End a finding for one of the usual reasons."""
    if not 0 <= press.tap.value < len(REASONS):
        return press.turn.toast("admin_stale", alert=True)
    return dismissed(press, say(press.turn.admin_locale, f"reason.{REASONS[press.tap.value]}"))


def dismissed(press: FindingPress, note: str) -> Changes:
    """End a finding; whoever is too late is told who was faster."""
    context = press.turn.context
    ended = commands.dismiss_finding(context, press.finding.id, press.speaker.by, note, trusts=True)
    return press.told(ended, "finding_dismissed") if ended.changes else press.overtaken()


def _write_why(press: FindingPress) -> Changes:
    """Ask for a reason in other words, by a forced reply."""
    asked = press.turn.answer(ask_why(press.turn.inbound.sender, press.view, press.turn.admin_locale), "why")
    return Changes((about_finding(asked, press.finding),)) + press.turn.toast("finding_write_why")


def _back(press: FindingPress) -> Changes:
    return press.redrawn()


LOOKS = frozenset({FindingStep.OPEN, FindingStep.CASES, FindingStep.BACK})
"""What shows something and decides nothing."""
FINDING_PRESSES: Mapping[str, Callable[[FindingPress], Changes]] = {
    FindingStep.OPEN: _open,
    FindingStep.BACK: _back,
    FindingStep.DONE: _done,
    FindingStep.LATER: _later,
    FindingStep.TAKE: _take,
    FindingStep.WAIT: _wait,
    FindingStep.DISMISS: _reasons,
    FindingStep.BECAUSE: _because,
    FindingStep.WRITE_WHY: _write_why,
}
_OF = {FindingStep.BECAUSE: FindingStep.DISMISS, FindingStep.WRITE_WHY: FindingStep.DISMISS}
"""The button below which these are offered."""


def is_offered(finding: Finding, step: str) -> bool:
    """Return whether the card of a finding as it is now leads to a button."""
    return step in LOOKS or _OF.get(FindingStep(step), step) in OFFERED[finding.state]

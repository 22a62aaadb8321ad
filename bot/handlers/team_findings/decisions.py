"""What the buttons of a card decide: done, a week later, mine, wait for more answers, nothing is changed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.handlers.improvement import commands
from bot.handlers.team_findings import plan_steps, tell_steps
from bot.handlers.team_findings.press import FindingPress, about_finding, last_hand
from dialogs.improvement.draft_cards import ask_for
from dialogs.improvement.finding_card import OFFERED, REASONS, cases_message, finding_card, reason_number, reasons_card
from dialogs.improvement.finding_view import A_MOMENT, FindingStep, say
from dialogs.improvement.model import Finding, FindingState, Measure
from dialogs.messages import Prompt
from dialogs.names import is_same_person
from dialogs.time.local_time import wall_of
from dialogs.time.periods import days_of
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = ["DECIDES_NOTHING", "FINDING_PRESSES", "LOOKS", "TOO_LATE", "TYPED", "is_offered"]

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
    """Make whoever presses the owner of the measure; one whose date has passed gets a week from today."""
    measure, speaker = press.finding.measure, press.speaker
    if measure is None:
        return press.overtaken()
    if is_same_person(measure.owner, speaker.by):
        return press.turn.toast("finding_yours_already") + press.redrawn()
    mine, zone, now = replace(measure, owner=speaker.by), press.turn.policy.timezone, press.turn.context.now
    if measure.due_at > now:
        return _planned(press, mine, "finding_taken")
    due = _a_week_after(measure, now, zone)
    day = press.turn.phrases.day(press.turn.locale, due - A_MOMENT, zone)
    return _planned(press, _due_at(mine, due, zone), "finding_taken_later", day)


def _later(press: FindingPress) -> Changes:
    """Move the date by a week, or to a week from today where it has passed; the window moves along where it must."""
    measure, zone = press.finding.measure, press.turn.policy.timezone
    if measure is None:
        return press.overtaken()
    due = _a_week_after(measure, press.turn.context.now, zone)
    day = press.turn.phrases.day(press.turn.locale, due - A_MOMENT, zone)
    return _planned(press, _due_at(measure, due, zone), "finding_moved", day=day)


def _a_week_after(measure: Measure, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the day a week after the date of a measure, or after today where that has passed."""
    last = max(wall_of(measure.due_at - A_MOMENT, zone).date(), wall_of(now, zone).date()) + _A_WEEK
    return days_of(last, last + _A_DAY, zone).until


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
    number = reason_number(press.tap.value)[1]
    if number >= len(REASONS):
        return press.turn.toast("admin_stale", alert=True)
    return _dismissed(press, say(press.turn.admin_locale, f"reason.{REASONS[number]}"))


def _dismissed(press: FindingPress, note: str) -> Changes:
    """End a finding; whoever is too late is told who was faster."""
    context = press.turn.context
    ended = commands.dismiss_finding(context, press.finding.id, press.speaker.by, note, trusts=True)
    return press.told(ended, "finding_dismissed") if ended.changes else press.overtaken()


def _write_why(press: FindingPress) -> Changes:
    """Ask for a reason in other words, by a forced reply."""
    turn = press.turn
    asked = turn.answer(ask_for(FindingStep.DISMISS, turn.inbound.sender, press.view, turn.admin_locale), "why")
    return Changes((about_finding(asked, press.finding),)) + turn.toast("finding_write_why")


def typed_why(press: FindingPress, words: str) -> Changes:
    """End a finding for the reason that was typed."""
    turn, title = press.turn, press.view.title
    ended = commands.dismiss_finding(turn.context, press.finding.id, press.speaker.by, words, trusts=True)
    if not ended.changes:
        return _typed_too_late(press, words)
    return ended.changes + turn.reply(Prompt(say(turn.admin_locale, "dismissed_because", title=title, note=words)))


def _typed_too_late(press: FindingPress, _words: str) -> Changes:
    """Answer words about a finding that has changed since they were asked for: who was faster, and that none counts."""
    finding, turn = press.finding, press.turn
    is_over, name = finding.state in (FindingState.TOLD, FindingState.DISMISSED), last_hand(finding)
    key = "over_already" if is_over else "decided_already" if name else "changed_already"
    told = say(turn.admin_locale, key, title=press.view.title, name=name)
    return turn.reply(Prompt(told, replies_to=turn.inbound.message))


def _back(press: FindingPress) -> Changes:
    return press.redrawn()


def _cases(press: FindingPress) -> Changes:
    """Show the responses in which it shows, as far as whoever pressed reads them, in a message of their own."""
    message = cases_message(press.view, press.cases, press.turn.admin_locale, others=press.other_cases)
    shown = press.turn.answer(message, "cases")
    return Changes((about_finding(shown, press.finding),))


LOOKS = frozenset({FindingStep.OPEN, FindingStep.CASES, FindingStep.BACK})
"""What shows something and decides nothing."""
DECIDES_NOTHING = LOOKS | {FindingStep.DROP}
"""What may be pressed below a card of yesterday; every other button counts only where nothing has changed since."""
FINDING_PRESSES: Mapping[str, Callable[[FindingPress], Changes]] = {
    FindingStep.OPEN: _open,
    FindingStep.CASES: _cases,
    FindingStep.BACK: _back,
    FindingStep.DONE: _done,
    FindingStep.LATER: _later,
    FindingStep.TAKE: _take,
    FindingStep.WAIT: _wait,
    FindingStep.DISMISS: _reasons,
    FindingStep.BECAUSE: _because,
    FindingStep.WRITE_WHY: _write_why,
    FindingStep.PLAN: plan_steps.begin_plan,
    FindingStep.METRIC: plan_steps.choose,
    FindingStep.TARGET: plan_steps.choose,
    FindingStep.WHEN: plan_steps.choose,
    FindingStep.OWNERS: plan_steps.show_owners,
    FindingStep.OWNER: plan_steps.choose_owner,
    FindingStep.PROPOSED: plan_steps.show_plan,
    FindingStep.CONFIRM: plan_steps.confirm_plan,
    FindingStep.DROP: plan_steps.drop_draft,
    FindingStep.TELL: tell_steps.preview_told,
    FindingStep.SEND: tell_steps.send_told,
    FindingStep.REWORD: tell_steps.ask_told_words,
}
TOO_LATE = "too_late"
"""What typed words want about a finding that has changed since they were asked for."""
TYPED: Mapping[str, Callable[[FindingPress, str], Changes]] = {
    TOO_LATE: _typed_too_late,
    FindingStep.DISMISS: typed_why,
    FindingStep.PLAN: plan_steps.typed_plan,
    FindingStep.TELL: tell_steps.typed_words,
}
"""What typed words become, by what the question replied to wants."""
_OF: Mapping[str, FindingStep] = {
    FindingStep.BECAUSE: FindingStep.DISMISS,
    FindingStep.WRITE_WHY: FindingStep.DISMISS,
    FindingStep.METRIC: FindingStep.PLAN,
    FindingStep.TARGET: FindingStep.PLAN,
    FindingStep.WHEN: FindingStep.PLAN,
    FindingStep.OWNERS: FindingStep.PLAN,
    FindingStep.OWNER: FindingStep.PLAN,
    FindingStep.PROPOSED: FindingStep.PLAN,
    FindingStep.CONFIRM: FindingStep.PLAN,
    FindingStep.SEND: FindingStep.TELL,
    FindingStep.REWORD: FindingStep.TELL,
}
"""The button below which these are offered."""


def is_offered(finding: Finding, step: str) -> bool:
    """Return whether the card of a finding as it is now leads to a button."""
    return step in DECIDES_NOTHING or _OF.get(step, step) in OFFERED[finding.state]

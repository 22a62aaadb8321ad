"""What admins ask `/report` for: a period, a team or another subject, by words or by the buttons below the figures."""

from collections.abc import Sequence
from datetime import date

from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.reports.report_schedules import ReportCadence, latest_period_name
from dialogs.sanitize import one_line
from dialogs.time.named_days import is_calendar_name
from scoring.metrics.catalogue import SUBJECT_KEYS
from scoring.values import Value

__all__ = ["ReportWish", "read_report_wish", "report_buttons", "words_of_button"]

_OFFERED = (ReportCadence.WEEK, ReportCadence.MONTH, ReportCadence.QUARTER)
_MOST_TEAMS, _IN_A_ROW, _LONGEST_STEP, _LONGEST_LABEL = 6, 2, 40, 16


class ReportWish(Value):
    """The name of a period, and whose report it is (`team:north`), empty for everything."""

    period: str
    of: str = ""


def read_report_wish(words: Sequence[str], today: date) -> ReportWish | None:
    """Return what is asked for by `month`, `2026-10`, `team north` or `team north 2026-10`; None for other words.

    A length is the latest period of it that is over; without a period it is the latest month.
    """
    of, rest = "", list(words)
    period = _period(rest[-1], today) if rest else ""
    rest = rest[:-1] if period else rest
    if len(rest) > 1 and rest[0].lower() in SUBJECT_KEYS:
        of, rest = f"{rest[0].lower()}:{' '.join(rest[1:])}", []
    if rest or not words:
        return None
    return ReportWish(period or latest_period_name(ReportCadence.MONTH, today), of)


def _period(word: str, today: date) -> str:
    if word.lower() in list(ReportCadence):
        return latest_period_name(ReportCadence(word.lower()), today)
    return word.upper() if is_calendar_name(word) else ""


def report_buttons(teams: Sequence[str], phrases: Phrases, locale: str) -> tuple[tuple[Choice, ...], ...]:
    """Return the buttons below the figures: the last week, month and quarter, and the first teams by name."""
    lengths = tuple(
        Choice(phrases.say(locale, f"admin.report.button.{every}"), Tap(Verb.REPORT, "", every.value))
        for every in _OFFERED
    )
    steps = [(team, f"team:{team}") for team in teams if team.isprintable() and "|" not in team]
    shown = [
        Choice(one_line(team, _LONGEST_LABEL), Tap(Verb.REPORT, "", step))
        for team, step in steps
        if len(step.encode()) <= _LONGEST_STEP
    ][:_MOST_TEAMS]
    rows = [tuple(shown[start : start + _IN_A_ROW]) for start in range(0, len(shown), _IN_A_ROW)]
    return (lengths, *rows)


def words_of_button(step: str) -> tuple[str, ...]:
    """Return the words for which a button stands."""
    return tuple(step.split(":", 1))

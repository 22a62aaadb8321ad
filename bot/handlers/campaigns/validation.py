"""Checks of a campaign before anything is scheduled."""

from collections.abc import Iterator
from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid
from dialogs.campaign.model import FASTEST, Campaign, CampaignKind, Schedule
from dialogs.campaign.occurrences import is_open_ever
from dialogs.phrases import placeholders
from dialogs.sanitize import LONGEST_MESSAGE
from dialogs.time.contact_hours import DailyHours
from dialogs.time.recurrence import next_run, read_recurrence_rule
from dialogs.time.zones import find_zone

__all__ = ["KNOWN", "wrong_with"]

KNOWN = ("name", "subject", "ticket", "agent", "team", "product")
"""The placeholders that a text may hold; those without a value become empty."""
_LONGEST_TEXT = LONGEST_MESSAGE // 2


def wrong_with(context: DecisionContext, campaign: Campaign) -> Invalid | None:
    """Return the first thing that is wrong with a campaign, None when nothing is."""
    checks = (
        _name(campaign.name),
        _survey(context, campaign.kind, campaign.survey),
        _text(campaign.kind, campaign.text),
        _schedule(campaign.schedule, context.now),
        _window(campaign.window, context.policy.quiet),
        _pace(campaign.per_minute),
    )
    return next((wrong for check in checks for wrong in check), None)


def _name(name: str) -> Iterator[Invalid]:
    if not name:
        yield Invalid("name", "is empty; a name tells this campaign from others")


def _survey(context: DecisionContext, kind: CampaignKind, survey: str) -> Iterator[Invalid]:
    if survey and not context.policy.offers(survey):
        known = ", ".join(sorted(context.policy.current))
        yield Invalid("survey", f"there is no survey {survey!r}; there are {known}")
    if survey and kind is not CampaignKind.SURVEY:
        yield Invalid("survey", f"a {kind} asks no survey of its own; leave it out")


def _text(kind: CampaignKind, text: str) -> Iterator[Invalid]:
    if kind is CampaignKind.NOTICE and not text.strip():
        yield Invalid("text", "a notice needs words; write what the customers shall read")
    unknown = sorted(placeholders(text) - set(KNOWN))
    if unknown:
        known = " ".join(f"{{{name}}}" for name in KNOWN)
        yield Invalid("text", f"there is no placeholder {{{unknown[0]}}}; known are {known}")
    if len(text) > _LONGEST_TEXT:
        yield Invalid("text", f"must have at most {_LONGEST_TEXT} characters")


def _schedule(schedule: Schedule, now: datetime) -> Iterator[Invalid]:
    if schedule.at is not None and schedule.repeats:
        yield Invalid("schedule", "comes either once, at, or again and again, not both")
    elif schedule.at is not None and schedule.at < now:
        yield Invalid("schedule.at", f"{schedule.at:%Y-%m-%d %H:%M} UTC has passed; give a moment to come")
    elif schedule.repeats:
        yield from _repeats(schedule, now)


def _repeats(schedule: Schedule, now: datetime) -> Iterator[Invalid]:
    zone = find_zone(schedule.timezone)
    if zone is None:
        yield Invalid(
            "schedule.timezone", f"there is no time zone {schedule.timezone!r}; write one such as Asia/Shanghai"
        )
        return
    try:
        recurrence = read_recurrence_rule(schedule.repeats)
    except ValueError as wrong:
        yield Invalid("schedule.repeats", str(wrong))
        return
    if next_run(recurrence, zone, now) is None:
        yield Invalid("schedule.repeats", f"{schedule.repeats!r} never comes")


def _window(window: DailyHours | None, quiet: DailyHours | None) -> Iterator[Invalid]:
    if window is None:
        return
    if window.start == window.end:
        yield Invalid("window", "is empty: it ends when it starts; give hours such as 10:00-20:00")
    elif not is_open_ever(window, quiet):
        yield Invalid("window", "never opens: all of it lies in the quiet hours (survey.quiet_hours)")


def _pace(per_minute: int) -> Iterator[Invalid]:
    if not 1 <= per_minute <= FASTEST:
        yield Invalid("per_minute", f"must lie between 1 and {FASTEST}")

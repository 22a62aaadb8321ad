"""A finding as a chat shows it: its title, made of what it was opened by, and what customers said, masked."""

from collections.abc import Mapping, Sequence

from bot.handlers.common.policy import Policy
from bot.handlers.phrases import dimension_name
from dialogs.improvement.finding_view import FindingView
from dialogs.improvement.model import Finding, Voice
from dialogs.sanitize import defanged
from scoring.text.recurring_things import RecurrenceKind
from scoring.values import Value

__all__ = ["Origin", "origin_of", "shown_finding"]

_QUOTES, _LONGEST_QUOTE, _LONGEST_TITLE = 3, 80, 60
_CHART_PARTS, _RECURRENCE_PARTS = 5, 5
_PHRASES = {RecurrenceKind.PHRASE: "phrase", RecurrenceKind.DIMENSION: "dimension"}


class Origin(Value):
    """What a warning opened a finding for: a team, a dimension, and what recurs, as far as there are any."""

    team: str = ""
    dimension: str = ""
    kind: RecurrenceKind | None = None
    name: str = ""


def origin_of(finding: Finding) -> Origin:
    """Return what a finding was opened for, by `Finding.origin`; everything empty for that of a person."""
    parts = finding.origin.split(":")
    if parts[0] == "chart" and len(parts) >= _CHART_PARTS:
        return Origin(team=":".join(parts[2:-2]), dimension=parts[-2])
    if parts[0] == "recurrence" and len(parts) >= _RECURRENCE_PARTS and parts[1] in set(RecurrenceKind):
        return Origin(dimension=parts[2], kind=RecurrenceKind(parts[1]), name=":".join(parts[3:-1]))
    return Origin()


def shown_finding(policy: Policy, finding: Finding, voices: Sequence[Voice], names: Mapping[str, str]) -> FindingView:
    """Return a finding with its title, and what the last customers said who raised it; `names` are theirs."""
    masker = policy.comments.masker
    spoken = [voice for voice in voices if voice.said]
    latest = sorted(spoken, key=lambda one: (one.at, one.customer), reverse=True)[:_QUOTES]
    said = (masker.masked(voice.said, [names.get(voice.customer, "")]) for voice in latest)
    quoted = tuple(defanged(one, _LONGEST_QUOTE) for one in said)
    return FindingView(finding, _title(policy, finding), len(voices), quoted)


def _title(policy: Policy, finding: Finding) -> str:
    """Return what a finding is about in a few words; that of a person in theirs."""
    origin, locale = origin_of(finding), policy.team_speaks
    dimension = dimension_name(policy, origin.dimension) if origin.dimension else ""
    if origin.kind is not None:
        key = f"improvement.title.{_PHRASES.get(origin.kind, 'thing')}"
        return defanged(policy.phrases.say(locale, key, name=origin.name, dimension=dimension), _LONGEST_TITLE)
    if dimension:
        return defanged(policy.phrases.say(locale, "improvement.title.chart", dimension=dimension), _LONGEST_TITLE)
    return defanged(finding.text, _LONGEST_TITLE)

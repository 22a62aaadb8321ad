"""The team's digest: five lines of figures, what is urgent, and what customers said, to be read in a minute."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from dialogs.admin.figure_text import figure_text, value_text
from dialogs.admin.lists import AdminLocale, IssueLine, issue_list
from dialogs.admin.report import ReportedComplaints, complaints_line
from dialogs.messages import Prompt
from dialogs.sanitize import LONGEST_MESSAGE, clipped
from dialogs.time.periods import Period
from scoring.honesty.comparison import ChangeVerdict
from scoring.metrics.figure import Figure, SampleSize
from scoring.values import Value, field, replace

__all__ = ["DIGEST_METRICS", "Digest", "digest_prompt", "quiet_prompt"]

DIGEST_METRICS = ("closings", "asked", "response_rate", "csat", "low_scores")
"""The metrics over everything that the digest tells."""
_URGENT = 3
"""How many issues are named."""
_CLEAR = (ChangeVerdict.HIGHER, ChangeVerdict.LOWER, ChangeVerdict.NOT_CLEAR)


class Digest(Value):
    """What is told of a period: figures by their metric, satisfaction by what was rated, the issues with the team.

    `rated` has the names of what was rated, `voices` are words of customers, masked.
    """

    period: Period
    figures: Mapping[str, Figure]
    dimensions: tuple[Figure, ...] = ()
    rated: Mapping[str, str] = field(default_factory=dict)
    issues: tuple[IssueLine, ...] = ()
    voices: tuple[str, ...] = ()
    complaints: ReportedComplaints = ReportedComplaints()

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing has come, and nothing waits."""
        came = (self.figures[one].n for one in ("closings", "asked", "low_scores"))
        return not (self.issues or self.voices or self.complaints.made or any(came))


def quiet_prompt(digest: Digest, admin: AdminLocale) -> Prompt:
    """Return the one message that nothing has come, and that the next digest comes when something has."""
    return Prompt(f"{_head(digest, admin)}\n\n{admin.say('digest.quiet')}")


def digest_prompt(digest: Digest, now: datetime, admin: AdminLocale) -> Prompt:
    """Return the digest, with a button for each issue that it names where that has no page."""
    urgent = issue_list(digest.issues[:_URGENT], now, admin) if digest.issues else None
    blocks = ["\n".join((_head(digest, admin), *_figures(digest, admin)))]
    if urgent is not None:
        blocks.append(urgent.text.partition("\n\n")[2])
    if digest.voices:
        said = (admin.say("digest.voice", text=one) for one in digest.voices)
        blocks.append("\n".join((admin.say("digest.voices"), *said)))
    text = clipped("\n\n".join(blocks), LONGEST_MESSAGE)
    return replace(urgent, text=text) if urgent is not None else Prompt(text)


def _head(digest: Digest, admin: AdminLocale) -> str:
    first, last = digest.period.since, digest.period.until - timedelta(microseconds=1)
    day = admin.phrases.day
    return admin.say(
        "digest.head", first=day(admin.locale, first, admin.zone), last=day(admin.locale, last, admin.zone)
    )


def _figures(digest: Digest, admin: AdminLocale) -> Iterator[str]:
    told = digest.figures

    def number(metric: str) -> str:
        return admin.phrases.number(admin.locale, told[metric].n)

    yield admin.say("digest.asked", closed=number("closings"), asked=number("asked"))
    yield _answered(told["response_rate"], admin)
    yield _satisfied(told["csat"], admin)
    if line := _ends(digest, admin):
        yield line
    waiting = {"count": len(digest.issues), "late": sum(one.issue.escalated for one in digest.issues)}
    yield admin.say("digest.issues", low=number("low_scores"), **waiting)
    if digest.complaints.made:
        yield complaints_line(digest.complaints, admin.phrases, admin.locale)


def _answered(one: Figure, admin: AdminLocale) -> str:
    answered = admin.phrases.number(admin.locale, int(one.numerator or 0))
    return admin.say("digest.answered", number=answered, share=figure_text(one, admin.phrases, admin.locale))


def _satisfied(one: Figure, admin: AdminLocale) -> str:
    value = figure_text(one, admin.phrases, admin.locale)
    if one.value is None:
        return admin.say("digest.satisfied_few", value=value)
    parts = [admin.say("digest.satisfied", value=value, n=admin.phrases.number(admin.locale, one.n))]
    if one.state is SampleSize.SMALL:
        parts.append(admin.phrases.say(admin.locale, "figure.small"))
    if one.change is not None and one.change.before is not None and one.change.verdict in _CLEAR:
        before = value_text(one.change.before, one.metric, admin.phrases, admin.locale)
        parts.append(admin.say(f"digest.{one.change.verdict}", value=before))
    return admin.say("digest.between").join(parts)


def _ends(digest: Digest, admin: AdminLocale) -> str:
    """Return what was rated best and worst; empty where fewer than two can be told apart."""
    known = sorted((one for one in digest.dimensions if one.value is not None), key=_value)
    if len(known) < 2 or _value(known[0]) == _value(known[-1]):  # noqa: PLR2004 (a best and a worst)
        return ""
    worst, best = (_named(one, digest, admin) for one in (known[0], known[-1]))
    return admin.say("digest.ends", best=best, worst=worst)


def _value(one: Figure) -> float:
    return float(one.value or 0)


def _named(one: Figure, digest: Digest, admin: AdminLocale) -> str:
    dimension = one.cut["dimension"]
    name, value = digest.rated.get(dimension, dimension), figure_text(one, admin.phrases, admin.locale)
    return admin.say("digest.rated", name=name, value=value, n=admin.phrases.number(admin.locale, one.n))

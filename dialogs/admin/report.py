"""The short figures of `/report`, each with the count behind it: the same values as those of `huifang report`."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dialogs.admin.figure_text import figure_text, value_text
from dialogs.issue.model import IssueKind
from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged, one_line
from dialogs.survey import Survey, in_locale
from scoring.metrics.figure import Figure
from scoring.metrics.review import Evidence
from scoring.values import Value, field, replace

__all__ = ["REPORT_METRICS", "AdminReport", "ReportPeriod", "ReportedComplaints", "complaints_line", "report_message"]

REPORT_METRICS = ("closings", "asked", "started_rate", "low_scores", "time_to_claim")
"""The metrics over everything in a period; besides, the means of each survey are shown."""
_LONGEST_NAME = 40
_LONGEST_COMMENT = 120


class ReportedComplaints(Value):
    """Complaints of a period: how many were made, found valid or not, and resolved, and of which category most."""

    made: int = 0
    valid: int = 0
    invalid: int = 0
    resolved: int = 0
    most: str = ""


class ReportPeriod(Value):
    """The figures of the last `days` days: those of `REPORT_METRICS` by their metric, and a mean for each survey."""

    days: int
    figures: Mapping[str, Figure]
    means: tuple[Figure, ...] = ()
    complaints: ReportedComplaints = ReportedComplaints()


class AdminReport(Value):
    """The figures of the report: those of each period, and the number of issues with the team, by kind.

    `about` names the team or the agent whose they are, empty for everything. `comments` are the latest words of an
    agent's customers, None where too few answered, `training` what they might train first; a report about an agent
    has both, no other. `teams` are those whose reports can be asked for.
    """

    periods: tuple[ReportPeriod, ...]
    open_issues: Mapping[IssueKind, int] = field(default_factory=dict)
    about: str = ""
    is_own: bool = False
    comments: tuple[str, ...] | None = None
    training: tuple[Evidence, ...] = ()
    teams: tuple[str, ...] = ()


def report_message(report: AdminReport, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Prompt:
    """Return the figures as a message; `surveys` are the current ones, by id."""
    lines, told = [_head(report, phrases, locale)], None
    for period in report.periods:
        if told is not None and replace(period, days=told.days) == told:
            lines += ["", phrases.say(locale, "admin.report.same", days=period.days)]
        else:
            lines += ["", *_period(period, surveys, phrases, locale)]
        told = period
    lines += ["", _open(report.open_issues, phrases, locale)]
    if report.is_own:
        lines += [*_training(report, surveys, phrases, locale), "", *_comments(report.comments, phrases, locale)]
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE))


def _head(report: AdminReport, phrases: Phrases, locale: str) -> str:
    if not report.about:
        return phrases.say(locale, "admin.report.head")
    key = "head_own" if report.is_own else "head_team"
    return phrases.say(locale, f"admin.report.{key}", about=one_line(report.about, _LONGEST_NAME))


def _comments(comments: tuple[str, ...] | None, phrases: Phrases, locale: str) -> Iterator[str]:
    """Return what customers wrote, a line for each, or why it is not shown."""
    if comments is None:
        yield phrases.say(locale, "admin.report.comments_few")
    elif not comments:
        yield phrases.say(locale, "admin.report.no_comments")
    else:
        yield phrases.say(locale, "admin.report.comments")
        yield from (
            phrases.say(locale, "admin.report.comment", text=defanged(one, _LONGEST_COMMENT)) for one in comments
        )


def _training(report: AdminReport, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Iterator[str]:
    """Yield where an agent's ratings lie below everybody's in the longest period, each with n and interval."""
    if report.training:
        yield ""
        yield phrases.say(locale, "admin.report.training", days=report.periods[-1].days)
    for one in report.training:
        figure, interval = one.figure, one.figure.interval
        ends = {} if interval is None else {"low": interval.low, "high": interval.high}
        told = {name: value_text(Fraction(end or 0), figure.metric, phrases, locale) for name, end in ends.items()}
        told |= {"share": figure_text(figure, phrases, locale), "n": phrases.number(locale, figure.n)}
        name = _dimension(figure.cut["dimension"], surveys, locale)
        yield phrases.say(locale, "admin.report.train", dimension=name, **told)


def _dimension(dimension: str, surveys: Mapping[str, Survey], locale: str) -> str:
    """Return what surveys call a dimension."""
    questions = (question for survey in surveys.values() for question in survey.questions)
    return next((in_locale(one.name, locale) for one in questions if one.measures == dimension), dimension)


def _open(issues: Mapping[IssueKind, int], phrases: Phrases, locale: str) -> str:
    """Return how many issues are with the team, and of which kinds."""
    if not issues:
        return phrases.say(locale, "admin.report.none_open")
    each = (
        phrases.say(locale, "admin.report.of_kind", kind=phrases.say(locale, f"kind.{kind}"), number=issues[kind])
        for kind in IssueKind
        if kind in issues
    )
    kinds = phrases.say(locale, "admin.report.between").join(each)
    return phrases.say(locale, "admin.report.open", count=sum(issues.values()), kinds=kinds)


def _period(period: ReportPeriod, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return phrases.say(locale, f"admin.report.{key}", **values)

    def number(value: int) -> str:
        return phrases.number(locale, value)

    closed, asked, answered, low, claim = (period.figures[metric] for metric in REPORT_METRICS)
    yield say("days", days=period.days)
    yield say("closed", number=number(closed.n), asked=number(asked.n))
    if not asked.n:
        yield say("nobody_asked")
    else:
        share = figure_text(answered, phrases, locale)
        key = "answered_few" if answered.value is None else "answered"
        yield say(key, number=number(int(answered.numerator or 0)), asked=number(asked.n), share=share)
    for mean in period.means:
        yield _mean(mean, surveys, phrases, locale)
    if low.n or asked.n:
        yield say("low", number=number(low.n))
    if claim.n:
        key = "claim_few" if claim.value is None else "claim"
        yield say(key, span=figure_text(claim, phrases, locale), number=number(claim.n))
    if period.complaints.made:
        yield complaints_line(period.complaints, phrases, locale)


def complaints_line(found: ReportedComplaints, phrases: Phrases, locale: str) -> str:
    """Return what complaints there were, how they were judged and whether they are over, and what most are about."""
    counts = {name: phrases.number(locale, getattr(found, name)) for name in ("made", "valid", "invalid", "resolved")}
    told = phrases.say(locale, "admin.report.complaints", **counts)
    if not found.most:
        return told
    category = phrases.say(locale, f"judged.category.{found.most}")
    return f"{told}{phrases.say(locale, 'admin.report.most_complaints', category=category)}"


def _mean(mean: Figure, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> str:
    survey = surveys.get(mean.cut["survey"])
    name = in_locale(survey.title, locale) if survey is not None else mean.cut["survey"]
    told = figure_text(mean, phrases, locale)
    if mean.value is None:
        return phrases.say(locale, "admin.report.mean_few", survey=name, told=told)
    highest = survey.scale.highest if survey is not None else "?"
    people = phrases.number(locale, mean.people)
    return phrases.say(locale, "admin.report.mean", survey=name, mean=told, highest=highest, number=people)

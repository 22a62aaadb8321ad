"""What is published about a period: its figures for some cuts, or the scores of a form, with what they rest on."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.handlers.common.policy import Policy
from bot.http.api.schemas.assessment import form_result_out
from bot.http.api.schemas.figure_json import FigureLocale, summary_out
from bot.jobs.assessment_results import SubjectWanted, read_result
from bot.jobs.figures.kept_summaries import worked_out
from bot.jobs.period_summary import FigureRequestError, PeriodSummary, read_cut, read_period, summarize_period
from dialogs.forms.model import Form, form_in_force
from dialogs.time.named_days import PERIOD_EXAMPLES, is_calendar_name, named_days
from dialogs.time.periods import Period
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.fact_changes import (
    ChangeKind,
    FactChange,
    FactTally,
    fact_changes,
    facts_digest,
    tally_facts,
)
from scoring.metrics.figure import RULE_VERSION
from scoring.values import Value, replace
from storage.model.filled_forms import FilledForm
from storage.model.publications import Publication, content_digest, publication_id
from storage.reads.figures.figure_facts import PeriodFacts
from storage.reads.reader import Reader

__all__ = ["FIGURES", "PeriodDesk", "PublishRequest", "StandingPublication", "prepared", "read_standing"]

Answer = TypeVar("Answer")
FIGURES = "figures"
"""What is published where it is not the scores of a form."""
_MARGIN = timedelta(days=5)
"""Around a period, for shorter ones that lie partly in it, and sheets of another time zone."""


class PeriodDesk(Value):
    """What periods are read from, the settings, and the time."""

    reader: Reader
    forms: Mapping[str, Form]
    policy: Policy
    now: datetime


class PublishRequest(Value):
    """What is to be published, by whom: figures for cuts (`asked`), or a form's scores of subjects, all where empty.

    `asked` is None where it is left out: as in the revision before, or all in one.
    """

    period: str
    about: str
    number: int
    by: str
    asked: tuple[str, ...] | None = None
    metrics: tuple[str, ...] | None = None
    locale: str = ""
    reason: str = ""


async def prepared(desk: PeriodDesk, wanted: PublishRequest) -> Publication:
    """Return the revision as it would be published now; one that is there already with what is asked for in its place.

    Raises FigureRequestError.
    """
    period = read_period(None, None, wanted.period, desk.now, desk.policy.calendar)
    if wanted.about != FIGURES and wanted.about not in desk.forms:
        known = ", ".join((FIGURES, *sorted(desk.forms)))
        raise FigureRequestError("about", f"is {wanted.about!r}; what is published is one of {known}")
    if wanted.about != FIGURES and not is_calendar_name(period.name):
        raise FigureRequestError(
            "period", f"is {period.name}, and sheets are filled for periods like {PERIOD_EXAMPLES}"
        )
    reads = desk.reader.publications
    there = await reads.revision(wanted.about, period.name, wanted.number)
    before = there or await reads.revision(wanted.about, period.name, wanted.number - 1)
    made = _blank(desk, wanted, period) if before is None else _following(wanted, before)
    if wanted.asked is not None or wanted.metrics is not None:
        asked, metrics = wanted.asked, wanted.metrics
        made = replace(
            made,
            asked=made.asked if asked is None else asked,
            metrics=made.metrics if metrics is None else metrics,
        )
    return made if there is not None else await _computed(desk, made)


def _blank(desk: PeriodDesk, wanted: PublishRequest, period: Period) -> Publication:
    return Publication(
        id=publication_id(wanted.about, period.name, wanted.number),
        about=wanted.about,
        period=period.name,
        number=wanted.number,
        since=period.since,
        until=period.until,
        timezone=desk.policy.timezone.key,
        asked=("",) if wanted.about == FIGURES else (),
        metrics=(),
        locale=desk.policy.phrases.locale(wanted.locale or desk.policy.locale),
        by=wanted.by,
        at=desk.now,
        reason=wanted.reason,
    )


def _following(wanted: PublishRequest, before: Publication) -> Publication:
    """Return the next revision of what was published, or the same one: with its ends, cuts and language."""
    id_ = publication_id(before.about, before.period, wanted.number)
    return replace(before, id=id_, number=wanted.number, by=wanted.by, reason=wanted.reason, changes=())


async def _computed(desk: PeriodDesk, made: Publication) -> Publication:
    """Return a revision with its content and what that rests on."""
    if made.about == FIGURES:
        return await _with_figures(desk, made)
    return await _with_scores(desk, made)


async def _of_facts(desk: PeriodDesk, made: Publication, work: Callable[[Publication, PeriodFacts], Answer]) -> Answer:
    """Return what some work on a revision makes of all the facts of its period."""
    return await worked_out(desk.reader, (made.since, made.until), MetricSource, partial(work, made))


async def _with_figures(desk: PeriodDesk, made: Publication) -> Publication:
    told = FigureLocale(desk.policy.phrases, made.locale, ZoneInfo(made.timezone), desk.now)
    content, tally, inputs = await _of_facts(desk, made, partial(_figures_and_counts, told))
    return _finished(made, content, tally, inputs, rules=f"figures {RULE_VERSION}")


def _figures_and_counts(told: FigureLocale, made: Publication, found: PeriodFacts) -> tuple[str, FactTally, str]:
    return _figures(told, made, found), *_counted(made, found)


def _figures(told: FigureLocale, made: Publication, found: PeriodFacts) -> str:
    """Return the summaries for its cuts, each as the API gives it, as a JSON list."""
    period = Period(made.since, made.until, made.period)
    cuts = [read_cut(by, ",".join(made.metrics)) for by in made.asked]
    summaries = (summarize_period(found, period, cut, told.now) for cut in cuts)
    shown = (summary_out(PeriodSummary(period, one, found.agents, found.entries), told) for one in summaries)
    return f"[{','.join(one.model_dump_json() for one in shown)}]"


def _counted(made: Publication, found: PeriodFacts) -> tuple[FactTally, str]:
    keys = [key for by in made.asked for key in read_cut(by, "").by]
    entries = tuple(sorted((one.id, one.version) for one in found.entries))
    inputs = sha256(repr((facts_digest(found.facts), entries)).encode()).hexdigest()
    return replace(tally_facts(found.facts, keys), entries=entries), inputs


async def _with_scores(desk: PeriodDesk, made: Publication) -> Publication:
    """Return it with the results of a form's subjects."""
    form, period = _form(desk, made), Period(made.since, made.until, made.period)
    subjects = made.asked or tuple(dict.fromkeys(one.subject for one in await _sheets(desk, made)))
    zone, shown = ZoneInfo(made.timezone), []
    for subject in subjects:
        wanted = SubjectWanted(subject, period, desk.now, zone, desk.policy.lists.probation).by(form)
        shown.append(form_result_out(wanted, await read_result(desk.reader, wanted), made.locale))
    tally, inputs = await _counted_sheets(desk, made)
    content = f"[{','.join(one.model_dump_json() for one in shown)}]"
    rules = f"{form.id} {form.version}"
    return replace(_finished(made, content, tally, inputs, rules=rules), rules_from=form.effective_from)


def _form(desk: PeriodDesk, made: Publication) -> Form:
    return form_in_force(desk.forms[made.about], named_days(made.period).first)


async def _sheets(desk: PeriodDesk, made: Publication) -> list[FilledForm]:
    return await desk.reader.assessments.within(made.about, made.since - _MARGIN, made.until)


async def _counted_sheets(desk: PeriodDesk, made: Publication) -> tuple[FactTally, str]:
    found = [one for one in await _sheets(desk, made) if not made.asked or one.subject in made.asked]
    sheets = tuple(sorted((one.id, one.version) for one in found))  # no totals: one could be found by trying
    form = desk.forms.get(made.about)
    if form is None or not form.customers_share:
        return FactTally(sheets=sheets), sha256(repr(sheets).encode()).hexdigest()
    tally, counted = await _of_facts(desk, made, partial(_tally_and_digest, form.subject.value))
    return replace(tally, sheets=sheets), sha256(repr((sheets, counted)).encode()).hexdigest()


def _tally_and_digest(subject: str, _made: Publication, found: PeriodFacts) -> tuple[FactTally, str]:
    return tally_facts(found.facts, (subject,)), facts_digest(found.facts)


def _finished(made: Publication, content: str, tally: FactTally, inputs: str, *, rules: str) -> Publication:
    digest = content_digest(content)
    return replace(made, content=content, digest=digest, tally=tally, inputs_digest=inputs, rules=rules)


class StandingPublication(Value):
    """The latest revision, and what has happened since: it waits for the next one."""

    latest: Publication
    waiting: tuple[FactChange, ...]


async def read_standing(desk: PeriodDesk, name: str) -> tuple[Period, list[StandingPublication]]:
    """Return a period, and how each thing stands that is published about it. Raises FigureRequestError."""
    period = read_period(None, None, name, desk.now, desk.policy.calendar)
    published = await desk.reader.publications.latest(period.name)
    return period, [StandingPublication(one, await _waiting(desk, one)) for one in published]


async def _waiting(desk: PeriodDesk, latest: Publication) -> tuple[FactChange, ...]:
    if latest.about == FIGURES:
        tally, inputs = await _of_facts(desk, latest, _counted)
    else:
        tally, inputs = await _counted_sheets(desk, latest)
    if inputs == latest.inputs_digest:
        return ()
    return fact_changes(latest.tally, tally) or (FactChange(ChangeKind.DETAILS, 1),)

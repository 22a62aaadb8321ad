"""Makes the reports: for each kind, what is read of a period and which chapters it becomes."""

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime

from bot.handlers.common.policy import Policy
from bot.handlers.phrases import dimension_name
from bot.jobs.period_review import read_review
from bot.jobs.period_summary import (
    FigureCut,
    FigureRequestError,
    PeriodSummary,
    compared_summaries,
    read_cut,
    read_period,
)
from dialogs.admin.figure_text import metric_name
from dialogs.names import written_name
from dialogs.reports.answer_levels import survey_section
from dialogs.reports.chapters import (
    Remark,
    action_section,
    evidence_section,
    figure_sections,
    metric_sections,
    remark_section,
)
from dialogs.reports.document import Paragraph, ReportDocument, ReportKind, Section
from dialogs.reports.figure_parts import ReportWords, appendix_of
from dialogs.survey import in_locale
from dialogs.time.periods import Period
from scoring.complaints import ComplaintCategory
from scoring.metrics.catalogue import CATALOGUE, SUBJECT_KEYS
from scoring.metrics.figure import Figure
from scoring.metrics.review import PROBLEM_CHAPTERS, SUBJECT_CHAPTERS, SUMMARY_CHAPTERS, ReviewPart
from scoring.metrics.summary import metrics_for, shown_levels
from scoring.values import Value, replace
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.reads.reader import Reader

__all__ = ["ReportRequest", "asked_report", "make_report"]


class ReportRequest(Value):
    """Which report is wanted, of which period, in which language.

    `cut` is that of kind `figures`; `of` a key and its value, whose report a `subject` is.
    """

    kind: ReportKind
    period: Period
    locale: str
    cut: FigureCut
    of: tuple[str, str] = ("", "")
    against: str = "previous,year"


class _Sources(Value):
    """What every kind of report is made from."""

    reader: Reader
    policy: Policy
    wanted: ReportRequest
    now: datetime


class _Made(Value):
    """The chapters of a report, the figures whose formulas the appendix tells, its own lines, and who signs it."""

    sections: tuple[Section, ...]
    figures: tuple[Figure, ...] = ()
    head: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()


def asked_report(asked: Mapping[str, str], policy: Policy, now: datetime) -> ReportRequest:
    """Return what is asked for by `kind`, `period`, `by`, `metric`, `of` and `locale`, each of which may be empty.

    Raises FigureRequestError for what is no kind, period, key or metric, and for what belongs to another kind.
    """
    if asked["kind"] not in ("", *ReportKind):
        raise FigureRequestError("kind", f"is {asked['kind']!r}; write one of {', '.join(ReportKind)}")
    kind = ReportKind(asked["kind"] or ReportKind.FIGURES)
    for field in ("by", "metric"):
        if asked[field] and kind is not ReportKind.FIGURES:
            raise FigureRequestError(field, f"is for reports of kind figures; {kind} has figures of its own")
    period = read_period(None, None, asked["period"], now, policy.calendar)
    locale = policy.phrases.locale(asked["locale"] or policy.locale)
    return ReportRequest(kind, period, locale, read_cut(asked["by"], asked["metric"]), _subject_of(kind, asked["of"]))


def _subject_of(kind: ReportKind, of: str) -> tuple[str, str]:
    """Return key and value of `team:north`; two empty texts for other kinds. Raises FigureRequestError."""
    key, _, value = of.partition(":")
    if kind is not ReportKind.SUBJECT:
        if of:
            raise FigureRequestError("of", f"is for reports of kind {ReportKind.SUBJECT}")
        return "", ""
    if key not in SUBJECT_KEYS or not value:
        raise FigureRequestError("of", f"is {of!r}; write it as team:north, with one of {', '.join(SUBJECT_KEYS)}")
    return key, written_name(value)


async def make_report(reader: Reader, policy: Policy, wanted: ReportRequest, now: datetime) -> ReportDocument:
    """Return a report as a document."""
    sources = _Sources(reader, policy, wanted, now)
    made, words = await _KINDS[wanted.kind](sources), _words(sources, {})
    head = [*made.head, words.days(wanted.period)]
    if not wanted.period.is_over(now):
        head.append(words.say("provisional"))
    head.append(words.say("made", at=policy.phrases.dated(wanted.locale, now, policy.timezone), zone=policy.timezone))
    return ReportDocument(
        kind=wanted.kind,
        locale=wanted.locale,
        title=words.say(f"title.{wanted.kind}"),
        head=tuple(head),
        sections=made.sections,
        appendix=appendix_of(made.figures, words),
        signatures=tuple(words.say(f"signature.{name}") for name in made.signed_by),
    )


def _words(sources: _Sources, agents: Mapping[str, str]) -> ReportWords:
    """Return the words of a report, with what its cuts' values are called."""
    policy, locale = sources.policy, sources.wanted.locale
    surveys = [policy.survey(one) for one in policy.current]
    dimensions = {question.measures for survey in surveys for question in survey.questions}
    names = {
        "agent": agents,
        "survey": {one.id: in_locale(one.title, locale) for one in surveys},
        "dimension": {one: dimension_name(policy, one, locale) for one in dimensions},
        "question": {question.id: in_locale(question.name, locale) for one in surveys for question in one.questions},
        "complaint_category": {
            one.value: policy.phrases.say(locale, f"judged.category.{one}") for one in ComplaintCategory
        },
    }
    return ReportWords(policy.phrases, locale, policy.timezone, names)


async def _figures(sources: _Sources) -> _Made:
    wanted = sources.wanted
    (told,) = await _compared(sources, [wanted.cut], wanted.against)
    return _Made(metric_sections(told.summary.figures, _words(sources, told.agents)), told.summary.figures)


async def _compared(sources: _Sources, cuts: Sequence[FigureCut], against: str) -> list[PeriodSummary]:
    clock = sources.now, sources.policy.timezone
    return await compared_summaries(sources.reader, sources.wanted.period, cuts, clock, against)


def _cut(part: ReviewPart) -> FigureCut:
    """Return the cut of a part, with those of its metrics that can be cut so."""
    fitting = {metric.id for metric in metrics_for(part.by)}
    return FigureCut(part.by, tuple(CATALOGUE[metric] for metric in part.metrics if metric in fitting))


def _by_chapters(chapters: Mapping[str, Sequence[ReviewPart]]) -> "_Kind":
    """Return what makes a report of these chapters, each figure beside the period before and the year before."""

    async def made(sources: _Sources) -> _Made:
        found, told = await _read_chapters(sources, chapters)
        words, figures = _words(sources, told.agents), _all(found.values())
        remarks = _remarks(told.entries, {one.metric for one in figures}, words)
        return _Made((*figure_sections(found, words), *remark_section(remarks, words)), figures)

    return made


async def _read_chapters(
    sources: _Sources, chapters: Mapping[str, Sequence[ReviewPart]]
) -> tuple[dict[str, list[Figure]], PeriodSummary]:
    """Return the figures of each chapter, and what of the period is the same for all."""
    parts = [(name, part) for name, several in chapters.items() for part in several]
    told = await _compared(sources, [_cut(part) for _, part in parts], sources.wanted.against)
    found: dict[str, list[Figure]] = {name: [] for name in chapters}
    for (name, _), one in zip(parts, told, strict=True):
        found[name] += one.summary.figures
    return found, told[0]


def _remarks(entries: Iterable[EnteredFigure], metrics: Container[str], words: ReportWords) -> list[Remark]:
    """Return the conclusions that were entered about these metrics, each with what it is about."""
    found = (one for one in entries if one.kind is EnteredKind.REMARK and one.metric in metrics)
    return [Remark(_entry_about(one, words), one.conclusion, one.measures, one.by) for one in found]


def _entry_about(one: EnteredFigure, words: ReportWords) -> str:
    metric = metric_name(one.metric, words.phrases, words.locale)
    return words.say("between").join((metric, *(words.name(key, value) for key, value in one.cut)))


def _all(several: Iterable[Iterable[Figure]]) -> tuple[Figure, ...]:
    return tuple(figure for figures in several for figure in figures)


async def _subject(sources: _Sources) -> _Made:
    key, value = sources.wanted.of
    chapters = {
        name: [replace(part, by=(key, *part.by)) for part in several] for name, several in SUBJECT_CHAPTERS.items()
    }
    every, told = await _read_chapters(sources, chapters)
    found = {name: [_about(key, one) for one in several if one.cut[key] == value] for name, several in every.items()}
    words = _words(sources, {})
    name = told.agents.get(value, value) if key == "agent" else value
    head = (words.say("subject", what=words.say(f"key.{key}"), name=name),)
    return _Made(figure_sections(found, words), _all(found.values()), head, ("prepared", "responsible"))


def _about(key: str, figure: Figure) -> Figure:
    """Return a figure without the key that all of its report is about."""
    return replace(figure, cut={other: value for other, value in figure.cut.items() if other != key})


async def _distribution(sources: _Sources) -> _Made:
    policy, period = sources.policy, sources.wanted.period
    read = await sources.reader.figure_facts(period.since, period.until, ())
    words, sections = _words(sources, {}), list[Section]()
    for survey in sorted(policy.current):
        levels = await to_thread(shown_levels, read.facts, survey)
        if levels:
            sections.append(survey_section(policy.survey(survey), levels, words))
    about_surveys = [one for one in read.entries if {"survey", "question"} & {key for key, _ in one.cut}]
    sections += remark_section(_remarks(about_surveys, CATALOGUE, words), words) if sections else ()
    return _Made(tuple(sections) or (Section(words.say("chapter.answers"), (Paragraph((words.say("nothing"),)),)),))


async def _review(sources: _Sources) -> _Made:
    found = await read_review(sources.reader, sources.wanted.period, sources.now)
    words = _words(sources, found.summary.agents)
    chapters = figure_sections(found.chapters, words)
    is_known = any(one.value is not None for one in found.summary.summary.figures)
    stands_out = (
        evidence_section(words.say("chapter.strengths"), found.strengths, words, is_known=is_known),
        evidence_section(words.say("chapter.weaknesses"), found.weaknesses, words, is_known=is_known),
    )
    return _Made((*stands_out, *chapters, action_section(found.actions, words)), _all(found.chapters.values()))


_Kind = Callable[[_Sources], Awaitable[_Made]]
_KINDS: Mapping[ReportKind, _Kind] = {
    ReportKind.FIGURES: _figures,
    ReportKind.SUMMARY: _by_chapters(SUMMARY_CHAPTERS),
    ReportKind.DISTRIBUTION: _distribution,
    ReportKind.PROBLEMS: _by_chapters(PROBLEM_CHAPTERS),
    ReportKind.SUBJECT: _subject,
    ReportKind.REVIEW: _review,
}

"""What every kind of report is made from: the request, what is read for it, and the words that it is written in."""

from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime

from bot.handlers.common.policy import Policy
from bot.handlers.phrases import dimension_name
from bot.jobs.figures.asked_figures import FigureCut, cut_of
from bot.jobs.period_summary import PeriodSummary, compared_summaries, earlier_periods, is_partly_known
from bot.jobs.reports.figure_links import FigureOrigin, is_shared_address
from dialogs.admin.figure_text import metric_name
from dialogs.issue.model import IssueKind
from dialogs.reports.chapters import Remark
from dialogs.reports.document import ReportKind, Section
from dialogs.reports.figure_parts import ReportWords
from dialogs.survey import in_locale
from dialogs.time.periods import Period, period_before, year_before
from scoring.complaints import ComplaintCategory, ComplaintRemedy, ComplaintVerdict
from scoring.metrics.figure import Figure
from scoring.metrics.review import ReviewPart
from scoring.values import Value, replace
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.model.service_details import Rework
from storage.reads.reader import Reader

__all__ = [
    "MadeReport",
    "ReportMaker",
    "ReportRequest",
    "ReportSources",
    "every_figure",
    "linked_words",
    "read_chapters",
    "remarks_on",
    "words_of",
]


_EVERYTHING: Mapping[str, str] = {}


class ReportRequest(Value):
    """Which report is wanted, of which period, in which language.

    `cut` is that of kind `figures`; `of` a key and its value, for kinds that are about one subject, else empty texts.
    `linked`: figures lead to the tickets behind them, for a reader who may see those; no copy that is passed on does.
    """

    kind: ReportKind
    period: Period
    locale: str
    cut: FigureCut
    of: tuple[str, str] = ("", "")
    against: str = "previous,year"
    linked: bool = False


class ReportSources(Value):
    """What every kind of report is made from."""

    reader: Reader
    policy: Policy
    wanted: ReportRequest
    now: datetime

    async def compared(self, cuts: Sequence[FigureCut]) -> list[PeriodSummary]:
        """Return figures of the report's period for several cuts, beside those of earlier periods.

        Before a year is the year before, which is told once.
        """
        clock = self.now, self.policy.timezone
        return await compared_summaries(self.reader, self.wanted.period, cuts, clock, self._against())

    def _against(self) -> str:
        period, zone = self.wanted.period, self.policy.timezone
        is_year = period_before(period, zone).since == year_before(period, zone).since
        return self.wanted.against.replace("previous,", "") if is_year else self.wanted.against

    async def partly_known(self) -> dict[str, datetime]:
        """Return the earlier periods whose counts are too small to compare with, and since when they are known."""
        first = await self.reader.first_closing()
        earlier = earlier_periods(self.wanted.period, self.policy.timezone, self._against())
        return {name: first for name, one in earlier.items() if first is not None and is_partly_known(one, first)}


class MadeReport(Value):
    """The chapters of a report, the figures whose formulas the appendix tells, its own lines, and who signs it.

    `computed` says how it was made where its numbers are none of the catalogue. `elsewhere` are figures of other
    subjects and times, such as those of measures: the appendix tells their formulas, and no picture begins with them.
    """

    sections: tuple[Section, ...]
    figures: tuple[Figure, ...] = ()
    head: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    elsewhere: tuple[Figure, ...] = ()


ReportMaker = Callable[[ReportSources], Awaitable[MadeReport]]
"""Makes one kind of report."""


_CHANNEL = "report.channel."
"""Where the phrases call ways of answering; one that they do not have is written as it is told."""
_NAMED: Mapping[str, tuple[str, Iterable[str]]] = {
    "complaint_category": ("judged.category", ComplaintCategory),
    "remedy": ("judged.remedy", ComplaintRemedy),
    "verdict": ("judged", ComplaintVerdict),
    "kind": ("kind", IssueKind),
    "rework": ("report.rework", Rework),
}
"""The keys of cuts whose values are words of ours, and where the phrases have them."""


def words_of(sources: ReportSources, agents: Mapping[str, str]) -> ReportWords:
    """Return the words of a report, with what its cuts' values are called."""
    policy, locale = sources.policy, sources.wanted.locale
    surveys = [policy.survey(one) for one in policy.current]
    dimensions = {question.measures for survey in surveys for question in survey.questions}
    names = {
        "agent": agents,
        "survey": {one.id: in_locale(one.title, locale) for one in surveys},
        "dimension": {one: dimension_name(policy, one, locale) for one in dimensions},
        "question": {question.id: in_locale(question.name, locale) for one in surveys for question in one.questions},
    }
    for key, (begins, values) in _NAMED.items():
        names[key] = {str(one): policy.phrases.say(locale, f"{begins}.{one}") for one in values}
    own = (key.removeprefix(_CHANNEL) for key in policy.phrases.texts[locale] if key.startswith(_CHANNEL))
    names["channel"] = {one: policy.phrases.say(locale, f"report.channel.{one}") for one in own}
    return ReportWords(policy.phrases, locale, policy.timezone, names)


def linked_words(
    sources: ReportSources,
    agents: Mapping[str, str],
    within: Mapping[str, str] = _EVERYTHING,
    period: Period | None = None,
) -> ReportWords:
    """Return the words for figures all of which are of one period, the report's own by default, with their links.

    `within` is what of the figures' cut the report leaves unsaid. An address that nobody else can reach links nothing.
    """
    words, base = words_of(sources, agents), sources.policy.links.base
    if not sources.wanted.linked or not is_shared_address(base):
        return words
    origin = FigureOrigin(base, period or sources.wanted.period, sources.policy.timezone, within)
    return replace(words, link_of=origin.link_of)


async def read_chapters(
    sources: ReportSources, chapters: Mapping[str, Sequence[ReviewPart]]
) -> tuple[dict[str, list[Figure]], PeriodSummary]:
    """Return the figures of each chapter, and what of the period is the same for all."""
    parts = [(name, part) for name, several in chapters.items() for part in several]
    told = await sources.compared([cut_of(part) for _, part in parts])
    found: dict[str, list[Figure]] = {name: [] for name in chapters}
    for (name, _), one in zip(parts, told, strict=True):
        found[name] += one.summary.figures
    return found, told[0]


def remarks_on(entries: Iterable[EnteredFigure], metrics: Container[str], words: ReportWords) -> list[Remark]:
    """Return the conclusions that were entered about these metrics, each with what it is about."""
    found = (one for one in entries if one.kind is EnteredKind.REMARK and one.metric in metrics)
    return [Remark(_entry_about(one, words), one.conclusion, one.measures, one.by) for one in found]


def _entry_about(one: EnteredFigure, words: ReportWords) -> str:
    metric = metric_name(one.metric, words.phrases, words.locale)
    return words.say("between").join((metric, *(words.name(key, value) for key, value in one.cut)))


def every_figure(several: Iterable[Iterable[Figure]]) -> tuple[Figure, ...]:
    """Return the figures of all chapters in one row."""
    return tuple(figure for figures in several for figure in figures)

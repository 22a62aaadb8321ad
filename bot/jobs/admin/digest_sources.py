"""What the team's digest is made from: the figures since the last one, the issues, words of customers, a picture."""

import logging
from asyncio import to_thread
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.handlers.common.policy import Policy
from bot.handlers.common.sent_files import NewFile
from bot.handlers.phrases import dimension_name
from bot.jobs.admin.admin_report import complaints_of
from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import compared_summaries
from bot.jobs.reports.report_documents import make_report
from bot.jobs.reports.report_sources import ReportRequest
from bot.reports.printed_page import UnwrittenReportError
from bot.reports.report_formats import REPORT_FORMATS, written_report
from dialogs.admin.digest_text import DIGEST_METRICS, Digest
from dialogs.admin.lists import IssueLine
from dialogs.reports.document import ReportKind
from dialogs.sanitize import defanged
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, days_of
from scoring.metrics.catalogue import CATALOGUE
from storage.reads.reader import Reader
from storage.reads.text.phrases import ReadComment, ResponseWords

__all__ = ["digest_period", "digest_picture", "read_digest"]

logger = logging.getLogger(__name__)
_LONGEST = timedelta(days=31)
_ISSUES = 50
_VOICES, _LONGEST_QUOTE, _SHORTEST_QUOTE = 3, 120, 4
_ISSUE_FACTS = (CATALOGUE["complaints"].source,)
_CUTS = (
    FigureCut((), tuple(CATALOGUE[metric] for metric in DIGEST_METRICS)),
    FigureCut(("dimension",), (CATALOGUE["csat"],)),
)


def digest_period(last: datetime, now: datetime, zone: ZoneInfo) -> Period:
    """Return the whole days since the last digest, at least one and at most a month."""
    today, begins = (wall_of(at, zone).date() for at in (now, max(last, now - _LONGEST)))
    return days_of(min(begins, today - timedelta(days=1)), today, zone)


async def read_digest(reader: Reader, policy: Policy, period: Period, now: datetime) -> Digest:
    """Return what is told of a period; issues have no page yet."""
    clock = now, policy.timezone
    whole, rated = await compared_summaries(reader, period, _CUTS, clock, "previous")
    issues = await reader.admins.issues(_ISSUES)
    subjects = await reader.admins.subjects(issues)
    dimensions = [one.cut["dimension"] for one in rated.summary.figures]
    return Digest(
        period,
        {one.metric: one for one in whole.summary.figures},
        tuple(rated.summary.figures),
        {name: dimension_name(policy, name, policy.team_speaks) for name in dimensions},
        tuple(IssueLine(issue, subjects.get(issue.id, "")) for issue in issues),
        await _voices(reader, policy, period),
        complaints_of((await reader.figure_facts(period.since, period.until, _ISSUE_FACTS)).facts.issues),
    )


async def _voices(reader: Reader, policy: Policy, period: Period) -> tuple[str, ...]:
    """Return words of different customers, masked: of the one who rated worst, of the best, of the second worst."""
    read = [one for one in await reader.texts.found(period.since, period.until) if one.exclusion is None]
    by_customer = {one.customer: one for one in read}  # of each the latest
    words = await reader.texts.words([one.response for one in by_customer.values()])
    by_text = {text: one for one in by_customer.values() if (text := _text(words, one))}  # a phrase that many use, once
    told = sorted(by_text.values(), key=lambda one: _mean(policy, one))
    chosen = [*told[:1], *told[1:][-1:], *told[1:-1]][:_VOICES]
    await to_thread(lambda: policy.comments.masker)  # loading it takes half a second
    return tuple(_quoted(policy, words[one.response], _text(words, one)) for one in chosen)


def _text(words: Mapping[str, ResponseWords], comment: ReadComment) -> str:
    found = words.get(comment.response)
    texts = found.texts.values() if found is not None else ()
    return next((text for text in reversed([*texts]) if len(text.strip()) >= _SHORTEST_QUOTE), "")


def _mean(policy: Policy, comment: ReadComment) -> Fraction:
    """Return where a response stands between the worst and the best of its survey's scale."""
    survey = policy.surveys.get(comment.survey)
    places = [survey.scale.position(one.value) for one in comment.answers] if survey is not None else []
    return sum(places, Fraction(0)) / len(places) if places else Fraction(1, 2)


def _quoted(policy: Policy, words: ResponseWords, text: str) -> str:
    return defanged(policy.comments.masker.masked(" ".join(text.split()), [words.name]), _LONGEST_QUOTE)


async def digest_picture(reader: Reader, policy: Policy, period: Period, now: datetime) -> NewFile | None:
    """Return the service summary of a period as a picture; None where nothing draws one here."""
    wanted = ReportRequest(ReportKind.SUMMARY, period, policy.team_speaks, FigureCut((), ()), against="previous")
    document = await make_report(reader, policy, wanted, now)
    try:
        content = await written_report(document, "png")
    except UnwrittenReportError as why:
        logger.warning("the digest has no picture: %s", why)
        return None
    day = wall_of(period.since, policy.timezone).date().isoformat()
    return NewFile(f"huifang-{day}.png", REPORT_FORMATS["png"].media_type, content)

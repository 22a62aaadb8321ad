"""Makes reports to be kept and sent: in several formats, without what people wrote, with a digest of what is said."""

import logging
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from bot.handlers.common.policy import Policy
from bot.handlers.common.sent_files import NewFile
from bot.handlers.reports.archive import FreshReport
from bot.jobs.reports.kinds.sheet_reports import has_sheets
from bot.jobs.reports.report_documents import make_report
from bot.jobs.reports.report_sources import ReportRequest
from bot.reports.printed_page import UnwrittenReportError
from bot.reports.report_formats import REPORT_FORMATS, written_report
from dialogs.reports.document import ReportDocument, ReportKind, without_quotes
from dialogs.reports.sent_report import report_lines
from scoring.metrics.catalogue import MetricSource
from scoring.values import replace
from storage.reads.reader import Reader

__all__ = ["has_happened", "make_fresh"]

logger = logging.getLogger(__name__)
_INSTEAD = "html"


async def make_fresh(
    reader: Reader, policy: Policy, wanted: ReportRequest, formats: Sequence[str], now: datetime
) -> FreshReport:
    """Return a report in these formats, to be kept or sent.

    A PDF that cannot be printed here is left out; where nothing else was asked for, the page stands for it.
    """
    document = without_quotes(await make_report(reader, policy, wanted, now))
    about, period = _about(wanted), wanted.period.name
    latest = await reader.archive.latest(about, period)
    files = await _written(document, formats, f"huifang-{wanted.kind}-{period}")
    return FreshReport(
        about=about,
        kind=wanted.kind,
        of=":".join(filter(None, wanted.of)),
        period=wanted.period,
        locale=wanted.locale,
        title=document.title,
        lines=report_lines(document),
        digest=_digest(document),
        files=files,
        unmade=tuple(form for form in formats if form not in dict(files)),
        latest=latest.number if latest is not None else 0,
    )


def _about(wanted: ReportRequest) -> str:
    """Return what tells a report from others of its period."""
    cut = wanted.cut
    asked = (wanted.kind, ":".join(filter(None, wanted.of)), ",".join(cut.by), ",".join(one.id for one in cut.metrics))
    return " ".join(filter(None, (*asked[: 4 if wanted.kind == "figures" else 2], wanted.locale)))


def _digest(document: ReportDocument) -> str:
    """Return the digest of what a report says; its last line of the head says only when it was made."""
    return sha256(repr(replace(document, head=document.head[:-1])).encode()).hexdigest()


async def _written(document: ReportDocument, formats: Sequence[str], name: str) -> tuple[tuple[str, NewFile], ...]:
    files: dict[str, NewFile] = {}
    for form in (*formats, _INSTEAD):
        if form not in files and (form in formats or not files):
            try:
                content = await written_report(document, form)
            except UnwrittenReportError as problem:
                logger.warning("a report is kept without its PDF: %s", problem)
            else:
                files[form] = NewFile(f"{name}.{form}", REPORT_FORMATS[form].media_type, content)
    return tuple(files.items())


async def has_happened(reader: Reader, policy: Policy, wanted: ReportRequest) -> bool:
    """Return whether a report of a period has anything to tell of whom it is about; a register always has."""
    if wanted.kind is ReportKind.PRIVACY:
        return True
    key, value = wanted.of
    ends, of = (wanted.period.since, wanted.period.until), {key: value} if key else {}
    if await reader.figure_inputs(ends, MetricSource.CLOSINGS, of, 1):
        return True  # nearly always: nothing else has to be read
    found = await reader.figure_facts(wanted.period.since, wanted.period.until, tuple(MetricSource))
    facts = found.facts.about(of) if of else found.facts
    is_told = any((facts.ratings, facts.asks, facts.issues, facts.visits, facts.entered))
    return is_told or await has_sheets(reader, policy, wanted)

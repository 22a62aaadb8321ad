"""Has a large report made in a process of its own, where it is of more than figures, which are kept.

The process is `python -m bot.jobs.reports.report_process`.
"""

from datetime import datetime

from bot.handlers.common.policy import Policy
from bot.jobs.figures.own_process import ONE_AT_A_TIME, ask_process
from bot.jobs.reports.report_sources import ReportRequest
from dialogs.reports.document import ReportDocument
from scoring.values import Value
from storage.reads.reader import Reader
from storage.rollups.figure_store import KeptFigures

__all__ = ["SeparateAnswer", "SeparateReport", "made_separately"]


class SeparateReport(Value):
    """What such a process is told: the database, from how many closings on figures are kept, and which report."""

    database: str
    much: int
    policy: Policy
    wanted: ReportRequest
    now: datetime


class SeparateAnswer(Value):
    """What it answers: the report, and figures that are to be kept."""

    document: ReportDocument
    kept: tuple[KeptFigures, ...]


async def made_separately(reader: Reader, policy: Policy, wanted: ReportRequest, now: datetime) -> ReportDocument:
    """Return a report that another process has made; one that nobody waits for any more is broken off.

    Raises what making it raises there, and ProcessFailed where that process fails.
    """
    asked = SeparateReport(reader.database, reader.much, policy, wanted, now)
    async with ONE_AT_A_TIME:
        answer: SeparateAnswer = await ask_process("bot.jobs.reports.report_process", asked)
    reader.kept.offer(answer.kept)
    return answer.document

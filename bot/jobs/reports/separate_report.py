"""Has a large report made in a process of its own: nobody who presses a button meanwhile waits for it.

Its figures take seconds of computing, in which no other thread of the service would get on, and memory that is given
back only when a process ends. That process reads from the same database, and writes nothing.
"""

import pickle
import sys
from asyncio import Lock, create_subprocess_exec, to_thread
from asyncio.subprocess import PIPE
from datetime import datetime

from bot.handlers.common.policy import Policy
from bot.jobs.reports.report_sources import ReportRequest
from dialogs.reports.document import ReportDocument
from scoring.values import Value
from storage.reads.reader import Reader

__all__ = ["SeparateReport", "is_large", "made_separately"]

_LARGE = 5000
"""From so many closings on making a report takes longer than starting a process for it."""
_ONE_AT_A_TIME = Lock()
"""However many are asked for, there is the memory of one."""


class SeparateReport(Value):
    """What such a process is told: the URL of the database, what decides, which report, and when that is."""

    database: str
    policy: Policy
    wanted: ReportRequest
    now: datetime


async def is_large(reader: Reader, wanted: ReportRequest) -> bool:
    """Return whether a report is of so much that it is to be made by itself."""
    return await reader.has_closings(wanted.period.since, wanted.period.until, _LARGE)


async def made_separately(reader: Reader, policy: Policy, wanted: ReportRequest, now: datetime) -> ReportDocument:
    """Return a report that another process has made; one that nobody waits for any more is broken off.

    Raises what making it raises there, and RuntimeError with the last line of what that process said where it failed.
    """
    asked = SeparateReport(reader.database, policy, wanted, now)
    async with _ONE_AT_A_TIME:
        answer = await _answer(await to_thread(pickle.dumps, asked))
    found = await to_thread(pickle.loads, answer)
    if isinstance(found, Exception):
        raise found
    document: ReportDocument = found
    return document


async def _answer(asked: bytes) -> bytes:
    command = [sys.executable, "-m", "bot.jobs.reports.report_process"]
    process = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True)
    try:
        answer, said = await process.communicate(asked)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = said.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise RuntimeError(f"the process that makes reports ended with {process.returncode}: {last}")
    return answer

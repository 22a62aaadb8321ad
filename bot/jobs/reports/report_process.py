"""Makes one report in a process of its own, `python -m bot.jobs.reports.report_process`: a request in, a document out.

Both are pickled, for they come from the process that started this one and go back to it.
"""

import asyncio
import gc
import os
import pickle
import sys

from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.report_documents import make_here
from bot.jobs.reports.separate_report import SeparateReport
from dialogs.reports.document import ReportDocument
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.reads.reader import Reader

__all__: list[str] = []

_POLITE = 5
"""By so much it steps back behind the service, which has people waiting."""


async def _made(asked: SeparateReport) -> ReportDocument | Exception:
    async with Store.beside(asked.database) as store:
        try:
            return await make_here(Reader(store), asked.policy, asked.wanted, asked.now)
        except (FigureRequestError, *NOT_SAVED) as problem:
            return problem


if __name__ == "__main__":
    os.nice(_POLITE)
    gc.disable()  # all of it is given back in a moment, and looking through a million values takes a sixth of the time
    pickle.dump(asyncio.run(_made(pickle.load(sys.stdin.buffer))), sys.stdout.buffer)  # noqa: S301 (from who started it)

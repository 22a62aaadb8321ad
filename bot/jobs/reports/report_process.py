"""Makes one report in a process of its own, `python -m bot.jobs.reports.report_process`: a request in, a document out.

Both are pickled, for they come from the process that started this one and go back to it.
"""

from bot.jobs.figures.own_process import serve_request
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.report_documents import make_here
from bot.jobs.reports.separate_report import SeparateAnswer, SeparateReport
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.reads.reader import Reader

__all__: list[str] = []


async def _made(asked: SeparateReport) -> SeparateAnswer | Exception:
    async with Store.beside(asked.database) as store:
        reader = Reader(store, much=asked.much, computes=True)
        try:
            document = await make_here(reader, asked.policy, asked.wanted, asked.now)
        except (FigureRequestError, *NOT_SAVED) as problem:
            return problem
        return SeparateAnswer(document, tuple(reader.kept.waiting()))


if __name__ == "__main__":
    serve_request(_made)

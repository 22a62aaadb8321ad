"""Computes figures in a process of its own, `python -m bot.jobs.figures.figure_process`; both ways are pickled."""

from bot.jobs.figures.kept_summaries import SeparateFigures, SeparateTask, SeparateWork, compute_here, work_here
from bot.jobs.figures.own_process import serve_request
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.reads.reader import Reader

__all__: list[str] = []


async def _made(asked: SeparateFigures | SeparateTask | SeparateWork) -> object:
    async with Store.beside(asked.database) as store:
        try:
            if isinstance(asked, SeparateTask):
                return await asked.task(Reader(store))
            if isinstance(asked, SeparateWork):
                return await work_here(Reader(store), asked)
            return await compute_here(Reader(store), asked.asked)
        except NOT_SAVED as problem:
            return problem


if __name__ == "__main__":
    serve_request(_made)

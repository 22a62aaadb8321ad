"""Computes figures in a process of its own, `python -m bot.jobs.figures.figure_process`; both ways are pickled."""

from bot.jobs.figures.kept_summaries import SeparateFigures, compute_here
from bot.jobs.figures.own_process import serve_request
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.reads.reader import Reader
from storage.rollups.figure_store import KeptFigures

__all__: list[str] = []


async def _made(asked: SeparateFigures) -> list[KeptFigures] | Exception:
    async with Store.beside(asked.database) as store:
        try:
            return await compute_here(Reader(store), asked.asked)
        except NOT_SAVED as problem:
            return problem


if __name__ == "__main__":
    serve_request(_made)

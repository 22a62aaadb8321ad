"""What is asked of a process of its own: its answer, what it raises, and its last words where it fails."""

import asyncio
from pathlib import Path

import pytest

from bot.jobs.figures.kept_summaries import SeparateFigures
from bot.jobs.figures.own_process import ask_process
from storage.connection.store import Store
from storage.model.errors import StatementRefused, Unavailable
from storage.unit_of_work.writer import Writer
from tests.jobs.figures.random_desk import Desk
from tests.jobs.figures.test_kept_summaries import ASKED, anew, read_kept

FIGURES = "bot.jobs.figures.figure_process"


async def test_it_answers_all_that_is_asked(store: Store, writer: Writer) -> None:
    await Desk(writer, 7).close(12)
    answer = await ask_process(FIGURES, SeparateFigures(store.url, ASKED))
    assert len(answer) == len(ASKED)
    assert read_kept(answer) == dict(zip((one.key for one in ASKED), await anew(store), strict=True))


@pytest.mark.proof
async def test_nothing_is_asked_of_it_and_nothing_answered(store: Store) -> None:
    assert await ask_process(FIGURES, SeparateFigures(store.url, ())) == []


@pytest.mark.proof
async def test_what_it_raises_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await ask_process(FIGURES, SeparateFigures(f"sqlite:///{tmp_path}/none.db", ASKED))


@pytest.mark.proof
async def test_its_last_words_are_quoted_where_it_fails(tmp_path: Path) -> None:
    tables = tmp_path / "empty.db"
    tables.touch()
    with pytest.raises((RuntimeError, StatementRefused), match="no such table"):
        await ask_process(FIGURES, SeparateFigures(f"sqlite:///{tables}", ASKED))
    with pytest.raises(RuntimeError, match=r"ended with 1: .*bot\.jobs\.figures\.nothing"):
        await ask_process("bot.jobs.figures.nothing", None)


async def test_one_that_cannot_be_started_is_an_error_as_one_that_fails(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    with pytest.raises(RuntimeError, match="could not be started: No such file"):
        await ask_process(FIGURES, SeparateFigures(store.url, ()))


@pytest.mark.proof
async def test_one_for_which_nobody_waits_is_ended(store: Store) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await ask_process(FIGURES, SeparateFigures(store.url, ASKED))
    assert await ask_process(FIGURES, SeparateFigures(store.url, ())) == []

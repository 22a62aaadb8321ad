"""A large report is made by a process of its own, and is what it is where the service makes it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.report_documents import asked_report, make_here, make_report
from bot.jobs.reports.report_sources import ReportRequest
from bot.jobs.reports.separate_report import made_separately
from scoring.text.known_sentences import KnownSentences
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import StatementRefused, Unavailable
from storage.reads.reader import Reader
from tests.support.database.answered import closed_visit, store_records
from tests.support.database.migrated import copy_migrated
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 4, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'reports.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store.open(url) as opened:
        visits = [closed_visit(str(n), OCTOBER, {"attitude": 4}, team="north") for n in range(9)]
        await store_records(opened, OCTOBER, *(record for visit in visits for record in visit))
        yield opened


def asked(house: House, **changed: str) -> ReportRequest:
    wanted = dict.fromkeys(("by", "metric", "of", "locale"), "") | {"kind": "summary", "period": "2026-10"} | changed
    return asked_report(wanted, house.web.receiver.policy, LATER)


@pytest.mark.parametrize("are_loaded", [True, False])
async def test_it_is_made_by_the_words_of_the_service_also_once_a_phrase_was_mapped(
    house: House, store: Store, *, are_loaded: bool
) -> None:
    policy = house.web.receiver.policy
    if are_loaded:
        assert policy.comments.judge(KnownSentences()).judge("师傅态度恶劣").polarity == -1
    mapped = policy.comments.with_mapped((("蓝桥漫步", "convenience", -1),))
    policy = replace(policy, comments=mapped.with_lexicons(mapped.lexicons))
    assert policy.comments.reader.lexicons.known("蓝桥漫步") == ("convenience", -1)
    request = asked(house, kind="topics")
    made = await made_separately(Reader(store), policy, request, LATER)
    assert made == await make_here(Reader(store), policy, request, LATER)


@pytest.mark.parametrize("wanted", [{"kind": "summary"}, {"kind": "subject", "of": "team:north", "locale": "en"}])
async def test_it_is_what_it_is_where_the_service_makes_it(house: House, store: Store, wanted: dict[str, str]) -> None:
    reader, policy, request = Reader(store), house.web.receiver.policy, asked(house, **wanted)
    made = await made_separately(reader, policy, request, LATER)
    assert made == await make_here(reader, policy, request, LATER)
    assert made.sections


@pytest.mark.proof
async def test_what_there_is_no_report_of_is_said_as_always(house: House, store: Store) -> None:
    nobody = asked(house, kind="subject", of="team:nowhere")
    with pytest.raises(FigureRequestError, match="nowhere") as told:
        await made_separately(Reader(store), house.web.receiver.policy, nobody, LATER)
    assert told.value.field == "of"


async def test_a_database_that_cannot_be_read_is_no_failure_of_the_process(house: House, tmp_path: Path) -> None:
    async with Store.beside(f"sqlite:///{tmp_path}/none.db") as nothing:
        with pytest.raises(Unavailable):
            await made_separately(Reader(nothing), house.web.receiver.policy, asked(house), LATER)


@pytest.mark.proof
async def test_a_process_that_fails_is_quoted(house: House, tmp_path: Path) -> None:
    tables = tmp_path / "empty.db"
    tables.touch()
    async with Store.beside(f"sqlite:///{tables}") as empty:
        with pytest.raises((RuntimeError, StatementRefused), match="no such table"):
            await made_separately(Reader(empty), house.web.receiver.policy, asked(house), LATER)


async def test_only_what_is_large_is_made_so(house: House, store: Store) -> None:
    october = asked(house).period
    assert await Reader(store, much=9).is_much(october.since, october.until)
    assert not await Reader(store, much=10).is_much(october.since, october.until)
    assert not await Reader(store, much=1).is_much(october.until, october.until + timedelta(days=31))
    assert not await Reader(store).is_much(october.since, october.until)
    assert (await make_report(Reader(store), house.web.receiver.policy, asked(house), LATER)).sections


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["summary", "repeats"])
async def test_what_is_large_is_the_same_and_its_figures_are_kept(house: House, store: Store, kind: str) -> None:
    reader, policy, request = Reader(store, much=9), house.web.receiver.policy, asked(house, kind=kind)
    made = await make_report(reader, policy, request, LATER)
    assert made == await make_here(Reader(store), policy, request, LATER)
    assert reader.kept.waiting(), "they are to be stored"


@pytest.mark.proof
async def test_what_nobody_waits_for_any_more_is_broken_off(house: House, store: Store) -> None:
    reader, policy = Reader(store), house.web.receiver.policy
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await made_separately(reader, policy, asked(house), LATER)
    assert (await made_separately(reader, policy, asked(house), LATER)).sections, "the next one has its turn"

"""What counts once is found by whichever process committed it: two of them agree, whatever comes first."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.handlers.responses.entered import EnteredAnswer, EnteredOutcome, EnteredResponse, enter_response, needs
from bot.handlers.surveys import tickets
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.jobs.validity import duplicate_search
from bot.wiring.services import Services, open_services
from config.settings.loading import load_settings
from config.settings.settings import Settings
from dialogs.interview.model import Interview
from scoring.deduplication import ReviewPeriod
from scoring.validity import ResponseFlag
from scoring.values import replace
from storage.model.records import TicketStatus
from storage.unit_of_work.selects import all_of
from storage.verification.verify import verify_database
from tests.support.database.migrated import copy_migrated
from tests.support.town.town import eventually

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
HOMES = (("13800138000", "长安街1号"), ("+86 13800138000", "长安街 1号"), ("13900139000", "长安街2号"))


def settings_of(url: str, folder: Path) -> Settings:
    return load_settings({"HUIFANG_DATABASE__URL": url}, cwd=folder)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"


async def close(services: Services, number: int, at: datetime = NOON, *, service: str = "", home: int = 0) -> None:
    """Close a ticket of customer number % 4, who lives in one of the homes."""
    phone, address = HOMES[home % len(HOMES)]
    customer = CustomerEvent(f"c-{number % 4}", phone=phone, postal_address=address)
    event = TicketEvent("desk", str(number), TicketStatus.CLOSED, customer, closed_at=at, category=service)
    wanted = tickets.needs(event, services.receiver.policy)
    await services.receiver.do(wanted, lambda context: tickets.put(context, event))


async def enter(services: Services, number: int, source: str, value: int, reason: str = "") -> str:
    """Enter an answer about a ticket, or another one in its place."""
    new = EnteredResponse(
        "after_service",
        source,
        "王芳",
        {"attitude": EnteredAnswer(value)},
        ticket=("desk", str(number)),
        given_at=NOON + timedelta(minutes=value),
        reason=reason,
    )
    answer = await services.receiver.do(needs(new), lambda context: enter_response(context, new))
    assert isinstance(answer, EnteredOutcome)
    return answer.interview.id


async def flagged(services: Services) -> dict[str, str]:
    """Return the responses that do not count, each with the one that counts instead."""
    async with services.store.reading() as session:
        found = await session.records(Interview, all_of(Interview))
    raised = ((one.id, flag) for one in found for flag in one.flags if flag.flag is ResponseFlag.DUPLICATE)
    return {id_: flag.of for id_, flag in raised}


async def _flagged_or_none(services: Services) -> dict[str, str] | None:
    return await flagged(services) or None


async def test_a_command_settles_what_it_has_committed_before_it_ends(url: str, tmp_path: Path) -> None:
    async with open_services(settings_of(url, tmp_path)) as services:
        for number in (4, 8):
            await close(services, number)
            await enter(services, number, "phone", 1)
        assert await flagged(services) == {}
    async with open_services(settings_of(url, tmp_path)) as services:
        assert len(await flagged(services)) == 1


async def test_a_start_finds_what_a_kill_has_left(url: str, tmp_path: Path) -> None:
    async with open_services(settings_of(url, tmp_path)) as services:
        for number in (4, 8):
            await close(services, number)
            await enter(services, number, "phone", 1)
        services.duplicates._waiting.clear()  # noqa: SLF001 (as a kill does)
        assert await services.duplicates.settle() == 0
        running = asyncio.create_task(services.duplicates.run())
        assert await eventually(lambda: _flagged_or_none(services))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("period", "days", "expected"),
    [(ReviewPeriod.MONTH, 0, 1), (ReviewPeriod.MONTH, 9, 1), (ReviewPeriod.MONTH, 11, 0), (ReviewPeriod.WEEK, 9, 0)],
)
async def test_each_period_is_one_of_its_own(
    period: ReviewPeriod, days: int, expected: int, url: str, tmp_path: Path
) -> None:
    async with open_services(settings_of(url, tmp_path)) as services:
        policy = services.receiver.policy
        services.receiver.adopt(replace(policy, duplicates=replace(policy.duplicates, period=period)))
        for number, at in ((4, NOON), (8, NOON + timedelta(days=days))):
            await close(services, number, at)
            await enter(services, number, "phone", 1)
        await services.duplicates.settle()
        assert len(await flagged(services)) == expected


async def test_periods_before_the_rules_were_in_force_are_left_as_they_are(url: str, tmp_path: Path) -> None:
    async with open_services(settings_of(url, tmp_path)) as services:
        for number in (4, 8):
            await close(services, number, NOON - timedelta(days=40))
            await enter(services, number, "phone", 1)
        assert await services.duplicates.settle() == 0
        policy = services.receiver.policy
        early = replace(policy.duplicates, effective_from=datetime(2026, 10, 1, tzinfo=UTC).date())
        services.receiver.adopt(replace(policy, duplicates=early))
        assert await services.duplicates.catch_up() == 1


Entry = tuple[int, str, int]


def entries(seed: int) -> list[Entry]:
    """Return what is entered about twelve tickets: ticket, source and value, each pair of the first two once."""
    sources = ("web", "sms", "phone", "paper")
    pairs = [
        (number, source)
        for number in range(12)
        for place, source in enumerate(sources)
        if _drawn(number, place, seed) < 4
    ]
    return [(number, source, (1, 1, 2, 5)[_drawn(number, len(source), seed + 1) % 4]) for number, source in pairs]


def _drawn(*numbers: int) -> int:
    """Return one of ten digits, which looks as if it were drawn."""
    return sha256(repr(numbers).encode()).digest()[0] % 10


async def _opened(services: Services, seed: int) -> None:
    for number in range(12):
        service, home = ("安装", "repair", "")[_drawn(number, seed) % 3], _drawn(number, seed, 1) % 3
        await close(services, number, NOON + timedelta(days=number % 2), service=service, home=home)


async def _settled(processes: Sequence[Services]) -> dict[str, str]:
    for _ in range(50):
        if not any(await asyncio.gather(*(one.duplicates.settle() for one in processes))):
            return await flagged(processes[0])
    raise AssertionError("the processes do not agree")


async def _alone(url: str, folder: Path, seed: int, given: list[Entry]) -> dict[str, str]:
    async with open_services(settings_of(url, folder)) as services:
        await _opened(services, seed)
        for number, source, value in given:
            await enter(services, number, source, value)
        return await _settled([services])


@pytest.mark.proof
@pytest.mark.some(1)
@pytest.mark.parametrize("seed", [1, 2])
async def test_two_processes_on_one_database_leave_what_one_leaves_in_another_order(
    seed: int, migrated_postgres: str, url: str, tmp_path: Path
) -> None:
    given = entries(seed)
    expected = await _alone(url, tmp_path, seed, given)
    assert len(expected) > 5
    shuffled = sorted(given, key=lambda entry: sha256(repr(entry).encode()).digest())
    async with AsyncExitStack() as stack:
        settings = settings_of(migrated_postgres, tmp_path)
        opened = [await stack.enter_async_context(open_services(settings)) for _ in "ab"]
        await _opened(opened[0], seed)
        for start in range(0, len(shuffled), 6):
            some = enumerate(shuffled[start : start + 6])
            work = [enter(opened[place % 2], *entry) for place, entry in some]
            await asyncio.gather(*work, *(one.duplicates.settle() for one in opened))
        assert await _settled(opened) == expected
        assert [await process.duplicates.catch_up() for process in opened] == [0, 0]
        assert await flagged(opened[1]) == expected
        assert not set(expected.values()) & expected.keys()
        now = opened[0].clock.now()
    found = (await verify_database(migrated_postgres, now)).violations
    broken = [str(one) for one in found if "`tick`" not in str(one)]  # nobody has asked, in this test
    assert broken == []


async def test_more_than_a_portion_is_settled_portion_by_portion(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicate_search, "_PORTION", 2)
    async with open_services(settings_of(url, tmp_path)) as services:
        for number in (4, 5, 8, 9, 12):
            await close(services, number, home=number)
            await enter(services, number, "phone", 1)
        assert await services.duplicates.settle() == 3
        assert len(set((await flagged(services)).values())) == 2

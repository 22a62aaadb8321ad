"""Endpoints of rules.toml are made, changed and removed with their entries, by two processes once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.handlers.outgoing import endpoint_commands
from bot.handlers.outgoing.endpoint_commands import EndpointChange, NewEndpoint
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from storage.model.errors import WriteConflict
from storage.model.outgoing.hook_records import EndpointStatus, HookEndpoint, HookEventType
from tests.support.database.migrated import copy_migrated
from tests.support.outgoing.happenings import open_issue
from tests.support.web.house import House, open_house

CRM = NewEndpoint("CRM", "https://1.1.1.1/crm", (HookEventType.ISSUE_OPENED,))
LAKE = NewEndpoint("lake", "https://1.1.1.1/lake")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, url) as one:
        yield one


@pytest.fixture
def desk(house: House) -> EndpointDesk:
    return house.web.hooks


async def actions(house: House) -> list[str]:
    async with house.client() as api:
        lines = (await api.get("/api/v1/audit")).json()["items"]
    return sorted(f"{line['action']} by {line['by']}" for line in lines if line["action"].startswith("webhook."))


async def only(desk: EndpointDesk) -> HookEndpoint:
    (one,) = await desk.reads.endpoints()
    return one


async def test_entries_become_endpoints_and_the_same_again_changes_nothing(house: House, desk: EndpointDesk) -> None:
    assert await desk.keep([CRM, LAKE]) == []
    found = await desk.reads.endpoints()
    assert {(one.name, one.url, one.events) for one in found} == {
        (one.name, one.url, one.events) for one in (CRM, LAKE)
    }
    assert {(one.origin, one.state, one.secret_number) for one in found} == {("rules", EndpointStatus.ACTIVE, 1)}
    assert await desk.keep([CRM, LAKE]) == []
    assert await desk.reads.endpoints() == found
    assert await actions(house) == ["webhook.added by rules.toml"] * 2


async def test_another_address_keeps_the_id_and_the_secret(house: House, desk: EndpointDesk) -> None:
    await desk.keep([CRM])
    before = await only(desk)
    await desk.keep([NewEndpoint("CRM", LAKE.url)])
    after = await only(desk)
    assert (after.url, after.events) == (LAKE.url, ())
    assert (after.id, after.secret_number, after.created_at) == (before.id, before.secret_number, before.created_at)
    assert await actions(house) == ["webhook.added by rules.toml", "webhook.changed by rules.toml"]


async def test_an_entry_that_is_gone_is_sent_nothing_and_what_waited_is_dropped(
    house: House, desk: EndpointDesk
) -> None:
    await desk.keep([CRM, LAKE])
    gone = next(one.id for one in await desk.reads.endpoints() if one.name == "CRM")
    await open_issue(house.web.receiver)
    assert (await desk.reads.deliveries(gone, None, 9)).items
    await desk.keep([LAKE])
    assert (await only(desk)).name == "lake"
    assert not (await desk.reads.deliveries(gone, None, 9)).items
    await desk.keep([CRM, LAKE])
    back = next(one for one in await desk.reads.endpoints() if one.name == "CRM")
    assert (back.id, back.url, back.state) == (gone, CRM.url, EndpointStatus.ACTIVE)
    assert not (await desk.reads.deliveries(gone, None, 9)).items  # what happened meanwhile is not told late


async def test_those_whom_people_added_are_left_alone(house: House, desk: EndpointDesk) -> None:
    del house
    mine = await desk.receiver.do(
        endpoint_commands.endpoint_needs(""),
        lambda context: endpoint_commands.add_endpoint(context, NewEndpoint("CRM", CRM.url), "李工"),
    )
    await desk.keep([CRM])
    await desk.keep([])
    assert (await only(desk)).id == mine.id
    assert (await only(desk)).origin == ""


async def test_what_people_disabled_stays_so_whatever_the_file_says(desk: EndpointDesk) -> None:
    await desk.keep([CRM])
    id_ = (await only(desk)).id
    await desk.receiver.do(
        endpoint_commands.endpoint_needs(id_),
        lambda context: endpoint_commands.change_endpoint(context, id_, EndpointChange(enabled=False), "李工"),
    )
    await desk.keep([NewEndpoint("CRM", LAKE.url)])
    assert ((await only(desk)).state, (await only(desk)).url) == (EndpointStatus.DISABLED, LAKE.url)


async def test_an_address_that_leads_inside_is_kept_and_told_without_its_path(desk: EndpointDesk) -> None:
    (told,) = await desk.keep([CRM, NewEndpoint("inside", "https://localhost/secret")])
    assert told.startswith("the URL of 'inside' leads to ")
    assert "/secret" not in told
    assert len(await desk.reads.endpoints()) == 2


async def test_two_processes_that_take_the_file_over_at_once_make_each_endpoint_once(
    tmp_path: Path, migrated_postgres: str
) -> None:
    async with AsyncExitStack() as stack:
        houses = [await stack.enter_async_context(open_house(tmp_path, migrated_postgres)) for _ in range(2)]
        desks = [house.web.hooks for house in houses]
        for entries in ([CRM, LAKE], [CRM], [CRM, NewEndpoint("third", LAKE.url)]):
            for answer in await asyncio.gather(*(desk.keep(entries) for desk in desks), return_exceptions=True):
                assert answer == [] or isinstance(answer, WriteConflict), answer  # it looks again a second later
            for desk in desks:
                assert await desk.keep(entries) == []
                assert {one.name for one in await desk.reads.endpoints()} == {one.name for one in entries}
        assert sorted(await actions(houses[0])) == [
            *["webhook.added by rules.toml"] * 3,
            "webhook.removed by rules.toml",
        ]

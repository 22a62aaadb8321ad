"""Commands that work on the database, by the service that runs and without one: the same is done, the same is said."""

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio

from bot.cli import main
from tests.support.commands import Said, huifang
from tests.support.process import environment
from tests.support.town.quick import quick_town_at
from tests.support.town.town import Town, eventually, town_at

Type = Callable[..., Awaitable[Said]]


@pytest_asyncio.fixture(params=["service", "alone"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Town]:
    """Return a town with one closed ticket; whether its service still runs is the parameter."""
    async with town_at(tmp_path, "webhook", {"survey.delay": "2h"}, warm=True) as town:
        await town.product.start()
        await town.put("1", "closed", await town.customer("王梅"))
        if request.param == "alone":
            await town.product.stop()
        yield town
        assert "Traceback" not in town.product.log


@pytest.fixture
def types(office: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command where the service is at home; in this process, for starting one takes a second."""
    monkeypatch.chdir(office.product.folder)
    for name, value in environment(office.product.settings).items():
        monkeypatch.setenv(name, value)

    async def type_(*arguments: str) -> Said:
        code = await asyncio.to_thread(main, arguments)
        return Said(code, *capsys.readouterr())

    return type_


@pytest.mark.some(1)
async def test_people_come_onto_the_roster_and_off_it(types: Type) -> None:
    added = await types("user", "add", "李工", "--role", "agent", "--telegram", "201")
    assert (added.code, added.out) == (0, "李工  agent  telegram 201\n")
    coded = await types("user", "add", "小张", "--role", "lead")
    assert "小张  lead  no chat yet" in coded.out
    assert "/join " in coded.out
    listed = await types("user", "list")
    assert sorted(listed.out.splitlines()) == ["小张  lead  no chat yet", "李工  agent  telegram 201"]
    taken = await types("user", "add", "王", "--role", "agent", "--telegram", "201")
    assert (taken.code, taken.err) == (1, "huifang: telegram: belongs to 李工; remove them first\n")
    assert (await types("user", "remove", "李工")).out == "李工 is off the roster.\n"
    gone = await types("user", "remove", "李工")
    assert (gone.code, gone.err) == (1, "huifang: there is no team member 李工\n")


async def test_a_campaign_is_drafted_looked_at_and_called_off(types: Type) -> None:
    text = ("--name", "谢谢", "--kind", "notice", "--text", "{name}，谢谢您！")
    drafted = await types("campaign", "create", *text, "--filter", "source=desk", "--at", "2100-01-01T10:00")
    assert drafted.out.startswith("Drafted cam_"), drafted
    seen = await types("campaign", "preview", "谢谢")
    assert seen.out.splitlines()[:2] == ["audience 1, would be written to 1", "  among them: 王**"]
    started = await types("campaign", "start", "谢谢")
    assert "notice  scheduled  谢谢  next 2100-01-01 10:00" in started.out
    assert "notice  paused  谢谢" in (await types("campaign", "pause", "谢谢")).out
    assert "notice  scheduled  谢谢" in (await types("campaign", "resume", "谢谢")).out
    assert "notice  cancelled  谢谢" in (await types("campaign", "cancel", "谢谢")).out
    again = await types("campaign", "start", "谢谢")
    assert (again.code, again.err) == (1, "huifang: The campaign is cancelled and cannot be started.\n")
    assert "cancelled" in (await types("campaign", "list")).out


@pytest.mark.some(1)
async def test_an_unknown_filter_is_named_beside_those_there_are(types: Type) -> None:
    made = ("campaign", "create", "--name", "甲", "--kind", "notice", "--text", "您好")
    said = await types(*made, "--filter", "bogus=1")
    assert said.code == 1
    assert "There is no filter “bogus”. There are: " in said.err


async def test_a_persons_data_goes_out_and_then_for_good(types: Type, office: Town) -> None:
    file = office.product.folder / "mei.json"
    assert (await types("customer", "export", "c-10001", "-o", str(file))).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["customer"]["name"] == "王梅"
    unsure = await types("customer", "forget", "c-10001")
    assert (unsure.code, unsure.err) == (1, "huifang: this cannot be undone: add --yes\n")
    assert (await types("customer", "forget", "c-10001", "--yes")).out.startswith("c-10001 is forgotten")
    for command in (("customer", "export", "c-10001"), ("customer", "forget", "c-10001", "--yes")):
        gone = await types(*command)
        assert (gone.code, gone.out, len(gone.err.splitlines())) == (1, "", 1)


@pytest.mark.some(1)
async def test_a_ticket_is_explained(types: Type) -> None:
    told = await types("survey", "explain", "desk/1")
    assert told.out.startswith("ticket desk/1\n")
    assert "survey after_service" in told.out
    unknown = await types("survey", "explain", "desk/2")
    assert (unknown.code, unknown.err) == (1, "huifang: there is no ticket desk/2\n")
    assert (
        await types("survey", "explain", "desk")
    ).err == "huifang: name the ticket as SOURCE/TICKET, such as zendesk/42\n"


async def test_following_a_campaign_shows_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook", {"survey.delay": "2h"}) as town:
        mei = await town.customer("王梅")
        await town.put("1", "closed", mei)
        where = (tmp_path, town.product.settings)
        text = ("--name", "谢谢", "--kind", "notice", "--text", "谢谢您！")
        await huifang(*where, "campaign", "create", *text, "--filter", "source=desk")
        followed = await huifang(*where, "campaign", "start", "谢谢", "--follow")
        assert followed.out.splitlines()[-2:] == ["1 of 1 sent, 0 failed, 0 skipped", "finished"]
        await mei.sees("谢谢您！")


async def test_whoever_was_added_without_a_chat_joins_with_the_code(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook") as town:
        where, zhao = (tmp_path, town.product.settings), town.telegram.user(301, name="赵")
        added = await huifang(*where, "user", "add", "小赵", "--role", "lead")
        await zhao.start()
        await zhao.says(added.out.rpartition(": ")[2].strip())

        async def joined() -> bool | None:
            return (await huifang(*where, "user", "list")).out == "小赵  lead  telegram 301\n" or None

        await eventually(joined, within=20)


async def test_without_a_service_a_started_campaign_says_what_it_waits_for(tmp_path: Path) -> None:
    async with town_at(tmp_path, "webhook") as town:
        where = (tmp_path, town.product.settings)
        await huifang(
            *where,
            "campaign",
            "create",
            "--name",
            "谢谢",
            "--kind",
            "notice",
            "--text",
            "谢谢！",
            "--cron",
            "daily 10:00",
        )
        started = await huifang(*where, "campaign", "start", "谢谢", "--follow")
        assert started.out.splitlines()[-1] == "No service runs here: it is sent when `huifang run` does."


async def test_a_socket_left_by_a_killed_service_is_in_nobodys_way(tmp_path: Path) -> None:
    async with town_at(tmp_path, "webhook", warm=True) as town:
        socket, where = tmp_path / "var" / "huifang.db.sock", (tmp_path, town.product.settings)
        await town.product.start()
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        await town.product.kill()
        assert socket.exists()
        assert (await huifang(*where, "user", "list")).code == 0
        await town.product.start()
        assert (await huifang(*where, "user", "list")).code == 0
        await town.product.stop()
        assert not socket.exists()


async def test_a_database_with_a_path_too_long_for_a_socket_is_reached_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 25)
    folder.mkdir()
    monkeypatch.delenv("TMPDIR", raising=False)
    with TemporaryDirectory() as short:
        monkeypatch.setenv("TMPDIR", short)
        async with town_at(folder, "webhook", warm=True) as town:
            await _is_reached(folder, town, Path(short))


async def _is_reached(folder: Path, town: Town, short: Path) -> None:
    await town.product.start()
    assert (await huifang(folder, town.product.settings, "user", "list")).code == 0
    (own,) = (short / f"huifang-{os.getuid()}").iterdir()
    assert stat.S_IMODE(own.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(own.stat().st_mode) == 0o600


@pytest.mark.some(1)
async def test_two_commands_at_once_wait_for_each_other(types: Type) -> None:
    adding = (types("user", "add", name, "--role", "agent") for name in ("小一", "小二"))
    assert [said.code for said in await asyncio.gather(*adding)] == [0, 0]
    assert len((await types("user", "list")).out.splitlines()) == 2

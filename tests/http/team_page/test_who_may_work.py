"""Who may work on an issue: the same people in the team's chat, on the page and by API."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.inbound.parse import parse_update
from dialogs.messages import Address, Tap, Verb
from scoring.values import replace
from storage.model.records import Member
from tests.support.web.team_pages import Office, open_office

GROUP = -5001
ROSTER = (
    Member("老板", "owner", "1"),
    Member("王总", "admin", "2"),
    Member("组长", "lead", "3"),
    Member("李工", "agent", "4"),
    Member("看客", "viewer", "5"),
    Member("新人", "agent"),
    Member("走了", "", ""),
)
ALL, NONE = (True, True, True), (False, False, False)
"""Chat, page, API."""


@pytest.fixture
async def office(folder: Path) -> AsyncIterator[Office]:
    async with open_office(folder) as opened:
        receiver = opened.house.web.receiver
        receiver.adopt(replace(receiver.policy, team=(Address("telegram", str(GROUP)),)))
        yield opened


async def claims(office: Office, door: str, issue: str, name: str, user: int) -> None:
    """Let somebody claim an issue."""
    if door == "page":
        phone = await office.phone(issue)
        form = phone.page.form("act")
        await phone.sends(form.hidden | {"act": "claim", "name": name})
    elif door == "api":
        answer = await office.api.post(f"/api/v1/issues/{issue}/claim", json={"by": name})
        assert answer.is_success or [one["field"] for one in answer.json()["errors"]] == ["by"]
    else:
        data = CALLBACK_DATA.encode(Tap(Verb.CLAIM, issue))
        person = {"id": user, "is_bot": False, "first_name": name}
        chat = {"id": GROUP, "type": "supergroup"}
        query = {"id": "q", "from": person, "message": {"message_id": 7, "chat": chat}, "data": data}
        raw = json.dumps({"update_id": hash(issue) % 1_000_000, "callback_query": query}).encode()
        await office.house.web.receiver.receive(parse_update(raw, office.house.clock.now(), "bot"), "telegram", raw)


@pytest.mark.parametrize(
    ("roster", "name", "user", "allowed"),
    [
        (ROSTER, "老板", 1, ALL),
        (ROSTER, "王总", 2, ALL),
        (ROSTER, "组长", 3, ALL),
        (ROSTER, "李工", 4, ALL),
        (ROSTER, "看客", 5, NONE),
        (ROSTER, "新人", 6, (False, True, True)),  # invited: known by name, and not by id before they join
        (ROSTER, "走了", 7, NONE),
        (ROSTER, "路人", 8, (False, False, True)),  # free text by API, for which the help desk answers
        (ROSTER[5:6], "路人", 8, (False, False, True)),
        (ROSTER[5:6], "新人", 6, (False, True, True)),
        (ROSTER[4:5], "看客", 5, NONE),
        (ROSTER[6:], "走了", 7, ALL),
        ((), "路人", 8, ALL),
    ],
)
async def test_one_rule_holds_in_the_chat_on_the_page_and_by_api(
    office: Office, roster: tuple[Member, ...], name: str, user: int, allowed: tuple[bool, ...]
) -> None:
    await office.enlists(*roster)
    told = []
    for door in ("chat", "page", "api"):
        issue = await office.opened(f"by {door}")
        await claims(office, door, issue, name, user)
        told.append((await office.told(issue))["claimed_by"] == name)
    assert tuple(told) == allowed


@pytest.mark.parametrize("deed", ["claim", "release", "resolve", "progress", "ask", "reopen"])
async def test_every_command_by_api_asks_the_roster(office: Office, deed: str) -> None:
    await office.enlists(*ROSTER)
    more = {"resolve": {"note": "x"}, "progress": {"text": "x"}, "ask": {"text": "x?"}, "reopen": {"reason": "x"}}
    answer = await office.does(deed, by="看客", **more.get(deed, {}))
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, ["by"])
    assert len((await office.told())["timeline"]) == 1

"""Who may work on an issue: the same people in the team's chat, on the page and by API."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.inbound.parse import parse_update
from bot.signed_links import LinkPurpose
from dialogs.messages import Address, Tap, Verb
from scoring.values import replace
from storage.model.records import Member
from tests.support.web.house import URL
from tests.support.web.survey_pages import Page
from tests.support.web.team_pages import LINKS, Office, Phone, open_office

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
        policy = receiver.policy
        channels = (*policy.channels, "telegram")
        receiver.adopt(replace(policy, team=(Address("telegram", str(GROUP)),), channels=channels))
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


async def opens_own_link(office: Office, phone: Phone, name: str) -> Page:
    """Open a person's own link on a phone, press its button, and go back to the issue."""
    here = phone.link
    until = office.house.clock.now() + timedelta(days=1)
    phone.link = LINKS.url(LinkPurpose.MEMBER, name, until).removeprefix(URL)
    asked = await phone.opens()
    assert (asked.status, "set-cookie" in asked.headers, f"您是{name}？" in asked.text) == (200, False, True)
    known = await phone.sends({})
    assert "就是您本人" in known.text
    phone.link = here
    return await phone.opens()


@pytest.mark.parametrize(
    ("name", "is_own", "holder"), [("组长", True, "组长"), ("组长", False, "新人"), ("李工", True, "新人")]
)
async def test_a_lead_takes_over_on_the_page_by_their_own_link(
    office: Office, name: str, *, is_own: bool, holder: str
) -> None:
    await office.enlists(*ROSTER)
    await office.does("claim", by="新人")
    phone = await office.phone()
    if is_own:
        await opens_own_link(office, phone, name)
    await phone.sends(phone.page.form("act").hidden | {"act": "take", "name": name})
    assert (await office.told())["claimed_by"] == holder


@pytest.mark.parametrize("act", ["draft", "progress", "ask", "release", "rung"])
async def test_a_typed_name_does_nothing_for_a_holder_with_a_chat_of_their_own(office: Office, act: str) -> None:
    await office.enlists(*ROSTER)
    await office.does("claim", by="李工")
    before = (await office.told())["timeline"]
    phone = await office.phone()
    page = await phone.sends(phone.page.form("act").hidden | {"act": act, "name": "李工", "note": "修好了？"})
    assert (await office.told())["timeline"] == before
    assert act == "rung" or "光有名字不够" in page.text
    await opens_own_link(office, phone, "李工")
    await phone.sends(phone.page.form("act").hidden | {"act": act, "note": "修好了？"})
    assert act == "rung" or len((await office.told())["timeline"]) == len(before) + 1


async def test_whoever_has_no_chat_of_their_own_goes_on_by_name(office: Office) -> None:
    await office.enlists(*ROSTER)
    await office.does("claim", by="新人")
    phone = await office.phone()
    await phone.sends(phone.page.form("act").hidden | {"act": "draft", "name": "新人", "note": "修好了"})
    assert (await office.told())["timeline"][-1]["event"] == "drafted"


async def test_another_name_is_no_longer_ones_own(office: Office) -> None:
    await office.enlists(*ROSTER)
    await office.does("claim", by="新人")
    phone = await office.phone()
    await opens_own_link(office, phone, "李工")
    await phone.sends(phone.page.form("act").hidden | {"act": "take", "name": "组长"})
    assert (await office.told())["claimed_by"] == "新人"


async def test_whoever_was_taken_off_has_no_link(office: Office) -> None:
    await office.enlists(*ROSTER, Member("老赵", "lead"))
    await office.does("claim", by="新人")
    phone = await office.phone()
    await opens_own_link(office, phone, "老赵")
    await office.enlists(Member("老赵", "", version=1))
    await phone.sends(phone.page.form("act").hidden | {"act": "take"})
    assert (await office.told())["claimed_by"] == "新人"

"""What the sandbox's page sends and is shown: the database's word, nothing else."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON
from bot.ports import Sent
from dialogs.invitation.survey_rules import RuleBook, SurveyRule
from dialogs.messages import Tap, Verb
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.privacy.erasure import ErasureTask, erase
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.support.settling import settle_now
from tests.support.time.patience import PATIENCE
from tests.support.web.house import URL, House

HERE = "/console/sandbox"
FORM = {"id": "0123456789abcdef", "name": "王女士", "subject": "空调不制冷", "agent": "李工"}


@pytest.fixture
async def page(house: House, api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser that has come in."""
    api.headers["origin"] = URL
    await come_in(house, api)
    return api


async def come_in(house: House, browser: httpx.AsyncClient) -> None:
    await browser.post("/console/enter", data={"key": house.web.console.invite()})


async def act(page: httpx.AsyncClient, **said: str) -> httpx.Response:
    action = {"id": f"action-{len(str(said))}-{abs(hash(str(said)))}", "chat": "phone", "person": "customer", **said}
    return await page.post(f"{HERE}/act", json=action)


async def shown(page: httpx.AsyncClient, chat: str = "phone") -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = (await page.get(f"{HERE}/state")).json()["chats"][chat]
    return lines


async def test_the_form_closes_a_ticket_and_asks_at_once(page: httpx.AsyncClient) -> None:
    told = (await page.post(f"{HERE}/close?lang=zh-Hans", json=FORM)).json()
    assert told["asked"]
    assert "T-012345" in told["outcome"]
    assert told["planned"] == "按您的设置，本来会在今天 11:30 问。"
    ticket = (await page.get("/api/v1/tickets/sandbox/T-012345")).json()["ticket"]
    assert (ticket["subject"], ticket["agent"]["name"]) == ("空调不制冷", "李工")
    (response,) = (await page.get("/api/v1/responses")).json()["items"]
    assert response["ticket"] == "sandbox/T-012345"


async def test_the_form_says_when_the_settings_would_have_asked(house: House, page: httpx.AsyncClient) -> None:
    house.clock.passes(timedelta(hours=11))
    await come_in(house, page)
    evening = (await page.post(f"{HERE}/close?lang=en", json=FORM)).json()
    assert evening["planned"] == "By your settings it would have been asked tomorrow at 9:00 AM."


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "规则"), ("zh-Hant", "規則"), ("en", "rules")])
async def test_the_form_says_that_the_rules_would_not_have_asked(
    house: House, page: httpx.AsyncClient, language: str, word: str
) -> None:
    receiver, told = house.web.receiver, []
    for number, rule in enumerate((SurveyRule("nobody", ask=False), SurveyRule("few", sample=1_000_000))):
        receiver.adopt(replace(receiver.policy, rules=RuleBook((rule,))))
        form = {**FORM, "id": f"{number}123456789abcdef"}
        told.append((await page.post(f"{HERE}/close?lang={language}", json=form)).json())
    assert all(each["asked"] and word in each["planned"] for each in told)
    assert told[0]["planned"] != told[1]["planned"]


async def test_a_form_sent_twice_is_one_ticket(page: httpx.AsyncClient) -> None:
    for expected in (True, False):
        assert (await page.post(f"{HERE}/close", json=FORM)).json()["asked"] is expected
    assert len((await page.get("/api/v1/responses")).json()["items"]) == 1


async def test_a_customer_who_opted_out_is_not_asked_even_by_hand(page: httpx.AsyncClient) -> None:
    await page.post(f"{HERE}/close", json=FORM)
    await act(page, text="退订")
    told = (await page.post(f"{HERE}/close?lang=zh-Hans", json={**FORM, "id": "fedcba9876543210"})).json()
    assert not told["asked"]
    assert "退订" in told["planned"]


async def test_typed_words_stand_in_the_chat_and_presses_do_not(page: httpx.AsyncClient) -> None:
    assert (await act(page, text="有人吗", name="王女士")).status_code == 204
    assert (await act(page, tap=BUTTON.encode(Tap(Verb.SKIP, "int_none")), message="out_1")).status_code == 204
    (line,) = await shown(page)
    assert (line["text"], line["by"], line["name"], line["rows"]) == ("有人吗", "customer", "王女士", [])
    assert await shown(page, "team") == []


async def test_the_secret_of_a_binding_link_is_not_shown(page: httpx.AsyncClient) -> None:
    await act(page, text="/start a-very-secret-token")
    assert [line["text"] for line in await shown(page)] == ["/start"]


@pytest.mark.parametrize(
    "said", [{"chat": "boss"}, {"id": "x"}, {"text": "x" * 5000}, {"colour": "red"}, {"person": ""}]
)
async def test_what_is_no_action_is_refused(page: httpx.AsyncClient, said: dict[str, str]) -> None:
    answer = await act(page, **said)
    assert answer.status_code == 422
    assert await shown(page) == []


@pytest.mark.parametrize("wrong", [{"id": "x"}, {"name": "x" * 501}, {"name": None}, {"more": 1}])
async def test_a_wrong_form_says_which_field(page: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    answer = await page.post(f"{HERE}/close", json={**FORM, **wrong})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == list(wrong)


async def outbox(house: House) -> list[OutboxMessage]:
    async with house.store.reading() as session:
        return await session.records(OutboxMessage, all_of(OutboxMessage))


async def arrives(house: House) -> None:
    """Let every message arrive, as the sender does at once."""
    for message in await outbox(house):
        await settle_now(house.web.receiver, message, Sent(message.id))


async def rated_low(house: House, page: httpx.AsyncClient, language: str = "zh-Hans", **form: str) -> str:
    """Close a ticket and press 1 at its first question; gives the phone's chat."""
    told = (await page.post(f"{HERE}/close?lang={language}", json={**FORM, **form})).json()
    phone = str(told["phone"])
    await arrives(house)
    (line,) = (await page.get(f"{HERE}/state", params={"phone": phone})).json()["chats"]["phone"]
    await act(page, chat=phone, tap=line["rows"][0][0]["tap"], message=line["id"])
    return phone


async def state_with(page: httpx.AsyncClient, phone: str) -> dict[str, Any]:
    told: dict[str, Any] = (await page.get(f"{HERE}/state", params={"phone": phone})).json()
    return told


async def test_the_minute_before_a_card_is_told_and_may_be_ended(house: House, page: httpx.AsyncClient) -> None:
    assert (await state_with(page, "phone"))["waiting"] is None
    phone = await rated_low(house, page)
    told = await state_with(page, phone)
    until = house.clock.now() + timedelta(seconds=60)
    assert (told["waiting"], told["chats"]["team"]) == ({"until": until.isoformat(), "seconds": 60.0}, [])
    for _ in range(2):
        answer = await page.post(f"{HERE}/settle", json={"phone": phone})
        assert answer.status_code == 204
    (issue,) = (await page.get("/api/v1/issues")).json()["items"]
    assert (issue["kind"], issue["status"]) == ("low_score", "open")
    assert (await state_with(page, phone))["waiting"] is None
    assert (await page.post(f"{HERE}/settle", json={"phone": "team"})).status_code == 422


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "等人认领"), ("zh-Hant", "等人認領"), ("en", "nobody has it")]
)
async def test_the_team_speaks_the_language_of_the_page(
    house: House, page: httpx.AsyncClient, language: str, words: str
) -> None:
    phone = await rated_low(house, page, language)
    await page.post(f"{HERE}/settle?lang={language}", json={"phone": phone})
    (card,) = [message.prompt.text for message in await outbox(house) if message.chat == "team"]
    assert words in card


async def test_each_name_is_a_customer_with_a_phone_of_their_own(house: House, page: httpx.AsyncClient) -> None:
    first = await rated_low(house, page)
    again = (await page.post(f"{HERE}/close", json={**FORM, "id": "1" * 16, "phone": first})).json()["phone"]
    other = (await page.post(f"{HERE}/close", json={**FORM, "id": "2" * 16, "phone": first, "name": "李先生"})).json()
    assert first == again == "phone"
    assert other["asked"]
    assert other["phone"] not in {first, "team"}
    names = {(await page.get(f"/api/v1/customers/sandbox{chat.removeprefix('phone')}")).json()["customer"]["name"]
             for chat in (first, other["phone"])}  # fmt: skip
    assert names == {"王女士", "李先生"}
    await arrives(house)
    assert len((await state_with(page, other["phone"]))["chats"]["phone"]) == 1


async def test_who_was_forgotten_is_asked_no_more_and_a_new_phone_is(house: House, page: httpx.AsyncClient) -> None:
    await page.post(f"{HERE}/close", json=FORM)
    task = ErasureTask("sandbox", f"gone_{'x' * 22}", house.web.receiver.policy.links.key)
    assert await erase(house.store, Writer(house.store, house.clock.now), task)
    assert (await state_with(page, "phone"))["erased"]
    told = (await page.post(f"{HERE}/close?lang=zh-Hans", json={**FORM, "id": "3" * 16})).json()
    assert (told["asked"], "新手机" in told["planned"]) == (False, True)
    fresh = (await page.post(f"{HERE}/close", json={**FORM, "id": "4" * 16, "phone": "phone-1a2b3c4d"})).json()
    assert (fresh["asked"], fresh["phone"]) == (True, "phone-1a2b3c4d")
    assert not (await state_with(page, "phone-1a2b3c4d"))["erased"]


async def test_the_notice_is_a_link_and_the_outcome_is_marked(house: House, page: httpx.AsyncClient) -> None:
    await page.post(f"{HERE}/close?lang=zh-Hans", json=FORM)
    await arrives(house)
    (line,) = await shown(page)
    assert (line["words"]["label"], line["tells"]) == ("隐私说明", False)
    assert line["words"]["url"].endswith("/privacy")
    assert line["text"].splitlines()[-1].startswith("隐私说明 · ")


async def test_the_page_has_the_customers_clock(house: House, page: httpx.AsyncClient) -> None:
    zone = house.web.receiver.policy.timezone.key
    assert f'data-zone="{zone}"' in (await page.get(HERE)).text


async def test_the_page_hears_of_news_until_the_channel_closes(house: House, page: httpx.AsyncClient) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    scope = {
        "type": "http", "method": "GET", "path": f"{HERE}/stream", "raw_path": b"", "query_string": b"",
        "headers": [(b"cookie", cookie.encode())], "http_version": "1.1", "scheme": "http", "root_path": "",
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8480),
    }  # fmt: skip

    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        return asked.pop() if asked else await asyncio.Future()

    async def send(message: Any) -> None:  # noqa: ANN401 (ASGI's own)
        if message.get("body"):
            heard.put_nowait(message["body"])

    stream = asyncio.ensure_future(house.app(scope, receive, send))
    first = await heard.get()
    await act(page, text="有人吗")
    second = await heard.get()
    assert house.web.simulated is not None
    await house.web.simulated.close()
    async with asyncio.timeout(PATIENCE):
        await stream
    before, after = (json.loads(event.removeprefix(b"data: ")) for event in (first, second))
    assert (before["chats"]["phone"], after["chats"]["phone"][0]["text"]) == ([], "有人吗")

"""Customers who are asked on the page and nowhere else: the first press begins the interview, and nothing is sent."""

from datetime import timedelta
from typing import Any

import httpx

from bot.channels.web.descriptor import WebChannel
from bot.ports import Refused
from tests.support.web.house import House
from tests.support.web.survey_pages import LINKS, Phone, interview_of, messages
from tests.support.web.tickets import TICKET

TICKETS = "/api/v1/tickets/zendesk"
NOBODY = {**TICKET["customer"], "contacts": []}


async def closed(api: httpx.AsyncClient, ticket: str = "42", **changed: Any) -> None:  # noqa: ANN401 (any JSON)
    answer = await api.put(f"{TICKETS}/{ticket}", json={**TICKET, "customer": NOBODY, **changed})
    assert answer.is_success, answer.text


async def link(api: httpx.AsyncClient, ticket: str | None = "zendesk/42") -> str:
    wanted = {"channel": "web"} | ({"ticket": ticket} if ticket else {})
    answer = await api.post("/api/v1/customers/c-1001/links", json=wanted)
    assert answer.is_success, answer.text
    return str(answer.json()["url"])


async def survey(api: httpx.AsyncClient, ticket: str = "42") -> dict[str, Any]:
    told: dict[str, Any] = (await api.get(f"{TICKETS}/{ticket}")).json()["survey"]
    return told


async def test_a_link_to_the_page_tells_nothing_of_the_customer(house: House, api: httpx.AsyncClient) -> None:
    await closed(api)
    token = (await link(api)).rpartition("/")[2]
    _, subject = LINKS.read(token, house.clock.now())
    assert "c-1001" not in subject
    assert "42" not in subject.replace("drawn", "")


async def test_nothing_can_be_sent_to_a_page(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, customer=TICKET["customer"])
    await api.post(f"{TICKETS}/42/survey", json={})
    (message,) = await messages(house)
    channel = WebChannel(LINKS)
    assert await channel.send(message, "") == Refused("nothing can be sent to a page")
    await channel.acknowledge("callback", "text", alert=False)
    await channel.close()


async def test_the_first_question_is_shown_before_it_is_asked_and_the_first_press_asks(
    house: House, api: httpx.AsyncClient
) -> None:
    await closed(api)
    phone = await Phone.at(api, await link(api))
    assert {"王女士，您好！", "响应速度"} <= set(phone.page.lines)
    assert (await survey(api))["status"] == "scheduled"
    await phone.press("rate", 5)
    told = await survey(api)
    assert (told["status"], told["channel"]) == ("started", "web")
    await phone.press("rate", 1)
    await phone.press("say", text="没修好")
    for _ in range(4):
        await phone.press("skip")
    assert "谢谢您，王女士！您的评价收到了。" in phone.page.lines
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert (response["status"], response["channel"]) == ("completed", "web")
    assert [message for message in await messages(house) if message.channel == "web"] == []


async def test_a_skip_begins_it_too_and_it_can_be_resumed_later(house: House, api: httpx.AsyncClient) -> None:
    await closed(api)
    url = await link(api)
    phone = await Phone.at(api, url)
    await phone.press("skip")
    house.clock.passes(timedelta(hours=30))
    again = await Phone.at(api, url)
    assert "问题解决得怎么样" in again.page.lines
    told = await survey(api)
    assert (told["status"], told["reason"]) == ("started", None)


async def test_an_interview_on_the_page_ends_in_silence(house: House, api: httpx.AsyncClient) -> None:
    await closed(api)
    url = await link(api)
    phone = await Phone.at(api, url)
    await phone.press("rate", 5)
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    interview = await interview_of(house, response["id"])
    assert interview.remind_at is None
    house.clock.passes(timedelta(hours=73))
    await house.web.receiver.wake(interview.ref)
    assert (await survey(api))["status"] == "partial"
    assert [message for message in await messages(house) if message.channel == "web"] == []
    page = (await Phone.at(api, url)).page
    assert "现在没有要评价的" in page.lines


async def test_an_ask_that_goes_on_in_a_chat_is_the_same_on_the_page(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, customer=TICKET["customer"])
    await api.post(f"{TICKETS}/42/survey", json={})
    phone = await Phone.at(api, await link(api, ticket=None))
    await phone.press("rate", 5)
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert (response["channel"], [answer["value"] for answer in response["answers"]]) == ("sandbox", [5])
    assert (await messages(house))[-1].edits is not None


async def test_a_page_with_nothing_to_answer_says_so(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, status="open")
    phone = await Phone.at(api, await link(api))
    assert (phone.page.status, "现在没有要评价的" in phone.page.lines) == (200, True)
    await closed(api)
    assert "响应速度" in (await Phone.at(api, await link(api))).page.lines
    house.clock.passes(timedelta(hours=25))
    assert "现在没有要评价的" in (await Phone.at(api, await link(api))).page.lines


async def test_a_link_about_a_ticket_asks_about_that_ticket_only(api: httpx.AsyncClient) -> None:
    await closed(api, "42")
    await closed(api, "43", status="open")
    assert "现在没有要评价的" in (await Phone.at(api, await link(api, "zendesk/43"))).page.lines
    assert "响应速度" in (await Phone.at(api, await link(api, None))).page.lines


async def test_whoever_was_asked_lately_is_not_asked_again_on_the_page(api: httpx.AsyncClient) -> None:
    await closed(api, "42")
    await (await Phone.at(api, await link(api))).press("rate", 5)
    await closed(api, "43")
    assert "现在没有要评价的" in (await Phone.at(api, await link(api, "zendesk/43"))).page.lines


async def test_one_can_opt_out_before_anything_was_asked(house: House, api: httpx.AsyncClient) -> None:
    await closed(api)
    phone = await Phone.at(api, await link(api))
    await phone.press("stop")
    assert "已退订，不再打扰您" in phone.page.lines
    told = await survey(api)
    assert (told["status"], told["reason"]) == ("cancelled", "opted_out")
    assert await messages(house) == []

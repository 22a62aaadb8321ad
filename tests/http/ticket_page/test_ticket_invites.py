"""Into which tickets the link is written, in which words, and how often."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from scoring.values import replace
from tests.http.ticket_page.written import asked_about, waiting
from tests.support.web.house import House


def terms(house: House, **terms: Any) -> None:  # noqa: ANN401 (fields of DeskTerms)
    """Change what is written into tickets of zammad."""
    policy = house.web.receiver.policy
    house.web.receiver.adopt(replace(policy, desks={"zammad": replace(policy.desks["zammad"], **terms)}))


async def test_the_link_is_one_sentence_in_the_customers_language(house: House, api: httpx.AsyncClient) -> None:
    survey = await asked_about(api, locale="zh-Hant")
    assert (survey["status"], survey["reason"]) == ("scheduled", "no_contact")
    (reply,) = await waiting(house)
    assert (reply.channel, reply.chat, reply.customer) == ("zammad", "7", "zammad:17")
    assert reply.prompt.text.startswith("想直接在聊天裡評價")
    assert reply.prompt.desk is not None
    assert reply.prompt.text.endswith(reply.prompt.desk.marker)


async def test_a_customer_gets_it_once_in_thirty_days(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api, "7")
    await asked_about(api, "8")
    assert [one.chat for one in await waiting(house)] == ["7"]
    house.clock.passes(timedelta(days=31))
    await asked_about(api, "9")
    assert sorted(one.chat for one in await waiting(house)) == ["7", "9"]


@pytest.mark.parametrize(("channel", "address"), [("sandbox", "phone"), ("telegram", "10001")])
async def test_who_has_a_chat_that_we_know_gets_none(
    house: House, api: httpx.AsyncClient, channel: str, address: str
) -> None:
    await asked_about(api, contacts=[{"channel": channel, "address": address}])
    assert await waiting(house) == []


async def test_tickets_of_other_sources_are_not_written_to(house: House, api: httpx.AsyncClient) -> None:
    await asked_about(api, source="desk")
    assert await waiting(house) == []


async def test_the_owner_may_not_want_it(house: House, api: httpx.AsyncClient) -> None:
    terms(house, invite=False)
    await asked_about(api)
    assert await waiting(house) == []


async def test_without_a_key_to_sign_with_no_link_is_written(house: House, api: httpx.AsyncClient) -> None:
    policy = house.web.receiver.policy
    house.web.receiver.adopt(replace(policy, links=replace(policy.links, key=b"")))
    await asked_about(api)
    assert await waiting(house) == []

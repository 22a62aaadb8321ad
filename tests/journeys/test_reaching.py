"""Ways to a customer: a link that binds a chat, a block and its end, stop and start, a platform that wants a pause."""

from pathlib import Path

import httpx
import pytest

from tests.support.botapi import Refuse, flood, refused
from tests.support.town.town import Town, eventually, town_at
from tests.support.town.words import said, step

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_link_binds_the_chat_once_and_asks_what_has_been_waiting(town: Town) -> None:
    mei, eve = await town.customer(started=False), await town.customer("陌生人", started=False)
    await town.put("link", "closed", mei, contact=False)
    await town.survey_becomes("link", "scheduled", reason="no_contact")
    wanted = {"channel": "telegram", "ticket": "desk/link"}
    made = await town.call("POST", f"/api/v1/customers/c-{mei.account.id}/links", wanted)
    assert "<svg" in made["qr_svg"]
    address, _, token = made["url"].partition("?start=")
    assert address == "https://t.me/huifang_test_bot"
    town.private.append(token)
    await mei.start(token)
    await mei.sees(step(1))
    await town.survey_becomes("link", "sent")
    await eve.start(token)
    await eve.sees(said("notice.link_used"))
    await eve.start("x" * 22)
    await eve.sees(said("notice.link_unknown"))
    assert len(eve.messages) == 2


@pytest.mark.some(1)
@pytest.mark.parametrize("told", [True, False], ids=["told", "found_out"])
async def test_who_blocked_us_is_asked_after_unblocking(town: Town, *, told: bool) -> None:
    mei, ticket = await town.customer(), f"blocked-{told}"
    if told:
        await mei.blocks()
        await town.telegram.all_taken()
    else:
        mei.chat.bot = "kicked"
    await town.put(ticket, "closed", mei)
    await town.survey_becomes(ticket, "scheduled", reason="blocked")
    await mei.unblocks()
    await mei.sees(step(1))
    await town.survey_becomes(ticket, "sent")


async def test_stop_ends_the_asking_at_once_and_start_undoes_it(town: Town) -> None:
    mei = await town.customer()
    await town.put("stop", "closed", mei)
    await mei.taps("4")
    await mei.sees(step(2))
    await mei.says("/stop")
    await mei.sees(said("notice.stopped"))
    assert (await town.survey_becomes("stop", "declined"))["channel"] == "telegram"
    assert [answer["value"] for answer in (await town.response("stop"))["answers"]] == [4]
    await town.put("stop-2", "closed", mei)
    await town.survey_becomes("stop-2", "cancelled", reason="opted_out")
    refused = await town.product.api.post("/api/v1/tickets/desk/stop-2/survey", json={})
    assert (refused.status_code, refused.json()["detail"]) == (409, "the customer has opted out of surveys")
    await mei.says("/start")
    await mei.sees(said("notice.resumed"))
    before = mei.last
    await town.call("POST", "/api/v1/tickets/desk/stop-2/survey", {"survey": "ten_point"})
    await mei.sees("1/", after=before)
    await town.survey_becomes("stop-2", "sent")


async def test_a_reopened_ticket_takes_its_survey_back_and_nobody_is_pestered(town: Town) -> None:
    mei = await town.customer()
    await town.put("again", "closed", mei)
    await mei.taps("5")
    asked = await mei.sees(step(2))
    assert (await town.put("again", "reopened", mei))["survey"]["reason"] == "reopened"
    await mei.sees(said("done.withdrawn"))
    assert asked.buttons == []
    await town.survey_becomes("again", "cancelled", reason="reopened")
    survey = (await town.put("again", "closed", mei))["survey"]
    assert (survey["status"], survey["reason"]) == ("suppressed", "quarantine")
    assert len(mei.messages) == 2


async def test_a_flood_answer_pauses_all_sending_for_as_long_as_telegram_says(town: Town) -> None:
    first, other = await town.customer(), await town.customer()
    await town.settles()
    refusals = town.telegram.refusals
    known = len(refusals)

    async def told_to_pause() -> bool | None:
        return len(refusals) > known or None

    town.telegram.faults.plant(flood(1), method="sendMessage")
    await town.put("flood-1", "closed", first)
    await eventually(told_to_pause)
    refused = refusals[-1]
    assert (refused.method, refused.status) == ("sendMessage", 429)
    await town.put("flood-2", "closed", other)  # sent together, it would be on its way before we are told to pause
    for person in (first, other):
        await person.sees(step(1))
    later = [send.at - refused.at for send in town.telegram.sends if send.at > refused.at]
    assert min(later) >= 1


async def test_a_process_that_only_serves_the_web_learns_the_bots_name_itself(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        town.telegram.faults.plant(Refuse(refused(502, "Bad Gateway")), method="getMe")
        town.product.roles = "web"
        await town.product.start()
        mei = await town.customer(started=False)
        await town.put("early", "open", mei, contact=False)
        early = await _link(town, f"c-{mei.account.id}")
        assert (early.status_code, early.json()["status"]) == (503, 503)
        assert int(early.headers["retry-after"]) > 0
        assert town.ledger.rows("SELECT * FROM tokens") == []

        async def given() -> str | None:
            answer = await _link(town, f"c-{mei.account.id}")
            return str(answer.json()["url"]) if answer.is_success else None

        assert (await eventually(given, within=10)).startswith("https://t.me/huifang_test_bot?start=")
        assert len(town.ledger.rows("SELECT * FROM tokens")) == 1
        assert town.telegram.violations == []


async def _link(town: Town, customer: str) -> httpx.Response:
    return await town.product.api.post(f"/api/v1/customers/{customer}/links", json={"channel": "telegram"})

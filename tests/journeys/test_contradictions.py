"""Words against the stars, with the real process, in Telegram, WeChat and on the page; the alert is out before.

It is asked once. Both ratings are kept, and figures count the one that stands, once.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.botapi import Person
from tests.support.database.ledger import Ledger
from tests.support.town.town import Json, Town
from tests.support.town.wechat_town import INVITATION_TEMPLATE, WechatTown, answer_page, wechat_town_at
from tests.support.town.words import said, step
from tests.support.wechat import Person as Customer

WHICH = said("ask.which", given=1, meant=5)
YES, NO = (said(f"button.clarify_{answer}", given=1, meant=5) for answer in ("yes", "no"))
IN_TOWN = pytest.mark.asyncio(loop_scope="session")


def counted(ledger: Ledger, response: Json) -> list[Any]:
    """Return the ratings that figures count of a response; what is excluded or undone has a standing."""
    rows = ledger.rows("SELECT value, standing FROM ratings WHERE response = ? ORDER BY rated_item", response["id"])
    assert not any(standing for _, standing in rows)
    return [value for value, _ in rows]


def both(response: Json) -> list[tuple[int, int | None]]:
    """Return of each rating what was given, and what the customer said it is."""
    return [(one["clarification"]["given"], one["clarification"]["confirmed"]) for one in response["answers"]]


async def _contradicts(town: Town, ticket: str) -> Person:
    mei = await town.customer()
    await town.put(ticket, "closed", mei)
    await mei.sees(step(1))
    await mei.says("都是1分")
    await mei.sees(said("ask.why_all"))
    await town.writes(mei, "真的非常非常满意")
    await mei.sees(WHICH)
    return mei


@IN_TOWN
async def test_in_telegram_the_alert_is_out_while_it_is_asked_and_the_card_shows_the_correction(town: Town) -> None:
    mei = await _contradicts(town, "upside-down")
    issue = await town.issue("upside-down")
    assert (issue["kind"], issue["severity"], issue["status"]) == ("low_score", "high", "open")
    card = await town.group.sees("真的非常非常满意")
    assert (await town.survey("upside-down"))["status"] == "started"
    shown = await mei.sees(WHICH)
    assert shown.buttons == [YES, NO, said("button.back"), said("button.stop")]
    data = str((shown.button(NO) or {})["callback_data"])
    await mei.taps(YES)
    await mei.sees(said("done.corrected"))
    assert (await town.survey_becomes("upside-down", "completed"))["status"] == "completed"
    response = await town.response("upside-down")
    assert (both(response), response["flags"]) == ([(1, 5)] * 5, [])
    assert [one["value"] for one in response["answers"]] == counted(town.ledger, response) == [5] * 5
    assert (await town.group.sees("5/5 · 问题解决得怎么样 5/5")).id == card.id
    (same,) = await town.issues("upside-down")
    timeline = (await town.call("GET", f"/api/v1/issues/{same['id']}"))["timeline"]
    assert [event["event"] for event in timeline] == ["opened", "corrected"]
    await mei.taps_data(data, message=shown)  # the other button, from a screen that is out of date
    assert (await mei.answered()).text == said("already_answered")
    assert counted(town.ledger, response) == [5] * 5


@IN_TOWN
async def test_both_buttons_at_once_are_one_answer_and_what_is_repeated_none(town: Town) -> None:
    mei = await _contradicts(town, "both-at-once")
    shown = await mei.sees(WHICH)
    taps = await asyncio.gather(mei.taps(YES, message=shown), mei.taps(NO, message=shown))
    await town.survey_becomes("both-at-once", "completed")
    for tap in taps:
        town.telegram.redeliver(tap.update_id)
    await town.telegram.all_taken()
    await town.settles()
    response = await town.response("both-at-once")
    (answer,) = {confirmed for _, confirmed in both(response)}
    assert counted(town.ledger, response) == [answer] * 5
    lines = town.ledger.rows(
        "SELECT question FROM answer_logs WHERE response = ? AND question LIKE 'clarified:%'", response["id"]
    )
    assert len(lines) == len(set(lines)) == 5


async def test_in_wechat_by_menu_and_by_typing_and_on_the_page(tmp_path: Path) -> None:
    template = {
        "wechat.template_id": INVITATION_TEMPLATE,
        "wechat.template_fields": json.dumps({"thing1": "{subject}"}),
    }
    async with wechat_town_at(tmp_path, template) as town:
        town.wechat.template(INVITATION_TEMPLATE, "thing1")
        await _by_menu(town)
        await _by_typing(town)
        await _on_the_page(town)


async def _in_the_chat(town: WechatTown, ticket: str) -> Customer:
    mei = town.wechat.person("王女士")
    await town.types(mei, "你们什么时候来修？")
    await town.put(ticket, "closed", mei)
    await mei.reads(step(1))
    await mei.types("都是1分")
    await mei.reads(said("ask.why_all"))
    await town.types(mei, "非常满意")
    await mei.reads(WHICH)
    assert (await town.issue(ticket))["severity"] == "high"
    assert (await town.response(ticket))["status"] == "started"
    return mei


async def _by_menu(town: WechatTown) -> None:
    mei = await _in_the_chat(town, "menu")
    await mei.clicks(YES)
    await mei.reads(said("done.corrected"))
    response = await town.response("menu")
    assert (response["status"], both(response)) == ("completed", [(1, 5)] * 5)
    assert counted(town.ledger, response) == [5] * 5


async def _by_typing(town: WechatTown) -> None:
    """Type no to it, after a restart in between: what was asked is stored."""
    mei = await _in_the_chat(town, "typed")
    await town.product.kill()
    await town.product.start()
    await mei.types("不是")
    await mei.reads(said("done.thanks_name", name="王女士"))
    response = await town.response("typed")
    assert (response["status"], both(response), response["flags"]) == ("completed", [(1, 1)] * 5, [])
    assert counted(town.ledger, response) == [1] * 5


async def _on_the_page(town: WechatTown) -> None:
    person = town.wechat.person("李先生")
    await town.put("page", "closed", person)
    invitation = await person.reads("空调不制冷", way="template")
    rates = [{"rate": "1"}, {"skip": "1"}, {"rate": "1"}, {"skip": "1"}, *[{"rate": "1"}] * 3]
    town.private.append("非常满意")
    await answer_page(town.product.api, invitation.url, [*rates, {"say": "1", "text": "非常满意"}])
    assert (await town.issue("page"))["severity"] == "high"
    shown = await town.product.api.get(invitation.url)
    assert all(text in shown.text for text in (WHICH, YES, NO))
    await answer_page(town.product.api, invitation.url, [{"clarify": "1"}])
    assert said("done.corrected") in (await town.product.api.get(invitation.url)).text
    response = await town.response("page")
    assert (response["status"], both(response), response["channel"]) == ("completed", [(1, 5)] * 5, "wechat")
    assert counted(town.ledger, response) == [5] * 5

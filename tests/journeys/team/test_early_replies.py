"""Who replies before Telegram has told us that our message arrived, or though it never did, is understood."""

import asyncio

import pytest

from tests.support.botapi import Cut, Html, Message, Person, Slow
from tests.support.botapi.faults import Fault
from tests.support.town.town import Town, closing
from tests.support.town.words import asked, said, step

pytestmark = pytest.mark.asyncio(loop_scope="session")
FAULTS: dict[str, Fault] = {"late": Slow(0.6), "reset": Cut(done=True), "gateway": Html(502, done=True)}


async def _complains(town: Town, ticket: str) -> Person:
    mei = await town.customer()
    await town.put(ticket, "closed", mei)
    await mei.taps("1", message=await mei.sees(step(1)))
    await mei.sees(asked("ask.why", 1, 1))
    await town.issue(ticket)
    await town.group.sees(f"desk/{ticket}「")
    return mei


async def _is_asked(town: Town, fault: Fault, button: str, ticket: str) -> Message:
    """Press a button of a card; Telegram's answer to our question suffers. Return the question's first copy."""
    last, chat = town.group.last, town.group.chat
    town.telegram.faults.plant(fault, method="sendMessage", chat_id=chat.id)
    await town.li.taps(said(button), message=await town.group.sees(f"desk/{ticket}「"))
    return await town.group.sees("小李，请回复这条消息", after=last)


async def test_the_holders_sentence_is_taken_whenever_it_comes(town: Town) -> None:
    await asyncio.gather(*(_complains(town, ticket) for ticket in FAULTS))
    await town.settles()
    questions = {}
    for ticket, fault in FAULTS.items():
        questions[ticket] = await _is_asked(town, fault, "button.resolve", ticket)
        await town.li.replies_to(questions[ticket], f"已经修好了 {ticket}")
        await town.group.sees(f"已经修好了 {ticket}", after=questions[ticket])
    await town.settles()
    for ticket, question in questions.items():  # by now it has been sent again where it had to be
        await town.li.replies_to(question, f"空调修好了 {ticket}")
        preview = await town.group.sees(f"空调修好了 {ticket}", after=question)
        await town.li.taps(said("button.send"), message=preview)
        assert (await town.li.answered()).text == said("team_sent")
        assert (await town.issue(ticket))["note"] == f"空调修好了 {ticket}"


async def test_what_the_customer_is_told_on_the_way_is_not_taken_for_the_closure(town: Town) -> None:
    mei = await _complains(town, "on-the-way")
    await town.settles()
    await town.li.taps(said("button.claim"), message=await town.group.sees("desk/on-the-way「"))
    await town.group.sees_button(said("talk.button_progress"))
    question = await _is_asked(town, Slow(0.3), "talk.button_progress", "on-the-way")
    await town.li.replies_to(question, "师傅明天上午到")
    await town.li.taps(said("button.send"), message=await town.group.sees("师傅明天上午到", after=question))
    await mei.sees("师傅明天上午到")
    issue = await town.issue("on-the-way")
    assert (issue["status"], issue["note"]) == ("claimed", None)
    await town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", {"by": "小李", "note": "修好了。"})


async def test_a_customers_reply_belongs_to_the_survey_replied_to_though_nobody_knows_that_it_came(town: Town) -> None:
    mei = await town.customer()
    town.telegram.faults.plant(Cut(done=True), method="sendMessage", chat_id=mei.chat.id)
    await town.put("early-first", "closed", mei)
    first = await mei.sees(step(1))
    await town.settles()
    await town.call("PUT", "/api/v1/tickets/desk/early-second", closing(mei, subject="冰箱不制冷"))
    await town.call("POST", "/api/v1/tickets/desk/early-second/survey", {})
    await mei.sees("冰箱", after=first)
    await town.settles()
    await mei.replies_to(first, "2")
    await mei.sees(asked("ask.why", 1, 2))
    assert [one["value"] for one in (await town.response("early-first"))["answers"]] == [2]
    assert (await town.survey("early-second"))["status"] == "sent"

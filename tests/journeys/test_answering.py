"""What customers do that nobody expects: mumble, reword, press what is not theirs; and what Telegram says twice."""

import pytest

from tests.support.botapi import Message, Person
from tests.support.town.town import Town
from tests.support.town.words import asked, said, step

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _asked(town: Town, ticket: str) -> Person:
    mei = await town.customer()
    await town.put(ticket, "closed", mei)
    await mei.sees(step(1))
    return mei


async def test_who_is_twice_not_understood_is_handed_to_a_person_and_may_go_on(town: Town) -> None:
    mei = await _asked(town, "mumble")
    await town.writes(mei, "嗯嗯那个怎么说呢")
    await mei.sees(said("hint.example_rating", lowest=1, highest=5, example=3))
    await town.writes(mei, "就是那天的事情呀")
    await mei.sees(said("hint.passed_on"))
    issue = await town.issue("mumble")
    assert (issue["kind"], issue["reasons"], issue["text"]) == ("manual", ["not_understood"], "就是那天的事情呀")
    await town.group.sees(said("reason.not_understood"))
    await mei.taps("4")
    await mei.sees(step(2))


async def test_an_edited_remark_replaces_what_was_written_first(town: Town) -> None:
    mei = await _asked(town, "reworded")
    await mei.taps("3")
    await mei.sees(asked("ask.better", 1, 3))
    town.private += ["等太久", "等了整整三天"]
    remark = await mei.says("等太久")
    await mei.sees(step(2))
    await mei.edits(remark, "等了整整三天")
    await town.telegram.all_taken()
    (answer,) = (await town.response("reworded"))["answers"]
    assert (answer["value"], answer["text"]) == (3, "等了整整三天")


async def test_what_telegram_delivers_twice_changes_nothing(town: Town) -> None:
    mei = await _asked(town, "twice")
    await mei.taps("1")
    await mei.sees(asked("ask.why", 1, 1))
    await town.writes(mei, "没人接电话")
    await mei.sees(step(2))
    await mei.taps("5")
    await mei.sees(step(3))
    await mei.says("/language")
    await mei.sees(said("language.ask"))
    await town.settles()
    before, seen = _rows(town, mei), mei.picture()
    for number, update in sorted(town.telegram.bot.updates.made.items()):
        if str(mei.account.id) in str(update.body):
            town.telegram.redeliver(number)
    await town.telegram.all_taken()
    await town.settles()
    assert (_rows(town, mei), mei.picture()) == (before, seen)


async def test_forged_and_stale_buttons_are_answered_politely_and_change_nothing(town: Town) -> None:
    mei, eve = await _asked(town, "forged"), await town.customer("陌生人")
    mine = next(message for message in mei.messages if message.button("4"))
    rating, skip = (str((mine.button(label) or {})["callback_data"]) for label in ("4", said("button.skip")))
    await mei.taps("5")
    await mei.sees(step(2))
    await town.settles()
    before = _rows(town, mei)
    verb, interview, question, _ = rating.split("|")
    hopeless = [rating, "x", "\u200b\U0001f600" * 9, f"{verb}|int_none|{question}|4", f"cl|{interview}||0"]
    for data in hopeless:
        await eve.taps_data(data)
        assert (await eve.answered()).text == said("not_yours")
    stale = [skip, f"{verb}|{interview}|{question}|9", f"{verb}|{interview}|no_such_question|4"]
    for data in stale:
        await mei.taps_data(data, message=mine)
        assert (await mei.answered()).text == said("already_answered")
    assert _rows(town, mei) == before
    await town.li.taps_data("cl|iss_none||0", message=await _card(town, mei))
    assert (await town.li.answered()).text == said("team_stale")


async def _card(town: Town, mei: Person) -> Message:
    await town.writes(mei, "我要投诉你们")
    return await town.group.sees("我要投诉你们")


def _rows(town: Town, person: Person) -> list[list[tuple[object, ...]]]:
    """Return every row about a customer."""
    customer, chat = f"c-{person.account.id}", str(person.account.id)
    statements = {
        "SELECT * FROM customers WHERE id = ?": customer,
        "SELECT * FROM contacts WHERE customer = ?": customer,
        "SELECT * FROM interviews WHERE customer = ? ORDER BY id": customer,
        "SELECT * FROM invitations WHERE customer = ? ORDER BY id": customer,
        "SELECT * FROM answer_logs WHERE response IN (SELECT id FROM interviews WHERE customer = ?)": customer,
        "SELECT * FROM outbox WHERE chat = ? ORDER BY seq": chat,
    }
    return [town.ledger.rows(statement, value) for statement, value in statements.items()]


async def test_a_survey_whose_message_was_deleted_goes_on_in_a_new_one(town: Town) -> None:
    mei = await _asked(town, "deleted")
    mei.last.deleted = True
    await mei.says("4")
    await mei.sees(step(2))
    ours = [message.id for message in mei.messages if message.by_bot]
    await mei.taps("5")
    await mei.sees(step(3))
    assert [message.id for message in mei.messages if message.by_bot] == ours

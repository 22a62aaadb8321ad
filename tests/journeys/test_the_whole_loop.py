"""The whole loop: a ticket is closed, the customer is unhappy, the team mends it, the customer has the last word."""

import asyncio
from pathlib import Path

import pytest

from tests.support.botapi import Message, Person, Speaker
from tests.support.town.quick import quick_town_at
from tests.support.town.town import Town
from tests.support.town.words import asked, said, step

QUESTIONS = ["response_speed", "problem_solving", "attitude", "convenience", "after_care"]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_closed_ticket_travels_the_whole_loop(mode: str, tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, mode) as town:
        mei = await town.customer()
        answer = await town.put("42", "closed", mei)
        assert answer["survey"]["status"] == "scheduled"
        survey = await mei.sees(step(1))
        assert survey.buttons == ["1", "2", "3", "4", "5", said("button.skip"), said("button.stop")]
        await _answers(town, mei)
        await _finds_the_response(town)
        winner, other = await _claim_at_once(town)
        await _resolve(town, winner, ["换了压缩机。", "压缩机换好了，试机两小时正常。"])
        await mei.sees(f"压缩机换好了，试机两小时正常。\n\n{said('closure.ask')}")
        await mei.taps(said("button.not_solved"))
        await mei.sees(said("closure.not_solved"))
        reopened = await town.group.sees(said("card.reopened", round=2))
        issue = await town.issue("42")
        assert (issue["status"], issue["claimed_by"], issue["resolution"]) == ("open", None, 1)
        await other.taps(said("button.claim"), message=reopened)
        await _resolve(town, other, ["补了制冷剂，现在凉快了。"])
        await mei.sees("补了制冷剂，现在凉快了。")
        await mei.taps(said("button.solved"))
        await mei.sees(said("closure.solved"))
        await _finds_the_issue_closed(town, winner.account.name, other.account.name)
        tapped, thanks = (message for message in mei.messages if "服务态度" in message.text)
        assert survey.edits == 2, "a tap, and what was typed below it took its buttons"
        assert tapped.edits >= 7
        assert (tapped.buttons, thanks.edits) == ([], 0)


async def _answers(town: Town, mei: Person) -> None:
    """Rate: 2 with a remark, a typed 3, 4 corrected by Back, corrected again on an old keyboard, 5, 5, and comment."""
    await mei.taps("2")
    await mei.sees(asked("ask.why", 1, 2))
    await town.writes(mei, "等了两天才有人来")
    await mei.sees(step(2))
    await mei.says("三")
    await mei.sees(asked("ask.better", 2, 3))
    await mei.taps(said("button.skip"))
    shown = await mei.sees(step(3))
    four, five = (str((shown.button(label) or {})["callback_data"]) for label in ("4", "5"))
    await mei.taps("3")
    await mei.sees(step(4))
    await mei.taps(said("button.back"))
    await mei.sees(step(3))
    corrected = await mei.taps("4")
    await mei.sees(step(4))
    assert (corrected.data, await _attitude(town)) == (four, 4)
    await mei.taps_data(five, message=shown)
    await mei.answered()
    assert await _attitude(town) == 5
    town.telegram.redeliver(corrected.update_id)
    await town.telegram.all_taken()
    assert await _attitude(town) == 5
    await mei.taps("5")
    await mei.sees(step(5))
    await mei.taps("5")
    await mei.sees(said("ask.comment"))
    await town.writes(mei, "师傅人不错，就是太慢")
    await mei.sees(said("done.thanks_name", name="王女士"))


async def _attitude(town: Town) -> int:
    answers = (await town.response("42"))["answers"]
    return next(int(answer["value"]) for answer in answers if answer["question"] == "attitude")


async def _finds_the_response(town: Town) -> None:
    response = await town.response("42")
    assert [(answer["question"], answer["value"]) for answer in response["answers"]] == list(
        zip(QUESTIONS, [2, 3, 5, 5, 5], strict=True)
    )
    assert [answer["text"] for answer in response["answers"]] == ["等了两天才有人来", None, None, None, None]
    told = {key: response[key] for key in ("ticket", "survey", "status", "channel", "score", "comment")}
    assert told == {
        "ticket": "desk/42",
        "survey": "after_service",
        "status": "completed",
        "channel": "telegram",
        "score": 4.0,
        "comment": "师傅人不错，就是太慢",
    }
    assert set(response["flags"]) <= {"too_fast"}, "it presses faster than people read, where the machine is fast"
    assert response["started_at"] < response["completed_at"]
    assert (await town.survey("42"))["status"] == "completed"


async def _claim_at_once(town: Town) -> tuple[Speaker, Speaker]:
    """Let two people press Claim at the same time; gives who has it, and who was told so."""
    card = await town.group.sees("「响应速度」只有 2 分（2 分及以下提醒）")
    assert card.buttons == [said("button.claim"), said("button.resolve"), said("button.more")]
    team = [town.li, town.zhang]
    await asyncio.gather(*(one.taps(said("button.claim"), message=card) for one in team))
    answers = await asyncio.gather(*(one.answered() for one in team))
    places = sorted(range(2), key=lambda place: answers[place].alert)
    winner, other = (team[place] for place in places)
    told = [(answers[place].text, answers[place].alert) for place in places]
    assert told == [(said("team_claimed_by_you"), False), (said("team_held_by", name=winner.account.name), True)]
    await town.group.sees(said("state.claimed", name=winner.account.name))
    issue = await town.issue("42")
    assert (issue["status"], issue["claimed_by"]) == ("claimed", winner.account.name)
    await other.taps(said("button.resolve"), message=card)
    assert (await other.answered()).text == said("team_held_by", name=winner.account.name)
    return winner, other


async def _resolve(town: Town, worker: Speaker, sentences: list[str]) -> None:
    """Press Resolve, write the sentences one after the other (Edit between them), and send the last."""
    await worker.taps(said("button.resolve"))
    last: Message | None = None
    for sentence in sentences:
        if last is not None:
            await worker.taps(said("button.edit"), message=last)
        question = await worker.sees(f"{worker.account.name}，", after=last)
        assert (question.markup or {})["force_reply"]
        await town.settles()
        await worker.replies_to(question, sentence)
        last = await worker.sees(f"\n\n{sentence}", after=question)
    assert last is not None
    assert last.buttons == [said(f"button.{verb}") for verb in ("send", "edit", "silently")]
    await worker.taps(said("button.send"), message=last)
    assert (await worker.answered()).text == said("team_sent")
    await worker.sees(sentences[-1])


async def _finds_the_issue_closed(town: Town, first: str, second: str) -> None:
    issue = await town.issue("42")
    assert await town.issues("42") == [issue]
    told = {key: issue[key] for key in ("kind", "status", "severity", "reasons", "tickets", "resolution", "claimed_by")}
    assert told == {
        "kind": "low_score",
        "status": "closed",
        "severity": "normal",
        "reasons": ["response_speed 2 ≤ 2"],
        "tickets": ["desk/42"],
        "resolution": 1,
        "claimed_by": second,
    }
    assert issue["note"] == "补了制冷剂，现在凉快了。"
    assert issue["responses"] == [(await town.response("42"))["id"]]
    single = await town.call("GET", f"/api/v1/issues/{issue['id']}")
    assert [(line["event"], line["by"]) for line in single["timeline"]] == [
        ("opened", None),
        ("claimed", first),
        ("drafted", first),
        ("drafted", first),
        ("resolved", first),
        ("not_solved", "王女士"),
        ("claimed", second),
        ("drafted", second),
        ("resolved", second),
        ("confirmed", "王女士"),
    ]

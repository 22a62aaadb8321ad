"""The team's side: customers whom chat does not reach, a group that moves, and who may not press."""

from pathlib import Path

import pytest

from tests.support.town.quick import quick_town_at
from tests.support.town.town import GROUP, Town
from tests.support.town.words import asked, said, step


@pytest.mark.asyncio(loop_scope="session")
async def test_a_closure_that_reaches_nobody_becomes_a_call_on_the_days_collected_card(town: Town) -> None:
    for name in ("赵先生", "钱女士"):
        await _unhappy_and_gone(town, name)
        await town.group.sees(f"desk/gone-{name}「空调不制冷」 · {said('state.open')}")
        await _hold_issues(town, f"gone-{name}")
    card = await town.group.sees(said("calls.head", count=2))
    claims = [label for label in card.buttons if label.startswith(said("button.claim"))]
    assert len(claims) == 2
    assert (
        len([message for message in town.group.messages if message.text.startswith(said("calls.head", count=2))]) == 1
    )
    await town.li.taps(claims[0], message=card)
    assert (await town.li.answered()).text == said("team_claimed_by_you")
    (first, *_) = (await town.call("GET", "/api/v1/issues?status=claimed"))["items"]
    assert (first["kind"], first["claimed_by"]) == ("call", "小李")


async def _unhappy_and_gone(town: Town, name: str) -> None:
    """Let a customer give the lowest rating and block us before the team has an answer."""
    person, ticket = await town.customer(name), f"gone-{name}"
    await town.put(ticket, "closed", person)
    await person.taps("1")
    await person.sees(asked("ask.why", 1, 1))
    issue = await town.issue(ticket)
    assert (issue["kind"], issue["severity"]) == ("low_score", "high")
    person.chat.bot = "kicked"
    note = {"by": "小李", "note": "已上门处理。"}
    resolved = await town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", note)
    assert resolved["status"] == "resolved"


async def _hold_issues(town: Town, ticket: str) -> None:
    issues = await town.issues(ticket)
    assert {one["kind"]: one["reasons"] for one in issues} == {
        "low_score": ["response_speed 1 ≤ 2"],
        "call": ["closure blocked"],
    }


@pytest.mark.some(1)
@pytest.mark.parametrize("told", [True, False], ids=["told", "found_out"])
async def test_a_group_that_becomes_a_supergroup_keeps_its_alerts_and_its_buttons(
    tmp_path: Path, *, told: bool
) -> None:
    async with quick_town_at(tmp_path, "polling") as town:
        await _complains(town, "before")
        former = await town.group.sees("desk/before")
        updates = town.telegram.bot.updates
        updates.allowed = updates.allowed if told else frozenset()
        new = town.group.migrate()
        updates.allow(["message", "callback_query"])
        await _complains(town, "after")
        card = await town.group.sees("desk/after")
        assert (former.chat_id, card.chat_id) == (GROUP, new.id)
        await town.li.taps(said("button.claim"), message=card)
        assert (await town.li.answered()).text == said("team_claimed_by_you")
        await town.group.sees(said("state.claimed", name="小李"))
        if told:
            return
        await town.settles()
        await town.product.stop()
        await town.product.start()
        await town.zhang.taps(said("button.resolve"), message=card)
        assert (await town.zhang.answered()).text == said("team_held_by", name="小李")
        await _complains(town, "later")
        assert (await town.group.sees("desk/later")).chat_id == new.id


async def _complains(town: Town, ticket: str) -> None:
    """Let a customer write an alarming word in the comment."""
    person = await town.customer()
    await town.put(ticket, "closed", person)
    for place in range(1, 6):
        await person.taps("5", message=await person.sees(step(place)))
    await person.sees(said("ask.comment"))
    await town.writes(person, "你们再这样我就投诉")
    await person.sees(said("done.thanks_name", name="王女士"))

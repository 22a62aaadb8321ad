"""The team's side: customers whom chat does not reach, a group that moves, and who may not press."""

from pathlib import Path

import pytest

from tests.journeys.town import GROUP, Town, living_town_at


@pytest.mark.asyncio(loop_scope="session")
async def test_a_closure_that_reaches_nobody_becomes_a_call_on_the_days_collected_card(town: Town) -> None:
    for name in ("赵先生", "钱女士"):
        await _unhappy_and_gone(town, name)
    card = await town.group.sees("今天有 2 位客户，聊天联系不上，请打电话回访：")
    claims = [label for label in card.buttons if label.startswith("认领")]
    assert len(claims) == 2
    assert len([message for message in town.group.messages if "聊天联系不上" in message.text]) == 1
    await town.li.taps(claims[0], message=card)
    assert (await town.li.answered()).text == "已由您认领"
    (first, *_) = (await town.call("GET", "/api/v1/issues?status=claimed"))["items"]
    assert (first["kind"], first["claimed_by"]) == ("call", "小李")


async def _unhappy_and_gone(town: Town, name: str) -> None:
    """Let a customer give the lowest rating and block us before the team has an answer."""
    person, ticket = await town.customer(name), f"gone-{name}"
    await town.put(ticket, "closed", person)
    await person.taps("1")
    await person.sees("您打了 1 分")
    issue = await town.issue(ticket)
    assert (issue["kind"], issue["severity"]) == ("low_score", "high")
    person.chat.bot = "kicked"
    note = {"by": "小李", "note": "已上门处理。"}
    resolved = await town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", note)
    assert resolved["status"] == "resolved"

    def lost() -> bool | None:
        return name in str([message.text for message in town.group.messages if "聊天联系不上" in message.text]) or None

    await town.telegram.until(lost)
    issues = await town.issues(ticket)
    assert {one["kind"]: one["reasons"] for one in issues} == {
        "low_score": ["response_speed 1 ≤ 2"],
        "call": ["closure blocked"],
    }


@pytest.mark.parametrize("told", [True, False], ids=["told", "found_out"])
async def test_a_group_that_becomes_a_supergroup_keeps_its_alerts_and_its_buttons(
    tmp_path: Path, *, told: bool
) -> None:
    async with living_town_at(tmp_path, "polling") as town:
        await _complains(town, "before")
        former = await town.group.sees("desk/before")
        updates = town.telegram.bot.updates
        updates.allowed = updates.allowed if told else frozenset()
        new = town.group.migrate()
        updates.allow(["message", "callback_query"])
        await _complains(town, "after")
        card = await town.group.sees("desk/after")
        assert (former.chat_id, card.chat_id) == (GROUP, new.id)
        await town.li.taps("认领", message=card)
        assert (await town.li.answered()).text == "已由您认领"
        await town.group.sees("状态：小李 在处理")
        await town.settles()
        await town.product.stop()
        await town.product.start()
        await town.zhang.taps("处理完成", message=card)
        assert (await town.zhang.answered()).text == "小李 已经认领了"
        await _complains(town, "later")
        assert (await town.group.sees("desk/later")).chat_id == new.id


async def _complains(town: Town, ticket: str) -> None:
    """Let a customer write an alarming word in the comment."""
    person = await town.customer()
    await town.put(ticket, "closed", person)
    for place in range(1, 6):
        await person.taps("5", message=await person.sees(f"{place}/5 "))
    await person.sees("最后，还有什么想对我们说的吗？")
    await town.writes(person, "你们再这样我就投诉")
    await person.sees("评价收到了")

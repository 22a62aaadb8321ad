"""A group that is not the team's: the bot says nothing there, whoever speaks, and notes it in the log once."""

from typing import Any

import pytest

from tests.support.botapi import Group
from tests.support.town.town import Town
from tests.support.town.words import said

OTHER, FORUM = -1_009_000_001, -1_009_000_002
TYPED = (
    "/start",
    "/help",
    "/feedback",
    "/status",
    "/report",
    "/issues",
    "退订",
    "5",
    "投诉",
    "你们谁啊",
    "大家好",
    "1 分",
)
ANONYMOUS = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SERVICE = {"id": 777_000, "is_bot": False, "first_name": "Telegram"}


@pytest.mark.some(1)
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("number", [OTHER, FORUM])
async def test_in_a_group_that_is_not_the_teams_nobody_is_answered_and_one_line_says_so(
    town: Town, number: int
) -> None:
    person = await town.customer()
    group = town.telegram.group(number, "小区业主群", [person], bot_is_admin=True)
    group.adds_bot(person, "administrator")
    for words in TYPED:
        await group.member(person).says(words)
    for shape in _shapes(group):
        _tells(town, group, shape)
    await town.telegram.all_taken()
    group.removes_bot(person)
    await town.telegram.all_taken()
    await town.settles()
    assert group.messages == []
    lines = [line for line in town.product.log.splitlines() if str(number) in line]
    assert [("which is not the team's" in line, "is no longer in" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]
    assert "小区业主群" in lines[0]
    last = person.last
    await person.says("大家好")  # in their own chat they are
    await person.sees(said("notice.unknown_chat"), after=last)


def _shapes(group: Group) -> list[dict[str, Any]]:
    """Return messages as they come of those who are nobody in particular, in a topic, and of Telegram itself."""
    itself = {"id": group.chat_id, "type": "supergroup", "title": "小区业主群"}
    channel = {"id": -1_009_000_009, "type": "channel", "title": "业委会"}
    topic = {"message_thread_id": 7, "is_topic_message": True}
    person = {"id": 31_001, "is_bot": False, "first_name": "赵"}
    return [
        {"from": ANONYMOUS, "sender_chat": itself, "text": "/help"},
        {"from": SERVICE, "sender_chat": channel, "is_automatic_forward": True, "text": "通知"},
        {"from": person, "text": "在吗", **topic},
        {"from": person, "sticker": {}},
        {"from": person, "voice": {}},
        {"from": person, "new_chat_members": [person]},
        {"from": person, "forum_topic_created": {"name": "维修", "icon_color": 7322096}, **topic},
        {"from": person, "pinned_message": {"message_id": 1, "date": 0, "chat": itself}},
    ]


def _tells(town: Town, group: Group, shape: dict[str, Any]) -> None:
    chat = {"id": group.chat_id, "type": "supergroup", "title": "小区业主群"}
    town.telegram.bot.updates.put("message", {"message_id": 900, "date": 1, "chat": chat, **shape}, "others")

"""A team's group with topics: what is asked and answered there stays in the topic; where that is gone, in the group."""

import pytest

from tests.support.town.town import Town
from tests.support.town.words import said, step

REPAIRS = 7


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_answered_in_a_topic_stays_there_and_nothing_is_lost_with_a_topic(town: Town) -> None:
    mei = await town.customer()
    await town.put("topic", "closed", mei)
    await mei.taps("1", message=await mei.sees(step(1)))
    card, topics = await town.group.sees("desk/topic「"), town.group.chat.topics
    topics.add(REPAIRS)
    card.topic = REPAIRS  # somebody has moved it there
    last = town.group.last
    await town.li.taps(said("button.resolve"), message=card)
    question = await town.group.sees("小李，请回复这条消息", after=last)
    await town.li.replies_to(question, "修好了")
    preview = await town.group.sees("修好了", after=question)
    topics.clear()
    await town.li.replies_to(question, "换了压缩机")
    in_the_group = await town.group.sees("换了压缩机", after=preview)
    assert [one.topic for one in (question, preview, in_the_group)] == [REPAIRS, REPAIRS, None]
    await town.li.taps(said("button.send"), message=in_the_group)
    await mei.sees("换了压缩机")

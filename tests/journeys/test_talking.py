"""A customer speaks up, the team asks and tells on the way: on Telegram, and in WeChat where nothing can be pressed."""

from pathlib import Path
from typing import Any

from tests.support.town.quick import quick_town_at
from tests.support.town.town import Town, eventually
from tests.support.town.wechat_town import wechat_town_at
from tests.support.town.words import said

Json = dict[str, Any]


async def test_feedback_by_a_link_is_asked_about_told_about_and_mended(tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "polling") as town:
        mei = await town.customer()
        await town.put("42", "open", mei)
        await mei.start("feedback")
        await mei.sees(said("feedback.about"))
        await mei.taps("2")
        await mei.sees("「整体感受」您打了 2 分")
        await town.writes(mei, "没人管")
        await mei.sees(said("ask.comment"))
        await mei.taps(said("button.skip"))
        await town.group.sees("「整体感受」只有 2 分")
        await town.li.taps(said("button.claim"))
        await town.group.sees(said("state.claimed", name="小李"))
        await _asks(town)
        question = await mei.sees(said("clarify.overall"))
        town.private.append("打了三次电话没人接")
        await mei.replies_to(question, "打了三次电话没人接")
        await mei.sees(said("talk.taken"))
        await town.group.sees("客户回答了：“打了三次电话没人接”")
        await _tells(town, "正在加一条专线，周五前好。")
        await mei.sees("正在加一条专线，周五前好。")
        await mei.says("进度")
        await mei.sees(said("status.note", text="正在加一条专线，周五前好。"))
        (issue,) = (await town.call("GET", "/api/v1/issues"))["items"]
        assert (issue["tickets"], issue["progress"], issue["question"]) == ([], "正在加一条专线，周五前好。", None)


async def _asks(town: Town) -> None:
    """Send the question that is ready for a customer who said too little."""
    await town.li.taps(said("talk.button_question"))
    preview = await town.group.sees(said("clarify.overall"))
    assert preview.buttons == [said("button.send"), said("button.edit")]
    await town.li.taps(said("button.send"), message=preview)
    assert (await town.li.answered()).text in (said("team_asked"), said("team_question_ready"))


async def _tells(town: Town, sentence: str) -> None:
    """Write how it goes, look at it, send it."""
    await town.li.taps(said("talk.button_progress"))
    question = await town.li.sees("小李，请回复这条消息，写一句进展")
    assert (question.markup or {})["force_reply"]
    await town.settles()
    await town.li.replies_to(question, sentence)
    preview = await town.li.sees(sentence, after=question)
    await town.li.taps(said("button.send"), message=preview)


async def test_in_wechat_words_do_and_a_question_waits_until_it_was_read(tmp_path: Path) -> None:
    async with wechat_town_at(tmp_path) as town:
        mei = town.wechat.person("王女士")
        await town.put("42", "open", mei)
        made = await town.call("POST", "/api/v1/issues", {"title": "回访", "ticket": "desk/42"})
        await town.call("POST", f"/api/v1/issues/{made['id']}/ask", {"by": "李工", "text": "大约等了多久？"})
        assert mei.sees == []
        await town.types(mei, "在吗")
        await mei.reads("大约等了多久？")
        assert (await town.call("GET", f"/api/v1/issues/{made['id']}"))["question"] == "大约等了多久？"
        await town.types(mei, "等了两个小时")

        async def answered() -> Json | None:
            issue = await town.call("GET", f"/api/v1/issues/{made['id']}")
            return issue if issue["question"] is None else None

        issue = await eventually(answered)
        assert (issue["timeline"][-1]["event"], issue["timeline"][-1]["text"]) == ("answered", "等了两个小时")
        await town.types(mei, "进度")
        await mei.reads(said("status.claimed", name="李工"))
        await mei.types("意见反馈")
        await mei.reads(said("feedback.about"))
        await mei.types("5")
        await mei.reads(said("ask.comment"))

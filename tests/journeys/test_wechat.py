"""The whole loop in WeChat: with the window open, shut, and with an interface that is slow or down."""

import json
from pathlib import Path

import pytest

from tests.support.town.wechat_town import (
    CLOSURE_TEMPLATE,
    INVITATION_TEMPLATE,
    WechatTown,
    answer_page,
    wechat_town_at,
)
from tests.support.town.words import said, step
from tests.support.wechat import Http, Person, Refuse, Slow
from tests.support.wechat.customers import Way


@pytest.mark.some(1)
@pytest.mark.parametrize("menu", ["auto", "text"])
@pytest.mark.row("S1-20")
async def test_with_the_window_open_the_whole_loop_is_played_in_the_chat(menu: str, tmp_path: Path) -> None:
    async with wechat_town_at(tmp_path, {"wechat.menu": menu}) as town:
        mei = town.wechat.person("王女士")
        assert await town.types(mei, "你们什么时候来修？") == "transferred"
        await town.put("42", "closed", mei)
        await mei.reads(step(1), way="msgmenu" if menu == "auto" else "custom")
        await _answers(town, mei, menu)
        response = await town.response("42")
        assert [answer["value"] for answer in response["answers"]] == [2, 4, 5, 4, 5]
        assert (response["status"], response["answers"][0]["text"]) == ("completed", "等了两天才有人来")
        await _is_mended(town, mei, menu)


async def _answers(town: WechatTown, mei: Person, menu: str) -> None:
    way: Way = "msgmenu" if menu == "auto" else "passive"
    if menu == "auto":
        await mei.clicks("2")
    else:
        await mei.types("2")
    await mei.reads("哪里让您不满意", way=way)
    await town.types(mei, "等了两天才有人来")
    await mei.reads(step(2), way=way)
    await mei.types("４")
    await mei.reads(step(3), way=way)
    await mei.types("很好")
    await mei.reads(step(4), way=way)
    await mei.types("4分")
    await mei.reads(step(5), way=way)
    await mei.types("⭐⭐⭐⭐⭐")
    await mei.reads(said("ask.comment"), way=way)
    await town.types(mei, "希望快一点")
    await mei.reads(said("done.sorry"))


async def _is_mended(town: WechatTown, mei: Person, menu: str) -> None:
    alert = await town.robot.reads("评分偏低", kind="template_card")
    called = await town.robot.reads("", kind="text")
    assert set(called.mentions) == {"zhangsan", "13800138000"}
    for link in alert.links.values():
        assert (await town.product.api.get(link)).status_code == 200
    issue = await town.issue("42")
    await town.resolve(issue, "已经换了新的压缩机。")
    await mei.reads("已经换了新的压缩机。")
    if menu == "auto":
        await mei.clicks(said("button.not_solved"))
    else:
        await town.types(mei, "还没解决")
    await mei.reads(said("closure.not_solved"))
    await town.robot.reads(said("card.reopened", round=2), after=alert)
    assert (await town.issue("42"))["status"] == "open"


async def test_with_the_window_shut_the_page_is_offered_by_template_and_the_closure_comes_by_grant(
    tmp_path: Path,
) -> None:
    settings = {
        "wechat.template_id": INVITATION_TEMPLATE,
        "wechat.template_fields": json.dumps({"thing1": "{subject}", "time3": "{closed_at}"}),
        "wechat.subscribe_template_id": CLOSURE_TEMPLATE,
        "wechat.subscribe_template_fields": json.dumps({"thing1": "{subject}", "thing2": "{note}"}),
    }
    async with wechat_town_at(tmp_path, settings) as town:
        town.wechat.template(INVITATION_TEMPLATE, "thing1", "time3")
        town.wechat.notice_template(CLOSURE_TEMPLATE, "thing1", "thing2")
        mei = town.wechat.person("王女士")
        await town.put("43", "closed", mei)
        invitation = await mei.reads("空调不制冷", way="template")
        await town.survey_becomes("43", "sent")
        await _completes_the_page(town, invitation.url)
        await town.survey_becomes("43", "completed")
        await mei.grants(CLOSURE_TEMPLATE)
        await town.resolve(await town.issue("43"), "已经换了新的压缩机。")
        await mei.reads("已经换了新的压缩机", way="subscribe")
        assert town.wechat.calls("message/custom/send") == []


async def test_without_grant_and_template_all_waits_for_the_customers_next_message(tmp_path: Path) -> None:
    async with wechat_town_at(tmp_path) as town:
        mei = town.wechat.person("王女士")
        await town.put("44", "closed", mei)
        await town.survey_becomes("44", "scheduled", "window_closed")
        made = await town.call("POST", "/api/v1/issues", {"title": "回访", "ticket": "desk/44"})
        await town.resolve(made, "已经换了新的压缩机。")
        assert mei.sees == []
        await town.types(mei, "在吗")
        await mei.reads("已经换了新的压缩机。")
        await mei.reads(step(1))
        await town.survey_becomes("44", "sent")


async def test_whom_a_shut_window_kept_from_being_asked_in_time_is_for_a_person_to_ring(tmp_path: Path) -> None:
    settings = {"survey.deadline": "2s", "survey.reminder_after": "1s", "survey.expires_after": "2s"}
    async with wechat_town_at(tmp_path, settings) as town:
        mei = town.wechat.person("王女士")
        await town.put("45", "closed", mei)
        await town.survey_becomes("45", "unreachable", "window_closed", within=8)
        call = await town.issue("45", "call")
        assert call["reasons"] == ["invitation window_closed"]


@pytest.mark.proof  # the outbox is looked through every fifteen seconds
async def test_whom_a_shut_window_kept_from_being_told_is_for_a_person_to_ring(tmp_path: Path) -> None:
    settings = {"survey.reminder_after": "1s", "survey.expires_after": "2s"}
    async with wechat_town_at(tmp_path, settings) as town:
        bo = town.wechat.person("陈先生")
        await town.put("46", "open", bo)
        made = await town.call("POST", "/api/v1/issues", {"title": "回访", "ticket": "desk/46"})
        await town.resolve(made, "修好了。")
        assert (await town.issue("46", "call", within=25))["reasons"] == ["closure expired"]


@pytest.mark.some(1)
@pytest.mark.parametrize("trouble", [Slow(1.5), Http(500), Refuse(-1)], ids=repr)
async def test_while_the_interface_is_in_trouble_the_next_question_is_the_answer_itself(
    trouble: Slow | Http | Refuse, tmp_path: Path
) -> None:
    async with wechat_town_at(tmp_path) as town:
        mei = town.wechat.person("王女士")
        await mei.types("您好")
        town.wechat.faults.plant(trouble, "message/custom/send", times=None)
        await town.put("47", "closed", mei)
        if isinstance(trouble, Slow):
            await town.survey_becomes("47", "sent")
        else:  # a second call shows that the first one's failure has been heard
            await _called(town, times=2)
        calls = len(town.wechat.calls("message/custom/send"))
        push = await mei.types("5")
        assert (len(push.tries), len(town.wechat.calls("message/custom/send"))) == (1, calls)
        seen = await mei.reads(step(2), way="passive")
        town.wechat.courier.lose_answers = 1
        push = await mei.types("4")
        assert len(push.tries) == 2
        assert seen.number < (await mei.reads(step(3), way="passive")).number
        assert [answer["value"] for answer in (await town.response("47"))["answers"]] == [5, 4]


async def _called(town: WechatTown, times: int) -> None:
    def look() -> bool | None:
        return len(town.wechat.calls("message/custom/send")) >= times or None

    await town.wechat.until(look, 10)


async def _completes_the_page(town: WechatTown, url: str) -> None:
    """Answer as a browser without scripts does: a 2 with a remark, then fours, then a comment."""
    deeds = [{"rate": "2"}, {"say": "1", "text": "来晚了"}, *[{"rate": "4"}] * 4, {"say": "1", "text": "就这样"}]
    await answer_page(town.product.api, url, deeds)

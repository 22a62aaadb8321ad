"""The interview on the page, as a phone without JavaScript plays it; the chat sees the same interview."""

import httpx
import pytest

from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.model.records import Purpose
from tests.support.channels import able
from tests.support.web.house import House
from tests.support.web.survey_pages import (
    Page,
    Phone,
    asked,
    interview_of,
    messages,
    opened,
    survey_link,
)

HERE = "/api/v1/responses?ticket=zendesk/42"


async def response(api: httpx.AsyncClient) -> dict[str, object]:
    (told,) = (await api.get(HERE)).json()["items"]
    return dict(told)


async def test_the_whole_survey_is_answered_on_the_page(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    assert {"王女士，您好！", "响应速度", "第 1 题，共 5 题", "很差", "很好"} <= set(phone.page.lines)
    assert [value for name, value, _ in phone.page.form("rate").buttons if name == "rate"] == list("12345")
    await phone.press("rate", 2)
    assert "「响应速度」您打了 2 分。哪里让您不满意？一句话就好，不想写可以跳过。" in phone.page.lines
    await phone.press("say", text="等了两个小时")
    for value in (5, 4, 5, 5):
        await phone.press("rate", value)
    assert "最后一步" in phone.page.lines
    await phone.press("say", text="师傅人很好")
    assert {"谢谢您，王女士！您的评价收到了。", "您的评分"} <= set(phone.page.lines)
    assert phone.page.lines.count("★★★★★") == 3
    told = await response(api)
    assert (told["status"], told["score"], told["comment"]) == ("completed", 4.2, "师傅人很好")
    answers = told["answers"]
    assert isinstance(answers, list)
    assert [(one["value"], one["text"]) for one in answers][:2] == [(2, "等了两个小时"), (5, None)]


async def test_what_is_begun_in_the_chat_goes_on_on_the_page_and_back(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    interview = await interview_of(house, str((await response(api))["id"]))
    await phone.press("rate", 5)
    edit = (await messages(house))[-1]
    assert (edit.edits, edit.about) == (interview.message, interview.ref)
    assert "2/5 问题解决得怎么样" in edit.prompt.text
    action = {"id": "action-00000001", "chat": "phone", "person": "customer", "text": "3"}
    await api.post("/console/enter", data={"key": house.web.console.invite()}, headers={"origin": str(api.base_url)})
    done = await api.post("/console/sandbox/act", json=action, headers={"origin": str(api.base_url)})
    assert done.status_code == 204
    phone = await Phone.at(api, survey_link(house, interview.id))
    assert "「问题解决得怎么样」您打了 3 分。哪里还可以做得更好？一句话就好，不想写可以跳过。" in phone.page.lines


async def test_a_chat_that_does_not_edit_stays_quiet_while_the_page_is_used(
    house: House, api: httpx.AsyncClient
) -> None:
    house.web.receiver.adopt(able(house.web.receiver.policy, "sandbox", edits=False))
    phone = await opened(house, api)
    for value in (5, 4, 5, 5, 5):
        await phone.press("rate", value)
    await phone.press("say", text="师傅人很好")
    await phone.press("stop")
    (first,) = await messages(house)
    assert (first.purpose, first.status) == (Purpose.SURVEY, SendingState.CANCELLED)


async def test_a_press_sent_twice_counts_once(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    fields = {**phone.page.form("rate").hidden, "rate": "5"}
    first, again = await phone.send(fields), await phone.send(fields)
    assert "第 2 题，共 5 题" in first.lines
    assert first.lines == again.lines
    answers = (await response(api))["answers"]
    assert isinstance(answers, list)
    assert [one["value"] for one in answers] == [5]


async def test_a_page_that_is_behind_changes_nothing_and_says_so(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    old = {**phone.page.form("rate").hidden, "rate": "1"}
    await phone.press("rate", 5)
    await phone.press("rate", 4)
    before = await interview_of(house, str((await response(api))["id"]))
    page = await phone.send(old)
    assert "那一步已经答过了，刚才点的没有记上。请看现在这一步。" in page.lines
    await phone.press("back")
    await phone.press("back")
    assert "「响应速度」" not in page.text
    assert "已经答过了" in (await phone.send(old)).text
    assert (
        (await interview_of(house, before.id)).ratings == before.ratings == {"response_speed": 5, "problem_solving": 4}
    )


async def test_one_may_skip_go_back_and_change_ones_mind(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    assert [button[0] for button in phone.page.form("skip").buttons].count("back") == 0
    await phone.press("skip")
    await phone.press("rate", 4)
    await phone.press("back")
    assert "lit" in phone.page.classes
    assert "问题解决得怎么样" in phone.page.lines
    await phone.press("rate", 5)
    for _ in range(4):
        await phone.press("skip")
    assert (await response(api))["status"] == "completed"
    assert {"★★★★★"} == {line for line in phone.page.lines if "★" in line}


async def test_a_finished_survey_may_be_corrected_until_it_lapses(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    for _ in range(5):
        await phone.press("rate", 5)
    await phone.press("skip")
    (first, *_) = [form for form in phone.page.forms if any(button[0] == "rate" for button in form.buttons)]
    await phone.press("rate", 4, form=first)
    assert "★★★★☆" in phone.page.lines
    answers = (await response(api))["answers"]
    assert isinstance(answers, list)
    assert [one["value"] for one in answers] == [4, 5, 5, 5, 5]


async def test_nothing_written_is_asked_for_again(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 1)
    page = await phone.press("say", text=" \x00 ")
    assert "还没有写呢。写一句再点「提交」，不想写就点「跳过」。" in page.lines
    await phone.press("say", text="长" * 5000 + "\ud7ff")
    answers = (await response(api))["answers"]
    assert isinstance(answers, list)
    assert answers[0]["text"] == "长" * 4096


async def test_a_number_in_the_remarks_field_is_a_remark(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 1)
    await phone.press("say", text="2")
    answers = (await response(api))["answers"]
    assert isinstance(answers, list)
    assert (answers[0]["value"], answers[0]["text"]) == (1, "2")


async def test_a_low_rating_opens_one_issue_and_the_page_is_sorry(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 1)
    await phone.press("say", text="我要投诉")
    for _ in range(4):
        await phone.press("rate", 5)
    await phone.press("skip")
    assert "没让您满意，抱歉。会有同事处理，办好了会告诉您。" in phone.page.lines
    (issue,) = (await api.get("/api/v1/issues?ticket=zendesk/42")).json()["items"]
    assert (issue["kind"], issue["severity"]) == ("complaint", "high")


async def test_whoever_has_no_chat_is_promised_a_call_instead_of_news(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, channels=()))
    await phone.press("rate", 1)
    await phone.press("say", text="我要投诉")
    for _ in range(4):
        await phone.press("rate", 5)
    await phone.press("skip")
    assert "没让您满意，抱歉。会有同事处理，需要时打电话给您。" in phone.page.lines


async def test_ten_points_are_numbers_in_two_rows(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api, "ten_point")
    assert {"numbers", "in-5"} <= set(phone.page.classes)
    assert {"1 很不满意", "10 非常满意"} <= set(phone.page.lines)
    await phone.press("rate", 10)
    assert "第 2 题，共 5 题" in phone.page.lines


@pytest.mark.parametrize(
    ("locale", "says"),
    [("zh-Hans", "第 1 题，共 5 题"), ("zh-Hant", "第 1 題，共 5 題"), ("en", "Question 1 of 5")],
)
async def test_the_page_speaks_the_interviews_language(
    house: House, api: httpx.AsyncClient, locale: str, says: str
) -> None:
    link = survey_link(house, await asked(api, locale=locale))
    phone = await Phone.at(api, link, **{"accept-language": "fr"})
    assert says in phone.page.lines
    assert f'<html lang="{locale}">' in phone.page.html


@pytest.mark.parametrize("crooked", [{"rate": "6"}, {"rate": "0"}, {"rate": "５"}, {"rate": "-1"}, {"rate": "9" * 400}])
async def test_a_value_that_is_not_on_the_scale_is_not_recorded(
    house: House, api: httpx.AsyncClient, crooked: dict[str, str]
) -> None:
    phone = await opened(house, api)
    page: Page = await phone.send({**phone.page.form("rate").hidden, **crooked})
    assert (page.status, (await response(api))["answers"]) == (200, [])


async def test_what_the_help_desk_and_the_customer_wrote_is_only_text(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api, name='<script>alert("1")</script>')
    assert "<script>alert" not in phone.page.html
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;" in phone.page.html

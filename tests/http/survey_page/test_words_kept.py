"""What is written on the survey page is kept, whatever is pressed and wherever the interview is by then."""

import httpx
import pytest

from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, opened

HERE = "/api/v1/responses?ticket=zendesk/42"


async def said(api: httpx.AsyncClient) -> list[str]:
    """Return what the response holds in words, remarks first."""
    (told,) = (await api.get(HERE)).json()["items"]
    return [text for text in (*(answer["text"] for answer in told["answers"]), told["comment"]) if text]


async def at_the_comment(phone: Phone) -> None:
    for _ in range(5):
        await phone.press("rate", 5)


@pytest.mark.parametrize("button", ["say", "skip", "back", "stop"])
async def test_a_remark_is_kept_whatever_is_pressed(house: House, api: httpx.AsyncClient, button: str) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    form = phone.page.form("say")
    await phone.send({**form.hidden, "text": "等了两个小时", button: "1"})
    assert await said(api) == ["等了两个小时"]


@pytest.mark.parametrize("button", ["say", "skip", "back", "stop"])
async def test_a_comment_is_kept_whatever_is_pressed(house: House, api: httpx.AsyncClient, button: str) -> None:
    phone = await opened(house, api)
    await at_the_comment(phone)
    form = phone.page.form("say")
    await phone.send({**form.hidden, "text": "师傅很细心", button: "1"})
    assert await said(api) == ["师傅很细心"]


@pytest.mark.parametrize("button", ["say", "skip", "back"])
@pytest.mark.parametrize(("words", "kept"), [("退订", []), ("别再给我发了", ["别再给我发了"])])
async def test_who_writes_that_it_shall_stop_is_left_alone(
    house: House, api: httpx.AsyncClient, button: str, words: str, kept: list[str]
) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    await phone.send({**phone.page.form("say").hidden, "text": words, button: "1"})
    assert (await api.get("/api/v1/customers/c-1001")).json()["customer"]["opted_out_at"] is not None
    assert await said(api) == kept


@pytest.mark.parametrize("button", ["say", "skip"])
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("人工", "好的，已经请同事联系您。"),
        ("你们谁啊", "我是服务回访助手。"),
        ("算了", "这次评价结束了。"),
        ("5分", "问题解决得怎么样"),
    ],
)
async def test_whatever_is_written_is_kept_and_the_page_shows_what_follows(
    house: House, api: httpx.AsyncClient, button: str, words: str, shown: str
) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    page = await phone.send({**phone.page.form("say").hidden, "text": words, button: "1"})
    assert shown in page.text
    assert words in (await api.get("/api/v1/customers/c-1001")).text


async def test_asking_for_a_person_twice_counts_once(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    form = phone.page.form("say")
    for _ in range(2):
        page = await phone.send({**form.hidden, "text": "人工", "say": "1"})
        assert "好的，已经请同事联系您。" in page.text
    (issue,) = (await api.get("/api/v1/issues?ticket=zendesk/42")).json()["items"]
    assert [line["event"] for line in issue["timeline"]] == ["opened"]


async def test_asking_who_asks_is_answered_and_the_step_stays_however_often_the_form_is_sent(
    house: House, api: httpx.AsyncClient
) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    form = phone.page.form("say")
    for _ in range(2):
        page = await phone.send({**form.hidden, "text": "你们谁啊", "say": "1"})
        assert "我是服务回访助手。「空调不制冷」" in page.text
        assert phone.page.form("say").hidden == form.hidden
    assert (await api.get("/api/v1/issues?ticket=zendesk/42")).json()["items"] == []


async def test_the_way_out_sends_the_words_of_the_field_with_it(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    assert 'name="stop" value="1" form="step" formnovalidate' in phone.page.html
    assert '<form class="step" id="step"' in phone.page.html


async def test_who_goes_back_finds_the_comment_again_and_may_take_it_away(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await at_the_comment(phone)
    await phone.press("back", text="师傅很细心 </textarea>")
    await phone.press("rate", 4)
    assert "师傅很细心 &lt;/textarea&gt;" in phone.page.html
    await phone.press("back", text="师傅很细心")
    await phone.press("skip")
    await phone.press("skip", text="")
    assert await said(api) == []


async def test_words_for_a_step_that_is_over_are_kept_and_the_page_says_so(
    house: House, api: httpx.AsyncClient
) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    remark = phone.page.form("say").hidden
    await phone.press("skip")
    page = await phone.send({**remark, "text": "等了两个小时", "say": "1"})
    assert {"那一步已经过了，您写的我们也记下了。", "问题解决得怎么样"} <= set(page.lines)
    assert "已经过了" not in (await phone.send({**remark, "text": "等了两个小时", "say": "1"})).text
    for _ in range(4):
        await phone.press("rate", 5)
    comment = phone.page.form("say").hidden
    await phone.press("skip")
    for button in ("say", "skip", "back", "say"):
        await phone.send({**comment, "text": f"最后说{button}", button: "1"})
    assert await said(api) == ["等了两个小时", "最后说say\n最后说skip\n最后说back"]


async def test_an_alert_word_that_comes_late_is_still_an_alert(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api)
    await at_the_comment(phone)
    comment = phone.page.form("say").hidden
    await phone.press("skip")
    assert (await api.get("/api/v1/issues?ticket=zendesk/42")).json()["items"] == []
    await phone.send({**comment, "text": "我要投诉", "say": "1"})
    (issue,) = (await api.get("/api/v1/issues?ticket=zendesk/42")).json()["items"]
    assert issue["kind"] == "complaint"


async def test_an_anonymous_survey_that_is_over_takes_no_more_words(house: House, api: httpx.AsyncClient) -> None:
    phone = await opened(house, api, "anonymous_pulse")
    for _ in range(3):
        await phone.press("rate", 5)
    comment = phone.page.form("say").hidden
    await phone.press("skip")
    page = await phone.send({**comment, "text": "我是王女士", "say": "1"})
    assert "那一步已经答过了，刚才点的没有记上。请看现在这一步。" in page.lines
    assert await said(api) == []


async def test_the_button_to_go_on_stands_alone_and_skip_is_quiet_below_it(
    house: House, api: httpx.AsyncClient
) -> None:
    phone = await opened(house, api)
    await phone.press("rate", 2)
    order = [name for name, _, _ in phone.page.form("say").buttons]
    assert order == ["say", "back", "skip"]
    assert ("say", "1", "提交") in phone.page.form("say").buttons
    assert phone.page.classes.count("primary") == 1

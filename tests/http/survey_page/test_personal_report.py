"""`/mydata`: what is held about a person, in plain words and by section, then the file; in three languages."""

import json
import re
from collections.abc import Sequence

import httpx
import pytest

from bot.jobs.data_requests import held_about, report_reader
from bot.ports import Parsed
from dialogs.messages import Address, Inbound, Person, Text
from dialogs.personal_report import TOLD_KINDS, personal_report, report_summary
from storage.model.records import OutboxMessage
from storage.unit_of_work.selects import all_of
from tests.support.web.house import House
from tests.support.web.survey_pages import Page
from tests.support.web.tickets import TICKET

PHONE = Address("sandbox", "phone")
SAID = ("1", "等了<三>个小时", "投诉你们", "/mydata")
HEADS = {
    "zh-CN": ("您是谁", "和您联系的聊天账号", "服务工单", "您的评价", "跟进的问题", "我们发给您的消息", "保存多久"),
    "zh-TW": ("您是誰", "和您聯絡的聊天帳號", "服務工單", "您的評價", "跟進的問題", "我們傳給您的訊息", "保存多久"),
    "en": ("Who you are", "Chats in which we reach you", "Service tickets", "Your ratings", "What we looked into"),
}


async def _asked_for(house: House, api: httpx.AsyncClient, said: Sequence[str] = SAID) -> str:
    """Let a customer answer badly and ask for their data; return the path that the answer leads to."""
    customer = TICKET["customer"] | {"phone": "13800000000", "timezone": "Asia/Shanghai"}
    await api.put("/api/v1/tickets/zendesk/42", json=TICKET | {"customer": customer})
    await api.post("/api/v1/tickets/zendesk/42/survey")
    for number, text in enumerate(said):
        inbound = Inbound(f"sandbox:said-{number}", PHONE, Person("mei"), house.clock.now(), Text(text))
        await house.web.receiver.receive(Parsed(inbound.key, inbound), "sandbox:phone", text.encode())
    async with house.store.reading() as session:
        messages = await session.records(OutboxMessage, all_of(OutboxMessage))
    links = [link.url for message in messages if (link := message.prompt.link) is not None and "/d/" in link.url]
    return links[-1].removeprefix(house.web.public_url)


async def test_the_page_says_in_plain_words_what_is_held_and_leads_to_the_file(
    house: House, api: httpx.AsyncClient
) -> None:
    path = await _asked_for(house, api)
    async with house.client(key=None) as phone:
        offer = Page(await phone.get(path))
        assert [name for name, _, _ in offer.forms[0].buttons] == ["see"]
        for language, wanted in HEADS.items():
            page = Page(await phone.post(path, data={"see": "1"}, headers={"accept-language": language}))
            assert (page.status, page.headers["cache-control"]) == (200, "no-store")
            heads = re.findall(r"<h2>(.*?)</h2>", page.html)
            assert [head for head in wanted if head not in heads] == []
            for held in ("王女士", "13800000000", "空调不制冷", "等了<三>个小时", "投诉你们", "phone"):
                assert held in page.text, held
            assert "<三>" not in page.html
            assert page.forms[0].action == offer.forms[0].action
        file = await phone.post(path)
    assert json.loads(file.text)["customer"]["name"] == "王女士"


async def test_a_channel_that_carries_files_sends_a_line_for_each_section(house: House, api: httpx.AsyncClient) -> None:
    await _asked_for(house, api)
    request = (await api.get("/api/v1/requests")).json()["items"][0]["id"]
    held = await held_about(house.web.reader, request)
    reader = report_reader(held, house.web.receiver.policy)
    sections = personal_report(held, reader)
    lines = report_summary(sections, reader).splitlines()
    assert len(lines) == len(sections) + 3
    assert lines[0] == "我们保存了您的这些资料："
    assert lines[1] == "您是谁：称呼 王女士，电话 13800000000，时区 Asia/Shanghai，语言 简体中文"
    assert "服务工单：1 条" in lines
    assert "您的评价：1 条" in lines


@pytest.mark.row("S0-21", "S1-54")
async def test_nothing_is_held_of_which_the_page_does_not_tell(house: House, api: httpx.AsyncClient) -> None:
    await _asked_for(house, api)
    held = (await api.get("/api/v1/customers/c-1001")).json()
    assert held.keys() - {"made_at"} == TOLD_KINDS


async def test_what_was_written_about_an_issue_is_told_with_it(house: House, api: httpx.AsyncClient) -> None:
    await _asked_for(house, api)
    request = (await api.get("/api/v1/requests")).json()["items"][0]["id"]
    held = await held_about(house.web.reader, request)
    (issue,) = held["issues"]
    quotes = [{"at": issue["opened_at"], "text": "还在漏"}, {"at": issue["opened_at"], "text": "没人来"}]
    told = personal_report(
        held | {"issues": [issue | {"quotes": quotes}]}, report_reader(held, house.web.receiver.policy)
    )
    everything = f"{told}"
    assert everything.index("还在漏") < everything.index("没人来")

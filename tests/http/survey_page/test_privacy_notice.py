"""The privacy notice: our own page in the reader's language, or the owner's; linked before the first question."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from scoring.values import replace
from tests.support.web.house import House
from tests.support.web.survey_pages import (
    Page,
    Phone,
    asked,
    interview_of,
    messages,
    survey_link,
)


def tell(house: House, **said: Any) -> None:  # noqa: ANN401 (fields of Privacy)
    """Let the owner say who asks and where the notice stands."""
    policy = house.web.receiver.policy
    house.web.receiver.adopt(replace(policy, privacy=replace(policy.privacy, **said)))


@pytest.mark.parametrize(
    ("query", "wishes", "head"),
    [
        ("", "", "谁在问"),
        ("", "zh-TW,zh;q=0.8", "誰在問"),
        ("", "en-GB,en", "Who asks"),
        ("?locale=en", "zh-CN", "Who asks"),
        ("?locale=zh-Hant", "en", "誰在問"),
        ("?locale=klingon", "en", "谁在问"),
    ],
)
async def test_the_notice_speaks_the_readers_language(house: House, query: str, wishes: str, head: str) -> None:
    async with house.client(key=None) as anybody:
        page = Page(await anybody.get(f"/privacy{query}", headers={"accept-language": wishes}))
    assert page.status == 200
    assert head in page.lines


async def test_the_notice_says_who_why_how_long_and_how_to_stop(house: House, api: httpx.AsyncClient) -> None:
    tell(house, company="清风空调 <b>", contact="dpo@care.example", version="2026-11")
    page = Page(await api.get("/privacy"))
    assert "清风空调 <b>，在服务结束以后请您评价。" in page.lines
    assert "<b>" not in page.html
    said = ("dpo@care.example", "/mydata", "/forgetme", "退订", "继续评价", "保存多久", "2026-11", "Telegram", "不记名")
    assert [word for word in said if word not in page.text] == []
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_page_says_it_before_the_first_question_and_links_to_it(house: House, api: httpx.AsyncClient) -> None:
    phone = await Phone.at(api, survey_link(house, await asked(api)))
    assert "您的回答只用来改进服务、跟进问题。" in phone.page.lines
    assert phone.page.html.count('href="../privacy"') == 1
    assert phone.page.html.index("../privacy") < phone.page.html.index('name="rate"')
    await phone.press("rate", 5)
    assert "您的回答只用来" not in phone.page.text
    assert phone.page.html.count('href="../privacy"') == 1


async def test_an_owners_own_notice_is_linked_instead(house: House, api: httpx.AsyncClient) -> None:
    tell(house, company="清风空调", url="https://care.example/privacy")
    phone = await Phone.at(api, survey_link(house, await asked(api)))
    assert "清风空调邀请您评价，回答只用来改进服务、跟进问题。" in phone.page.lines
    assert 'href="https://care.example/privacy"' in phone.page.html
    assert "https://care.example/privacy" in (await messages(house))[0].prompt.written_out


async def test_an_interview_keeps_which_version_of_the_notice_was_shown(house: House, api: httpx.AsyncClient) -> None:
    first = await asked(api)
    tell(house, version="2")
    second = await asked(api, ticket="43", id="c-2", contacts=[{"channel": "sandbox", "address": "phone"}])
    assert [(await interview_of(house, one)).notice for one in (first, second)] == ["1", "2"]


async def test_how_long_each_kind_is_kept_follows_the_settings(house: House, api: httpx.AsyncClient) -> None:
    page = Page(await api.get("/privacy"))
    assert page.text.count(" 天\n") == 3
    policy = house.web.receiver.policy
    kept = (("texts", timedelta(days=1)), ("messages", None))
    house.web.receiver.adopt(replace(policy, privacy=replace(policy.privacy, kept=kept)))
    english = Page(await api.get("/privacy?locale=en")).text
    assert "1 day\n" in english
    assert "Until you ask us to delete it" in english

"""The line that asks how important something is, in a real browser: by thumb, by night, without barriers."""

from pathlib import Path

import httpx
import pytest

from bot.signed_links import LinkPurpose
from tests.browser.tab import open_tab
from tests.browser.test_survey_page import link, look
from tests.support.web.house import House
from tests.support.web.survey_pages import asked

SMALLEST = "Math.min(...[...document.querySelectorAll('.choices label > span')].map((one) => one.offsetHeight))"


@pytest.mark.proof
async def test_both_lines_are_answered_on_one_page_by_a_thumb(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    async with open_tab(chromium, 320, 568) as tab:
        await tab.goto(link(house, address, LinkPurpose.SURVEY, await asked(api, "importance_matrix")))
        await tab.sees("这一项对您重要吗？可以不选")
        await look(tab, tmp_path, "both")
        assert await tab.asks(SMALLEST) >= 44
        assert await tab.asks("document.documentElement.scrollWidth") <= 320
        await tab.tap("[name=next]")
        await tab.sees("接待态度")
        await tab.tap("[name=rate][value='5']")
        await tab.tap("[name=importance][value='4']")
        await look(tab, tmp_path, "chosen")
        await tab.tap("[name=next]")
        await tab.sees("解决速度")
        await tab.tap("[name=rate][value='4']")
        await tab.tap("[name=next]")
        await tab.sees("解决效果")
        assert tab.complaints == []
    (response,) = (await api.get("/api/v1/responses")).json()["items"]
    assert [(one["value"], one["importance"]) for one in response["answers"]] == [(5, 4), (4, None)]

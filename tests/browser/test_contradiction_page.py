"""The page that asks which rating is meant, in a real browser: by thumb, by night, without barriers."""

from pathlib import Path

import httpx
import pytest

from bot.signed_links import LinkPurpose
from tests.browser.tab import open_tab
from tests.browser.test_survey_page import link, look
from tests.handlers.contradictions.test_every_door import CONTACT, says
from tests.support.web.house import House
from tests.support.web.survey_pages import asked

SMALLEST = "Math.min(...[...document.querySelectorAll('[name=clarify]')].map((one) => one.offsetHeight))"


@pytest.mark.proof
async def test_which_rating_is_meant_is_answered_by_a_thumb(
    house: House, api: httpx.AsyncClient, address: str, chromium: str, tmp_path: Path
) -> None:
    response = await asked(api, contacts=[CONTACT])
    await says(house, "都是1分", "非常满意")
    async with open_tab(chromium, 320, 568) as tab:
        await tab.goto(link(house, address, LinkPurpose.SURVEY, response))
        await tab.sees("多问一句：您打了 1 分，是想打 5 分吗？")
        await look(tab, tmp_path, "which")
        assert await tab.asks(SMALLEST) >= 44
        assert await tab.asks("document.documentElement.scrollWidth") <= 320
        await tab.tap("[name=clarify][value='1']")
        await tab.sees("改好了，谢谢您告诉我们！")
        assert tab.complaints == []
    (done,) = (await api.get("/api/v1/responses")).json()["items"]
    assert (done["status"], {one["value"] for one in done["answers"]}) == ("completed", {5})

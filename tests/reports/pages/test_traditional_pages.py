"""Every kind of report in Traditional Chinese has the letters of Taiwan only, but for what people wrote themselves."""

import json

import httpx

from bot.jobs.reports.report_documents import REPORT_KINDS
from tests.reports.test_report_kinds import OCTOBER, OF_KIND, SEPTEMBER, rated, told
from tests.support.web.house import House
from tests.text.traditional_letters import letters_of_the_mainland

PEAK = "双11"
"""A name from `lists.toml`, which is the company's own."""


async def test_no_page_in_traditional_chinese_has_a_letter_of_the_mainland(
    house: House, api: httpx.AsyncClient
) -> None:
    await rated(house, SEPTEMBER, 4, range(40), team="north", agent="a1", category="漏水")
    await rated(house, OCTOBER, 5, range(100, 140), team="north", agent="a1", category="漏水")
    await rated(house, OCTOBER, 2, range(200, 230), team="south", agent="b1", category="噪音")
    found = {}
    for kind in REPORT_KINDS:
        page = json.dumps(await told(api, kind, locale="zh-Hant", **OF_KIND.get(kind, {})), ensure_ascii=False)
        found[str(kind)] = letters_of_the_mainland(page.replace(PEAK, ""))
    assert {kind: letters for kind, letters in found.items() if letters} == {}

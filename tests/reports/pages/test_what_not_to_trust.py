"""The last chapter of the summary: which figures not to trust yet, and why, in plain words."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.reports.test_report_kinds import rated, told
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER, NOVEMBER = (datetime(2026, month, 10, 4, tzinfo=UTC) for month in (10, 11))
TITLES = {"zh-Hans": "哪些数字先别当真", "zh-Hant": "哪些數字先別當真", "en": "Which figures not to trust yet"}


def lines(document: Any, locale: str = "zh-Hans") -> list[str]:  # noqa: ANN401 (JSON is anything)
    """Return what the chapter says; nothing where there is none."""
    found = [one for one in document["sections"] if one["title"] == TITLES[locale]]
    return [line for one in found for block in one["blocks"] for line in block["lines"]]


async def unanswered(house: House, numbers: range) -> None:
    """Store closings of which nobody was asked."""
    visits = [closed_visit(str(n), OCTOBER, None) for n in numbers]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))


async def test_of_many_answers_in_a_month_that_is_over_there_is_nothing_to_say(
    house: House, api: httpx.AsyncClient
) -> None:
    await rated(house, OCTOBER, 5, range(60))
    assert lines(await told(api, "summary", locale="zh-Hans")) == []


async def test_figures_of_few_people_are_named_with_how_far_they_reach(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 5, range(12))
    found = lines(await told(api, "summary", locale="zh-Hans"))
    assert len(found) == 3
    assert all("12" in line for line in found)
    assert [line for line in found if "满意率" in line]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh-Hans", "这段时间还没结束：所有数字都还会变。"),
        ("zh-Hant", "這段時間還沒結束：所有數字都還會變。"),
        ("en", "The period is not over: every figure may still change."),
    ],
)
async def test_while_a_period_is_open_every_figure_may_change(
    house: House, api: httpx.AsyncClient, locale: str, said: str
) -> None:
    await rated(house, NOVEMBER, 5, range(60))
    assert lines(await told(api, "summary", period="2026-11", locale=locale), locale)[0] == said


async def test_a_period_that_is_over_is_not_called_open(house: House, api: httpx.AsyncClient) -> None:
    await rated(house, OCTOBER, 5, range(8))
    assert not [line for line in lines(await told(api, "summary", locale="en"), "en") if "not over" in line]

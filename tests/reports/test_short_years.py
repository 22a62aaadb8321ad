"""Counts are not compared with a period of which only the end is known, and the reader is told so."""

from datetime import UTC, datetime

import httpx
import pytest

from bot.jobs.period_summary import is_partly_known
from dialogs.time.periods import Period
from tests.reports.test_report_kinds import OCTOBER, rated, rows, told
from tests.support.web.house import House

LATE = datetime(2025, 11, 20, 4, tzinfo=UTC)
EARLY = datetime(2025, 1, 2, 4, tzinfo=UTC)
SAID = "去年同期从2025年11月20日起才有数据，数量不和它比，只比比例和平均。"


async def _years(house: House, api: httpx.AsyncClient, first: datetime, kind: str) -> tuple[list[str], str]:
    """Return what the year before had of closings and of satisfaction, and what the last chapter says."""
    await rated(house, first, 4, range(20), team="north")
    await rated(house, OCTOBER, 5, range(100, 140), team="north")
    document = await told(api, kind, period="2026", locale="zh-Hans", of="team:north")
    by_name = {
        row["指标"]: row.get("去年同期", "") for name in ("工作量", "客户满意度") for row in rows(document, name)
    }
    (computed,) = document["appendix"]
    return [by_name["关闭工单"], by_name["满意率"]], "".join(computed["blocks"][1]["lines"])


async def test_a_year_is_not_compared_with_six_weeks_by_its_counts(house: House, api: httpx.AsyncClient) -> None:
    (closings, satisfied), said = await _years(house, api, LATE, "subject")
    assert (closings, satisfied) == ("", "100%"), "a column in which nothing stands is left out"
    assert SAID in said


async def test_a_year_is_compared_with_a_whole_one(house: House, api: httpx.AsyncClient) -> None:
    (closings, satisfied), said = await _years(house, api, EARLY, "subject")
    assert (closings, satisfied) == ("20", "100%")
    assert "才有数据" not in said


@pytest.mark.parametrize(
    ("first", "partly"),
    [(None, False), (datetime(2025, 2, 1, tzinfo=UTC), False), (LATE, True), (datetime(2026, 3, 1, tzinfo=UTC), False)],
)
def test_a_period_is_partly_known_where_the_first_third_of_it_is_not(first: datetime | None, partly: bool) -> None:  # noqa: FBT001 (a parameter)
    year = Period(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    assert is_partly_known(year, first) is partly

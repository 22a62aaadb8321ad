"""A report as a page on a phone and on paper: readable without zoom, without barriers, and as PDF."""

from pathlib import Path

import httpx
import pytest

from bot.jobs.reports.report_documents import REPORT_KINDS
from bot.reports.report_formats import REPORT_FORMATS
from tests.browser.tab import open_tab
from tests.http.console.test_figure_page import public
from tests.reports.test_report_documents import OF_KIND, filled, report
from tests.support.web.house import House

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["review", "distribution", "trend", "scorecard", "team", "evidence"])
async def test_a_report_is_read_on_a_phone_in_the_light_and_in_the_dark(
    house: House, api: httpx.AsyncClient, chromium: str, tmp_path: Path, kind: str
) -> None:
    await filled(house)
    page = tmp_path / f"{kind}.html"
    page.write_bytes(await report(api, kind, "html", **OF_KIND.get(kind, {})))
    async with open_tab(chromium, 390, 844) as tab:
        await tab.goto(page.as_uri())
        for scheme in ("light", "dark"):
            await tab.color(scheme)
            await tab.photograph(tmp_path / f"{kind}-{scheme}.png")
            assert await tab.barriers(RULES) == []
        assert await tab.asks("document.documentElement.scrollWidth") <= 390
        assert await tab.asks("document.querySelectorAll('svg.chart').length") >= 1


@pytest.mark.proof
@pytest.mark.parametrize("kind", REPORT_KINDS)
async def test_every_kind_of_report_has_no_barriers_and_is_no_wider_than_the_screen(
    house: House, api: httpx.AsyncClient, chromium: str, tmp_path: Path, kind: str
) -> None:
    await filled(house)
    page = tmp_path / f"{kind}.html"
    page.write_bytes(await report(api, kind, "html", **OF_KIND.get(kind, {})))
    for width in (390, 800):
        async with open_tab(chromium, width, 844) as tab:
            await tab.goto(page.as_uri())
            for scheme in ("light", "dark"):
                await tab.color(scheme)
                assert await tab.barriers(RULES) == []


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["figures", "trend"])
async def test_a_report_whose_bars_are_links_has_no_barriers(
    house: House, api: httpx.AsyncClient, chromium: str, tmp_path: Path, kind: str
) -> None:
    await filled(house)
    public(house)
    page = tmp_path / f"{kind}.html"
    page.write_bytes(await report(api, kind, "html", **OF_KIND.get(kind, {})))
    async with open_tab(chromium, 390, 844) as tab:
        await tab.goto(page.as_uri())
        assert await tab.barriers(RULES) == []
        assert await tab.asks("document.querySelectorAll('svg.chart a').length") >= 2


@pytest.mark.proof
async def test_a_report_is_printed_as_pdf(house: House, api: httpx.AsyncClient, chromium: str) -> None:
    await filled(house)
    assert chromium
    printed = await report(api, "summary", "pdf")
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") == 1, "a short summary, and how it was computed below it, on one page"
    assert REPORT_FORMATS["pdf"].media_type == "application/pdf"

"""The page behind a figure of a report: for whoever is in the console, with tickets and why some do not count."""

import json
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from openpyxl import load_workbook

from bot.signed_links import Links
from scoring.values import replace
from tests.http.console.test_console import enter, link_of
from tests.reports.test_report_documents import OF_KIND, filled, report
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
OURS = "https://hf.example.com"
LINKED = ("figures", "summary", "subject", "trend", "scorecard", "team", "evidence", "review")


@pytest.fixture
async def visitor(house: House) -> httpx.AsyncClient:
    """Return a browser that is in no console."""
    return house.client(key=None)


def public(house: House) -> None:
    """Let the house have an address that others can reach."""
    policy = house.web.receiver.policy
    house.web.receiver.adopt(replace(policy, links=Links(OURS, policy.links.key)))


def links_of(raw: bytes) -> list[str]:
    told = json.loads(raw)
    cells = (
        cell
        for section in told["sections"]
        for block in section["blocks"]
        for row in block.get("rows", ())
        for cell in row
    )
    return [cell["link"] for cell in cells if "link" in cell]


@pytest.mark.some(1)
@pytest.mark.parametrize("kind", LINKED)
async def test_every_link_of_a_report_leads_to_the_figure_that_it_stands_at(
    house: House, api: httpx.AsyncClient, kind: str
) -> None:
    public(house)
    await filled(house)
    raw = await report(api, kind, "json", **OF_KIND.get(kind, {}))
    links = list(dict.fromkeys(links_of(raw)))
    assert links
    values = set()
    for link in links:
        assert link.startswith(f"{OURS}/console/figure?figure=")
        (figure,) = parse_qs(urlsplit(link).query)["figure"]
        answer = await api.get("/api/v1/reports/explain", params={"figure": figure})
        assert answer.status_code == 200, figure
        values.add(answer.json()["figure"]["value"])
    told = json.loads(raw)
    cells = [c for s in told["sections"] for b in s["blocks"] for row in b.get("rows", ()) for c in row if "link" in c]
    assert {cell["value"] for cell in cells} <= values


async def test_bars_and_cells_are_links_on_the_page_and_in_the_workbook(house: House, api: httpx.AsyncClient) -> None:
    public(house)
    await filled(house)
    page = (await report(api, "figures", "html", by="agent", metric="csat")).decode()
    assert page.count(f'<a href="{OURS}/console/figure?figure=csat%3A2026-10%3Aagent%3D') == 6, (
        "two bars, for a desk and for a phone, and two cells"
    )
    book = load_workbook(BytesIO(await report(api, "figures", "xlsx", by="agent", metric="csat")))
    linked = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert [isinstance(cell.value, int | float) for cell in linked] == [True, True], "a number, and a link"


async def test_where_nobody_else_can_reach_the_service_nothing_is_a_link(house: House, api: httpx.AsyncClient) -> None:
    await filled(house)
    assert links_of(await report(api, "summary", "json")) == []
    assert b"<a " not in await report(api, "summary", "html")


async def test_the_page_lists_tickets_with_what_they_add_and_why_some_do_not_count(
    house: House, visitor: httpx.AsyncClient
) -> None:
    visits = [closed_visit(str(n), OCTOBER, {"response_speed": 5 if n else 2}, team="north") for n in range(6)]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))
    await enter(visitor, link_of(house))
    page = await visitor.get("/console/figure", params={"figure": "csat:2026-10:team=north", "lang": "zh-Hans"})
    assert page.status_code == 200
    assert "<h1>满意率 · north</h1>" in page.text
    assert "83.33%" in page.text
    assert page.text.count('<th scope="row">desk/') == 6
    assert "<td>响应速度</td><td>2</td>" in page.text
    few = await visitor.get("/console/figure", params={"figure": "csat:2026-10:team=south", "lang": "en"})
    assert (few.status_code, "There is no such figure" in few.text) == (404, True)
    wrong = await visitor.get("/console/figure", params={"figure": "<script>"})
    assert (wrong.status_code, "<script>" in wrong.text) == (404, False)


async def test_of_few_people_no_ticket_is_listed(house: House, visitor: httpx.AsyncClient) -> None:
    visits = [closed_visit(str(n), OCTOBER, {"response_speed": 1}, team="north") for n in range(3)]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))
    await enter(visitor, link_of(house))
    page = await visitor.get("/console/figure", params={"figure": "csat:2026-10:team=north", "lang": "en"})
    assert "Too few people" in page.text
    assert "desk/" not in page.text


async def test_whoever_is_in_no_console_sees_nothing_and_a_cookie_that_was_left_out_comes_with_the_second_request(
    house: House, visitor: httpx.AsyncClient
) -> None:
    named = {"figure": "csat:2026-10:team=north"}
    first = await visitor.get("/console/figure", params=named)
    assert first.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/console/figure?figure=csat%3A2026-10%3Ateam%3Dnorth&amp;again=1"' in (
        first.text
    )
    assert "north" not in first.text.replace("%3Dnorth", "")
    again = await visitor.get("/console/figure", params=named | {"again": "1"})
    assert again.status_code == 401
    assert "desk/" not in again.text
    await enter(visitor, link_of(house))
    inside = await visitor.get("/console/figure", params=named | {"again": "1"})
    assert inside.status_code == 404

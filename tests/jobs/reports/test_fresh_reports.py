"""Reports to be kept: in the formats that can be made, with a digest of what they say, where something happened."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest

from bot.handlers.reports.archive import FreshReport
from bot.jobs.reports.fresh_reports import has_happened, make_fresh
from bot.jobs.reports.report_documents import asked_report
from bot.jobs.reports.report_sources import ReportRequest
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 4, tzinfo=UTC)


@pytest.fixture
def without_chromium(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no program be found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert which("chromium") is None


async def filled(house: House, team: str = "north", count: int = 9, start: int = 0) -> None:
    visits = [closed_visit(str(n), OCTOBER, {"attitude": 4}, team=team) for n in range(start, start + count)]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))


def asked(house: House, **changed: str) -> ReportRequest:
    wanted = dict.fromkeys(("by", "metric", "of", "locale"), "") | {"kind": "summary", "period": "2026-10"} | changed
    return asked_report(wanted, house.web.receiver.policy, LATER)


async def fresh(house: House, *formats: str, **changed: str) -> FreshReport:
    policy, reader = house.web.receiver.policy, house.web.reader
    return await make_fresh(reader, policy, asked(house, **changed), formats or ("html",), house.clock.now())


async def test_each_format_is_a_file_with_the_name_of_kind_and_period(house: House) -> None:
    await filled(house)
    made = await fresh(house, "html", "xlsx", "csv", "json")
    assert [(form, file.name) for form, file in made.files] == [
        ("html", "huifang-summary-2026-10.html"),
        ("xlsx", "huifang-summary-2026-10.xlsx"),
        ("csv", "huifang-summary-2026-10.csv"),
        ("json", "huifang-summary-2026-10.json"),
    ]
    begins = {"html": b"<!doctype", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"{"}
    for form, file in made.files:
        assert file.content.lower().startswith(begins[form].lower()), form
    assert (made.title, made.latest, made.unmade) == ("售后服务情况表", 0, ())
    assert made.lines.startswith("售后服务情况表\n2026年10月1日")


async def test_the_digest_is_of_what_is_said_and_not_of_when(house: House) -> None:
    await filled(house)
    first = await fresh(house)
    house.clock.passes(timedelta(days=3))
    later = await fresh(house)
    assert first.digest == later.digest
    assert first.files != later.files  # the page says when it was made
    await filled(house, count=5, start=100)
    assert (await fresh(house)).digest != first.digest


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "review"},
        {"locale": "en"},
        {"kind": "subject", "of": "team:north"},
        {"kind": "figures", "by": "team"},
        {"kind": "figures", "by": "team", "metric": "csat"},
    ],
)
async def test_what_is_asked_otherwise_is_another_report(house: House, changed: dict[str, str]) -> None:
    await filled(house)
    plain, other = await fresh(house), await fresh(house, **changed)
    assert plain.about != other.about
    assert (await fresh(house, **changed)).about == other.about


@pytest.mark.parametrize(
    ("formats", "made", "unmade"),
    [
        (("pdf",), ["html"], ("pdf",)),
        (("pdf", "csv"), ["csv"], ("pdf",)),
        (("html", "pdf"), ["html"], ("pdf",)),
        (("csv", "csv"), ["csv"], ()),
    ],
)
async def test_without_chromium_the_page_stands_for_a_pdf_where_nothing_else_was_asked_for(
    house: House, without_chromium: None, formats: tuple[str, ...], made: list[str], unmade: tuple[str, ...]
) -> None:
    del without_chromium
    await filled(house)
    found = await fresh(house, *formats)
    assert ([form for form, _ in found.files], found.unmade) == (made, unmade)


@pytest.mark.parametrize(
    ("changed", "happened"),
    [
        ({}, True),
        ({"period": "2026-09"}, False),
        ({"period": "2026-Q4"}, True),
        ({"kind": "subject", "of": "team:north"}, True),
        ({"kind": "subject", "of": "team:south"}, False),
        ({"kind": "subject", "of": "agent:nobody"}, False),
    ],
)
async def test_something_has_happened_only_to_whom_it_happened(
    house: House, changed: dict[str, str], *, happened: bool
) -> None:
    await filled(house)
    assert await has_happened(house.web.reader, house.web.receiver.policy, asked(house, **changed)) is happened


async def test_the_latest_revision_is_known(house: House) -> None:
    await filled(house)
    async with house.client() as api:
        kept = {"kind": "summary", "period": "2026-10", "by": "y", "formats": ["csv"]}
        assert (await api.post("/api/v1/reports/archive", json=kept)).status_code == 201
    assert (await fresh(house)).latest == 1
    assert (await fresh(house, locale="en")).latest == 0

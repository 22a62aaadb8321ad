"""The archive by API: what is made is kept by revision, fetched to the byte, shared by a link that can be revoked."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest

from dialogs.reports.document import ReportKind
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
ASKED = {"kind": "summary", "period": "2026-10", "by": "王经理", "formats": ["html", "csv"]}
ARCHIVE = "/api/v1/reports/archive"
TITLE = "门锁换了三次还是坏的"


async def filled(house: House, *numbers: int) -> None:
    visits = [closed_visit(str(n), OCTOBER, {"attitude": 4}, team="north") for n in numbers]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))


async def kept(api: httpx.AsyncClient, **changed: object) -> Any:  # noqa: ANN401 (JSON is anything)
    answer = await api.post(ARCHIVE, json=ASKED | changed)
    assert answer.is_success, answer.text
    return answer.json() | {"status": answer.status_code}


async def audited(api: httpx.AsyncClient) -> list[str]:
    return sorted(line["action"] for line in (await api.get("/api/v1/audit")).json()["items"])


@pytest.mark.row("S3-02")
async def test_what_is_kept_is_fetched_to_the_byte_and_the_audit_log_says_so(
    house: House, api: httpx.AsyncClient
) -> None:
    await filled(house, *range(9))
    made = await kept(api)
    assert (made["status"], made["revision"], made["by"]) == (201, 1, "王经理")
    assert (made["from"], made["to"]) == ("2026-09-30T16:00:00Z", "2026-10-31T16:00:00Z")
    assert [one["format"] for one in made["files"]] == ["csv", "html"]
    for one in made["files"]:
        fetched = await api.get(f"{ARCHIVE}/{made['id']}/{one['format']}")
        assert (fetched.status_code, fetched.headers["content-type"]) == (200, one["media_type"])
        assert (sha256(fetched.content).hexdigest(), len(fetched.content)) == (one["sha256"], one["size"])
    assert await audited(api) == ["report.archived", "report.downloaded", "report.downloaded"]
    shown = (await api.get(f"{ARCHIVE}/{made['id']}")).json()
    assert {one["format"]: one["sha256"] for one in shown["files"]} == {
        one["format"]: one["sha256"] for one in made["files"]
    }


async def test_a_revision_is_made_only_where_something_has_changed(house: House, api: httpx.AsyncClient) -> None:
    await filled(house, *range(9))
    first = await kept(api)
    house.clock.passes(timedelta(hours=3))
    again = await kept(api)
    assert (again["status"], again["id"], again["files"]) == (200, first["id"], first["files"])
    await filled(house, *range(9, 20))
    second = await kept(api)
    assert (second["status"], second["revision"]) == (201, 2)
    listed = (await api.get(ARCHIVE, params={"period": "2026-10"})).json()["items"]
    assert [(one["revision"], one["id"]) for one in listed] == [(1, first["id"]), (2, second["id"])]
    old = await api.get(f"{ARCHIVE}/{first['id']}/html")
    assert sha256(old.content).hexdigest() == first["files"][1]["sha256"]


async def test_a_further_format_is_added_to_a_revision_that_says_the_same(house: House, api: httpx.AsyncClient) -> None:
    await filled(house, *range(9))
    first = await kept(api, formats=["html"])
    second = await kept(api, formats=["html", "json"])
    assert second["id"] == first["id"]
    assert [one["format"] for one in second["files"]] == ["html", "json"]
    assert second["files"][0] == first["files"][0]


async def test_reports_of_other_kinds_languages_and_subjects_have_revisions_of_their_own(
    house: House, api: httpx.AsyncClient
) -> None:
    await filled(house, *range(9))
    several = [
        await kept(api, **changed)
        for changed in (
            {},
            {"kind": "review"},
            {"locale": "en"},
            {"kind": "subject", "of": "team:north"},
            {"kind": "figures", "cut": "team", "metric": "mean"},
            {"kind": "figures", "cut": "team", "metric": "csat"},
            {"period": "2026-Q4"},
        )
    ]
    assert {one["revision"] for one in several} == {1}
    assert len({one["id"] for one in several}) == len(several)
    assert several[3]["of"] == "team:north"


async def test_the_archive_holds_nothing_that_people_wrote(api: httpx.AsyncClient) -> None:
    issue = {"title": TITLE, "severity": "high"}
    assert (await api.post("/api/v1/issues", json=issue)).status_code == 201
    document = await api.get("/api/v1/reports/documents/review", params={"period": "2026-11"})
    assert TITLE in document.text
    made = await kept(api, kind="review", period="2026-11", formats=["html", "csv", "json"])
    for one in made["files"]:
        content = (await api.get(f"{ARCHIVE}/{made['id']}/{one['format']}")).text
        assert TITLE not in content
        assert "…" in content


async def test_a_link_opens_the_page_for_anybody_until_it_expires(house: House, api: httpx.AsyncClient) -> None:
    await filled(house, *range(9))
    made = await kept(api)
    link = (await api.post(f"{ARCHIVE}/{made['id']}/link", json={"by": "王经理", "days": 7})).json()
    async with house.client(key=None) as anybody:
        page = await anybody.get(link["url"])
        assert page.status_code == 200
        assert sha256(page.content).hexdigest() == made["files"][1]["sha256"]
        assert "script-src" not in page.headers["content-security-policy"]
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        house.clock.passes(timedelta(days=7, seconds=1))
        assert (await anybody.get(link["url"])).status_code == 410
        for forged in (f"{link['url'][:-2]}xx", "/r/nothing"):
            assert (await anybody.get(forged)).status_code == 404
    assert (await audited(api))[-1] == "report.shared"


async def test_revoked_links_open_nothing_and_a_new_one_does(house: House, api: httpx.AsyncClient) -> None:
    await filled(house, *range(9))
    made = await kept(api)
    old = (await api.post(f"{ARCHIVE}/{made['id']}/link", json={"by": "王经理"})).json()["url"]
    revoked = await api.post(f"{ARCHIVE}/{made['id']}/revoke", json={"by": "王经理"})
    assert revoked.status_code == 200
    new = (await api.post(f"{ARCHIVE}/{made['id']}/link", json={"by": "王经理"})).json()["url"]
    async with house.client(key=None) as anybody:
        assert [(await anybody.get(url)).status_code for url in (old, new)] == [410, 200]
    assert (await audited(api))[-3:] == ["report.links_revoked", "report.shared", "report.shared"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "letter"}, "kind"),
        ({"period": "2026-13"}, "period"),
        ({"period": ""}, "period"),
        ({"formats": ["doc"]}, "formats"),
        ({"formats": []}, "formats"),
        ({"of": "team:north"}, "of"),
        ({"metric": "csat"}, "metric"),
        ({"by": ""}, "by"),
        ({"size": 1}, "size"),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_its_field(
    api: httpx.AsyncClient, changed: dict[str, object], field: str
) -> None:
    answer = await api.post(ARCHIVE, json=ASKED | changed)
    assert answer.status_code == 422
    assert field in {error["field"].partition(".")[0] for error in answer.json()["errors"]}


async def test_what_is_not_there_is_told_so(house: House, api: httpx.AsyncClient) -> None:
    await filled(house, *range(9))
    made = await kept(api, formats=["csv"])
    by = {"by": "王经理"}
    for answer in (
        await api.get(f"{ARCHIVE}/rep_none"),
        await api.get(f"{ARCHIVE}/rep_none/html"),
        await api.get(f"{ARCHIVE}/{made['id']}/xlsx"),
        await api.post(f"{ARCHIVE}/{made['id']}/link", json=by),  # there is no page
        await api.post(f"{ARCHIVE}/rep_none/revoke", json=by),
        await api.post("/api/v1/reports/runs/run_none/confirm", json=by),
    ):
        assert answer.status_code == 404, answer.url
    html = await kept(api, formats=["html"])
    for days in (0, 367):
        refused = await api.post(f"{ARCHIVE}/{html['id']}/link", json=by | {"days": days})
        assert [error["field"] for error in refused.json()["errors"]] == ["days"]


@pytest.mark.some(7)
@pytest.mark.parametrize("kind", sorted(ReportKind))
async def test_no_kind_says_anything_new_only_because_time_has_passed(
    house: House, api: httpx.AsyncClient, kind: ReportKind
) -> None:
    await filled(house, *range(9))
    of = {"subject": "team:north", "team": "team:north", "scorecard": "agent:a17"}.get(kind, "")
    if kind is ReportKind.SCORECARD:
        visits = [closed_visit(f"a{n}", OCTOBER, {"attitude": 4}, agent="a17") for n in range(9)]
        await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))
    asked: dict[str, object] = {"kind": kind, "of": of, "formats": ["json"]}
    first = await kept(api, **asked)
    house.clock.passes(timedelta(hours=30))
    again = await kept(api, **asked)
    assert (again["status"], again["revision"], again["files"]) == (200, 1, first["files"])

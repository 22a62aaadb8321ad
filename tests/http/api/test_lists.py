"""Lists by API: filters and cursors that are none are told with their field; pages neither lose nor double a line."""

from typing import Any

import httpx
import pytest

LISTS = ("/api/v1/issues", "/api/v1/responses", "/api/v1/audit")


async def _issues(api: httpx.AsyncClient, count: int) -> list[str]:
    """Open issues by hand and return their ids."""
    opened = [await api.post("/api/v1/issues", json={"title": f"number {number}"}) for number in range(count)]
    assert [answer.status_code for answer in opened] == [201] * count
    return [answer.json()["id"] for answer in opened]


async def _pages(api: httpx.AsyncClient, path: str, limit: int, **wanted: str) -> list[list[dict[str, Any]]]:
    """Follow the cursors of a list to its end."""
    pages: list[list[dict[str, Any]]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get(path, params={"limit": limit, **wanted, **cursor})
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["items"])
        if answer.json()["next"] is None:
            return pages
        cursor = {"cursor": answer.json()["next"]}


@pytest.mark.some(12)
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ("limit=0", "limit", "must be at least 1"),
        ("limit=201", "limit", "must be at most 200"),
        ("limit=ten", "limit", "must be a whole number"),
        ("limit=" + "9" * 5000, "limit", ""),
        ("cursor=", "cursor", "must have at least 1 character(s)"),
        ("cursor=a.b", "cursor", "must match"),
        ("cursor=" + "a" * 401, "cursor", "must have at most 400 characters"),
        ("cursor=a", "cursor", "is none that a list of ours gave"),
        ("cursor=bm90IG91cnM", "cursor", "is none that a list of ours gave"),
        ("cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiYSJd", "cursor", "is none that a list of ours gave"),  # without a zone
        ("cursor=WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsIlx1MDAwMCJd", "cursor", "is none that a list of ours gave"),  # NUL
        ("cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwiYSJd", "cursor", "is none that a list of ours gave"),  # year 0
    ],
)
async def test_a_page_that_there_is_not_is_told_with_its_field(
    path: str, query: str, field: str, problem: str, api: httpx.AsyncClient
) -> None:
    answer = await api.get(f"{path}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    (wrong,) = answer.json()["errors"]
    assert wrong["field"] == field
    assert problem in wrong["problem"]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/api/v1/issues", "status=done", "status"),
        ("/api/v1/issues", "ticket=42", "ticket"),
        ("/api/v1/issues", "since=yesterday", "since"),
        ("/api/v1/issues", "since=2026-11-22T00:00:00", "since"),
        ("/api/v1/responses", "status=finished", "status"),
        ("/api/v1/responses", "ticket=/42", "ticket"),
        ("/api/v1/responses", "since=0001-01-01T00:00:00Z", "since"),
        ("/api/v1/responses", "until=9999-12-31T23:59:59Z", "until"),
        ("/api/v1/responses", "customer=", "customer"),
        ("/api/v1/responses", "customer=a%00b", "customer"),
    ],
)
async def test_a_filter_that_is_none_is_told_with_its_field(
    path: str, query: str, field: str, api: httpx.AsyncClient
) -> None:
    answer = await api.get(f"{path}?{query}")
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("path", LISTS)
async def test_an_empty_list_is_one_page_without_a_next(path: str, api: httpx.AsyncClient) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (5, [5]), (200, [5])])
async def test_pages_of_any_size_hold_every_issue_once(limit: int, sizes: list[int], api: httpx.AsyncClient) -> None:
    ids = await _issues(api, 5)
    pages = await _pages(api, "/api/v1/issues", limit)
    assert [len(page) for page in pages] == sizes
    assert sorted(issue["id"] for page in pages for issue in page) == sorted(ids)


async def test_an_issue_that_is_closed_meanwhile_shifts_no_other(api: httpx.AsyncClient) -> None:
    ids = sorted(await _issues(api, 6))  # all at the same moment, since the clock stands
    first = (await api.get("/api/v1/issues", params={"limit": 3, "status": "open"})).json()
    done = await api.post(f"/api/v1/issues/{ids[0]}/resolve", json={"by": "李工", "note": "好了", "notify": False})
    assert done.status_code == 200, done.text
    rest = (await api.get("/api/v1/issues", params={"limit": 3, "status": "open", "cursor": first["next"]})).json()
    assert [issue["id"] for issue in first["items"] + rest["items"]] == ids


async def test_the_audit_log_is_read_page_by_page_and_tells_who_did_what(api: httpx.AsyncClient) -> None:
    body = {"kind": "notice", "text": "您好", "audience": {}, "schedule": {}}
    for name in ("first", "second", "third"):
        created = await api.post("/api/v1/campaigns", json={"name": name, **body})
        assert created.status_code == 201, created.text
    pages = await _pages(api, "/api/v1/audit", 2)
    assert [len(page) for page in pages] == [2, 1]
    lines = [line for page in pages for line in page]
    assert len({line["id"] for line in lines}) == 3
    assert {line["action"] for line in lines} == {"campaign.created"}

"""`GET /api/v1/audit`: what admins have done, oldest first, page by page."""

import httpx
import pytest

URL = "/api/v1/audit"
NOTICE = {"name": "新安排", "kind": "notice", "text": "您好。", "by": "陈经理"}


@pytest.mark.row("S4-05")
async def test_the_audit_log_is_read_page_by_page(api: httpx.AsyncClient) -> None:
    campaign = (await api.post("/api/v1/campaigns", json=NOTICE)).json()["id"]
    await api.post(f"/api/v1/campaigns/{campaign}/cancel", json={"by": "陈经理"})
    first = (await api.get(URL, params={"limit": 1})).json()
    second = (await api.get(URL, params={"limit": 1, "cursor": first["next"]})).json()
    deeds = [*first["items"], *second["items"]]
    assert [deed["action"] for deed in deeds] == ["campaign.created", "campaign.cancelled"]
    assert {(deed["by"], deed["subject"], deed["detail"]["name"]) for deed in deeds} == {("陈经理", campaign, "新安排")}
    assert second["next"] is None


async def test_deeds_before_a_moment_can_be_left_out(api: httpx.AsyncClient) -> None:
    await api.post("/api/v1/campaigns", json=NOTICE)
    assert (await api.get(URL, params={"since": "2199-01-01T00:00:00Z"})).json() == {"items": [], "next": None}


async def test_a_cursor_that_is_none_of_ours_is_refused(api: httpx.AsyncClient) -> None:
    assert (await api.get(URL, params={"cursor": "nonsense"})).status_code == 422

"""The customer's record holds their tickets, surveys, issues and opt-out, and can be erased."""

import pytest

from tests.support.rights import fulfil
from tests.support.traces import traces
from tests.support.web.service import Service

CHAT = {"channel": "sandbox", "address": "phone-mei"}


@pytest.mark.row("S1-71")
async def test_a_customers_record_holds_their_history_until_it_is_erased(service: Service) -> None:
    await service.closes("1", "mei", person={"name": "王女士", "contacts": [CHAT]}, subject="空调不制冷")
    await service.closes("2", "mei", person={"contacts": [CHAT]}, subject="洗衣机漏水")
    record = (await service.api.get("/api/v1/customers/mei")).json()
    assert [ticket["subject"] for ticket in record["tickets"]] == ["空调不制冷", "洗衣机漏水"]
    assert len(record["invitations"]) == 2
    assert record["customer"]["opted_out_at"] is None
    opened = await service.api.post("/api/v1/issues", json={"title": "还在漏水", "ticket": "desk/1"})
    await service.says("退订", "phone-mei")
    record = (await service.api.get("/api/v1/customers/mei")).json()
    assert [issue["id"] for issue in record["issues"]] == [opened.json()["id"]]
    assert record["customer"]["opted_out_at"] is not None
    assert (await service.api.delete("/api/v1/customers/mei")).status_code == 202
    await fulfil(service.house)
    assert await traces(service.house.store, "王女士", "phone-mei", "空调不制冷", "洗衣机漏水") == []
    assert (await service.api.get("/api/v1/customers/mei")).status_code == 410
    assert (await service.api.get("/api/v1/tickets/desk/1")).json()["ticket"]["status"] == "closed"

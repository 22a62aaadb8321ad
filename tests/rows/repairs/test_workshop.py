"""A workshop's own words for where a repair stands, its papers, how cases end, and contact data that is false."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rows.visited import cells, one_figure, visited
from tests.support.web.service import Service

DAY = timedelta(days=1)
STAGES = {
    "在修": "open",
    "待料": "pending",
    "机加工": "open",
    "等待答复": "pending",
    "停工": "pending",
}


async def stands(service: Service, ticket: str, status: str, **said: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    """Report a ticket with this status; gives the ticket as it is stored."""
    await service.closes(ticket, status=status, **said)
    return (await service.api.get(f"/api/v1/tickets/desk/{ticket}")).json()


@pytest.mark.row("S3-08")
async def test_a_workshops_statuses_are_taken_and_done_alone_asks(service: Service) -> None:
    about: dict[str, Any] = {"device": "SN-1", "category": "漏水", "fault": "水箱漏水"}
    for stage, status in STAGES.items():
        told = await stands(service, "1", stage, **about)
        assert (told["ticket"]["status"], told["ticket"]["stage"], told["survey"]) == (status, stage, None)
    done = await stands(service, "1", "完工", closed_at=(service.now - 8 * DAY).isoformat(), **about)
    assert (done["ticket"]["status"], done["ticket"]["stage"]) == ("closed", "完工")
    assert done["survey"] is not None
    again = await stands(service, "1", "返修")
    assert (again["ticket"]["status"], again["survey"]["status"]) == ("reopened", "cancelled")
    await stands(service, "1", " 完工", **about)
    for period in ("2026-W47", "2026-Q4"):  # the repair that did not hold was closed in that week
        assert (await one_figure(service, "repeat_repairs", period))["value"] == 1, period
    assert (await one_figure(service, "repeat_repairs", "2026-W48"))["value"] == 0


async def test_a_word_of_a_stage_stands_as_long_as_the_status_it_was_told_with(service: Service) -> None:
    await stands(service, "1", "待料")
    assert (await stands(service, "1", "pending"))["ticket"]["stage"] == "待料"
    assert (await stands(service, "1", "open"))["ticket"]["stage"] is None
    assert (await stands(service, "1", "open", stage="拆检"))["ticket"]["stage"] == "拆检"
    assert (await stands(service, "1", "ＣＬＯＳＥＤ"))["ticket"]["status"] == "closed"


async def test_a_status_in_no_list_is_refused_by_both_doors_and_nothing_is_stored(service: Service) -> None:
    body = {"status": "报废", "customer": {"id": "c-1"}}
    refused = await service.api.put("/api/v1/tickets/desk/1", json=body)
    assert refused.status_code == 422
    (wrong,) = refused.json()["errors"]
    assert (wrong["field"], "lists.toml" in wrong["problem"]) == ("status", True)
    assert (await service.api.get("/api/v1/tickets/desk/1")).status_code == 404


@pytest.mark.row("S0-09", "S1-70")
async def test_papers_come_with_the_ticket_and_what_is_unsigned_is_flagged(service: Service) -> None:
    for number in range(8):
        at = (service.now - timedelta(hours=1)).isoformat()
        signed: dict[str, Any] = {"customer_signed": number >= 2, "report_reviewed": at}
        await visited(service, f"{number}", agent={"id": "a1"}, repair_form_no=f"WX-{number}", **signed)
    await visited(service, "unreviewed", report_reviewed=False)
    ticket = (await service.api.get("/api/v1/tickets/desk/1")).json()["ticket"]
    assert (ticket["repair_form_no"], ticket["customer_signed"], bool(ticket["report_reviewed"])) == (
        "WX-1",
        False,
        True,
    )
    forms = await one_figure(service, "forms_signed")
    assert (forms["numerator"], forms["denominator"], forms["excluded"]) == (6, 8, {"not_reported": 1})
    assert forms["interval"]["method"] == "Wilson"
    reviewed = await one_figure(service, "reports_reviewed")
    assert (reviewed["numerator"], reviewed["denominator"]) == (8, 9)


@pytest.mark.row("S3-12")
async def test_how_a_case_ended_is_a_field_and_a_cut_and_the_customers_history_has_it(service: Service) -> None:
    for number, outcome in enumerate(("直接答复", "派人", "派人", "返厂")):
        await visited(service, f"{number}", "mei", outcome=outcome, ago=number * DAY)
    assert await cells(service, "repairs", "outcome") == {"派人": 2, "直接答复": 1, "返厂": 1}
    history = (await service.api.get("/api/v1/customers/mei")).json()
    assert [one["ticket"] for one in history["closings"]] == ["3", "2", "1", "0"]


@pytest.mark.row("S1-76")
async def test_false_contact_data_is_flagged_on_the_ticket_and_counted_for_each_provider(service: Service) -> None:
    for number in range(12):
        problem = "电话" if number in (1, 3) else ""
        station = "一站" if number % 2 else "二站"
        await visited(service, f"{number}", station=station, contact_problem=problem)
    assert (await service.api.get("/api/v1/tickets/desk/1")).json()["ticket"]["contact_problem"] == "电话"
    assert await cells(service, "false_contacts", "station") == {"一站": 2, "二站": 0}
    rates = await cells(service, "false_contact_rate", "station", "numerator", "denominator")
    assert rates == {"一站": (2, 6), "二站": (0, 6)}

"""Efficiency from the tickets' times and repairs, each figure with its definition."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rows.visited import figures, visited
from tests.support.web.service import Service

HOUR = timedelta(hours=1)


@pytest.mark.row("S1-29")
async def test_efficiency_is_counted_from_the_tickets_and_every_definition_is_printed(service: Service) -> None:
    for number in range(10):
        opened = service.now - 40 * HOUR
        at = {"opened_at": opened, "requested_at": opened, "first_replied_at": opened + (number + 1) * HOUR}
        at |= {"assigned_at": opened + 2 * HOUR, "solved_at": opened + 2 * (number + 1) * HOUR}
        told: dict[str, Any] = {name: moment.isoformat() for name, moment in at.items()}
        await visited(service, f"{number}", device=f"SN-{number}", category="漏水", **told)
    again: dict[str, Any] = {"device": "SN-0", "category": "漏水", "requested_at": service.now.isoformat()}
    await visited(service, "again", "c0", **again)
    found = {one["metric"]: one for one in await figures(service)}
    hours = {name: found[name]["value"] / 3600 for name in ("time_to_first_reply", "time_to_start", "time_to_done")}
    assert hours == {"time_to_first_reply": 5.5, "time_to_start": 2, "time_to_done": 11}
    assert (found["time_to_done_mean"]["value"], found["time_to_done_mean"]["denominator"]) == (11 * 3600, 10)
    held = found["repairs_held"]
    assert (held["numerator"], held["denominator"], held["interval"]["method"]) == (10, 11, "Wilson")
    definitions = {name: found[name]["formula"] for name in (*hours, "time_to_done_mean", "repairs_held")}
    assert all("calendar time" in text or "÷" in text for text in definitions.values())
    assert "within 30 days" in definitions["repairs_held"]

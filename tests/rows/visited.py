"""Visits as help desks report them, and the figures of a period, by the API alone."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

from tests.support.web.service import Service

__all__ = ["MONTH", "behind", "cells", "figures", "one_figure", "table", "visited"]

MONTH = "2026-11"


async def visited(
    service: Service,
    ticket: str,
    customer: str = "",
    *,
    ago: timedelta = timedelta(),
    **said: Any,  # noqa: ANN401 (JSON is anything)
) -> None:
    """Report a ticket closed so long ago."""
    who = customer or f"c{ticket}"
    closed = (service.now - ago).isoformat()
    person = {"contacts": [{"channel": "sandbox", "address": f"phone-{who}"}]}
    await service.closes(ticket, who, person=person, closed_at=closed, **said)


async def figures(
    service: Service, metric: str = "", by: str = "", period: str = MONTH, **more: str
) -> list[dict[str, Any]]:
    wanted = {"period": period, "metric": metric, "by": by, "locale": "en", **more}
    answer = await service.api.get("/api/v1/reports/summary", params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["figures"]
    return found


async def one_figure(service: Service, metric: str, period: str = MONTH) -> dict[str, Any]:
    (figure,) = await figures(service, metric, period=period)
    return figure


async def cells(service: Service, metric: str, by: str, *names: str, period: str = MONTH) -> dict[Any, Any]:
    """Return these fields of a metric's figures by the values of their cut; one key or one field without a tuple."""
    found = {}
    for one in await figures(service, metric, by, period):
        cut, told = tuple(one["cut"].values()), tuple(one[name] for name in names or ("value",))
        found[cut if len(cut) > 1 else cut[0]] = told if len(told) > 1 else told[0]
    return found


async def behind(service: Service, figure: str) -> list[dict[str, Any]]:
    """Return what stands behind a figure."""
    answer = await service.api.get("/api/v1/reports/explain", params={"figure": figure})
    assert answer.status_code == 200, answer.text
    inputs: list[dict[str, Any]] = answer.json()["inputs"]
    return inputs


async def table(service: Service, metric: str, by: str, period: str = MONTH) -> list[dict[str, str]]:
    """Return the figures as CSV tells them."""
    wanted = {"period": period, "metric": metric, "by": by, "format": "csv", "locale": "en"}
    return list(csv.DictReader(StringIO((await service.api.get("/api/v1/reports/summary", params=wanted)).text)))

"""Whoever is on probation is left out of results and bands."""

from datetime import date
from typing import Any

import pytest

from dialogs.known_words import CompanyLists, Probation
from scoring.values import replace
from tests.rows.periods.november import published
from tests.rows.periods.test_scores import FORM, FULL, filled, sheet
from tests.support.web.service import Service

ON_PROBATION = (Probation("a17", date(2026, 8, 20)), Probation("a18", date(2026, 8, 1)))
"""Of the third quarter the first is on probation for most, by its middle on the 16th of August, the second is not."""


def listed(service: Service, *probation: Probation) -> None:
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, lists=CompanyLists(probation=probation)))


async def result(service: Service, subject: str, period: str = "2026-Q3") -> dict[str, Any]:
    asked = {"form": FORM, "subject": subject, "period": period}
    told: dict[str, Any] = (await service.api.get("/api/v1/assessments/results", params=asked)).json()
    return told


@pytest.mark.row("S1-40")
async def test_whoever_is_on_probation_for_most_of_a_period_is_left_out_of_its_result(service: Service) -> None:
    await filled(service.api, sheet("a17"), sheet("a18", FULL), sheet("a17", FULL, period="2026-10"))
    assert (await result(service, "a17"))["total"] == 78.5
    listed(service, *ON_PROBATION)
    left = await result(service, "a17")
    assert (left["total"], left["left_out"]) == (None, True)
    assert [(one["points"], one["reason"]) for one in left["adjustments"]] == [(None, "probation until 2026-08-20")]
    assert (await result(service, "a18"))["total"] == 100
    assert (await result(service, "a17", "2026-10"))["total"] == 100, "after it everything counts"
    year = await result(service, "a17", "2026")
    assert [(one["period"], one["total"]) for one in year["parts"]] == [("2026-Q3", None), ("2026-Q4", 100)]
    await published(service, about=FORM, period="2026-Q3")
    shown = (await service.api.get(f"/api/v1/periods/2026-Q3/{FORM}", params={"revision": 1})).json()["content"]
    assert {one["subject"]: one["total"] for one in shown} == {"a17": None, "a18": 100}


@pytest.mark.row("S1-40")
async def test_the_sheet_of_everybody_says_who_is_on_probation(service: Service) -> None:
    await filled(service.api, sheet("a17"), sheet("a18", FULL))
    listed(service, *ON_PROBATION)
    asked = {"period": "2026-Q3", "format": "json", "locale": "zh-Hans"}
    document = (await service.api.get("/api/v1/reports/documents/appraisal", params=asked)).json()
    rows = [[cell["text"] for cell in row] for row in document["sections"][0]["blocks"][0]["rows"]]
    assert [(row[0], row[2]) for row in rows] == [("a17", ""), ("a18", "100")]
    assert "试用期，到 2026-08-20" in rows[0][-1]

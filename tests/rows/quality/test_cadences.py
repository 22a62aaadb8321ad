"""Stars on the scale of 1 to 5, and figures of several cadences side by side, with the pack for the meeting."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from tests.rows.visited import figures, visited
from tests.support.web.service import Service

HOUR = timedelta(hours=1)


@pytest.mark.row("S1-61")
async def test_stars_are_the_five_points_and_each_metric_is_told_at_its_own_cadence(service: Service) -> None:
    stars = ("五星", "⭐⭐⭐⭐⭐", "5", "4星", "一星", "五星", "⭐⭐⭐⭐")
    for number, given in enumerate(stars):
        agreed = service.now - (number - 3) * HOUR
        await visited(service, f"{number}", appointment_at=agreed.isoformat())
        await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})
        answers = [given, *(["跳过"] if given == "一星" else []), "5", "5", "5", "5", "跳过"]
        for words in answers:
            await service.says(words, f"phone-c{number}")
    await service.says("我要投诉", "phone-c0")
    listed = (await service.api.get("/api/v1/responses")).json()["items"]
    speed = [one["answers"][0]["value"] for one in sorted(listed, key=lambda one: str(one["ticket"]))]
    assert speed == [5, 5, 5, 4, 1, 5, 4]
    (quarterly,) = await figures(service, "csat", period="2026-Q4")
    assert (quarterly["n"], quarterly["numerator"]) == (35, 34)
    (complaints,) = await figures(service, "complaint_rate", period="2026-11")
    assert (complaints["numerator"], complaints["denominator"]) == (1, 7)
    (in_time,) = await figures(service, "done_on_time", period="2026-11")
    assert (in_time["numerator"], in_time["denominator"]) == (4, 7)
    months = await service.api.get(
        "/api/v1/reports/trend", params={"metric": "complaint_rate", "period": "2026-11", "back": "1"}
    )
    assert [one["figures"][0]["denominator"] for one in months.json()["periods"]] == [0, 7]
    wanted = {"period": "2026-Q4", "by": "question", "format": "csv"}
    pack = list(csv.DictReader(StringIO((await service.api.get("/api/v1/reports/summary", params=wanted)).text)))
    means = {row["question"]: (row["value"], row["n"]) for row in pack if row["metric"] == "mean"}
    assert means["attitude"] == ("5.0", "7")
    assert {row["metric"] for row in pack} >= {"csat", "mean", "score_rate", "full_mark_rate", "bad_review_rate"}

"""What colleagues gave and what customers gave, joined by declared shares, each of them visible."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli import main
from config.forms.load import SHIPPED_FORMS
from tests.rows.raters.test_all_round import gives
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

NOON = datetime(2026, 8, 15, 4, tzinfo=UTC)
RESULTS = "/api/v1/assessments/results"


async def rated_by_customers(house: House, values: str, start: int = 0) -> None:
    """Let customers rate visits of a17 in August, each one question."""
    each = [
        closed_visit(f"{start + n}", NOON, {"q": int(value)}, agent="a17") for n, value in enumerate(values.split())
    ]
    await store_records(house.store, NOON, *(record for records in each for record in records))


async def joined(api: httpx.AsyncClient, period: str = "2026-Q3") -> dict[str, Any]:
    """Return the result about a17."""
    answer = await api.get(RESULTS, params={"form": "joint", "subject": "a17", "period": period})
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.row("S1-24", "S4-27")
async def test_customers_and_colleagues_are_joined_by_declared_shares_and_both_are_told(
    house: House, api: httpx.AsyncClient
) -> None:
    await gives(api, "superior", 88, form="joint")
    await gives(api, "peer", 70, 80, 90, form="joint")
    await rated_by_customers(house, "5 5 5 5 4")
    found = await joined(api)
    assert (found["inside"], found["total"]) == (84.8, pytest.approx(0.7 * 84.8 + 0.3 * 96))
    assert found["customers"] == {"share": 30.0, "score": 96.0, "people": 5, "ratings": 5, "state": "small"}
    assert [(one["role"], one["mean"], one["weight"]) for one in found["roles"]] == [
        ("superior", 88.0, 60.0),
        ("peer", 80.0, 40.0),
    ]
    assert found["formula"] == "(superior 88 × 60 % + peer 80 × 40 %) × 70 % + customers' ratings 96 × 30 %"
    assert found["grade"] == "优秀"


async def test_while_too_few_customers_have_answered_the_sheets_decide_alone(
    house: House, api: httpx.AsyncClient
) -> None:
    await gives(api, "superior", 88, form="joint")
    assert (await joined(api))["customers"]["state"] == "empty"
    await rated_by_customers(house, "5 1 1 1")
    found = await joined(api)
    assert (found["total"], found["inside"], found["formula"]) == (88.0, 88.0, "superior 88 × 100 %")
    assert found["customers"] == {"share": 30.0, "score": None, "people": 4, "ratings": 4, "state": "few"}


async def test_without_a_superior_customers_alone_make_no_result(house: House, api: httpx.AsyncClient) -> None:
    await rated_by_customers(house, "5 5 5 5 5")
    found = await joined(api)
    assert (found["total"], found["inside"], found["missing"]) == (None, None, ["superior"])
    assert found["customers"]["score"] == 100.0


async def test_a_year_is_the_mean_of_joined_quarters(house: House, api: httpx.AsyncClient) -> None:
    await gives(api, "superior", 80, form="joint", period="2026-Q2")
    await gives(api, "superior", 80, form="joint")
    await rated_by_customers(house, "5 5 5 5 5")
    found = await joined(api, "2026")
    assert [(one["period"], one["total"]) for one in found["parts"]] == [("2026-Q2", 80.0), ("2026-Q3", 86.0)]
    assert found["total"] == 83.0


async def test_the_score_of_somebody_has_the_figures_of_customers_and_the_results_of_sheets(
    house: House, api: httpx.AsyncClient
) -> None:
    await gives(api, "superior", 88, form="joint")
    only_sheets = (await api.get("/api/v1/scores/agent:a17", params={"period": "2026-Q3"})).json()
    assert (only_sheets["figures"], [one["form"] for one in only_sheets["forms"]]) == ([], ["joint"])
    await rated_by_customers(house, "5 5 5 5 4")
    score = (await api.get("/api/v1/scores/agent:a17", params={"period": "2026-Q3"})).json()
    assert score["forms"] == [await joined(api)]
    assert next(one["value"] for one in score["figures"] if one["metric"] == "score_rate") == 96.0
    other = await api.get("/api/v1/scores/department:a17", params={"period": "2026-Q3"})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "subject")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("[customers]\nshare = 0", "customers.share: 0 leaves nothing to one of the two."),
        ("[customers]\nshare = 100", "customers.share: 100 leaves nothing to one of the two."),
        ("[customers]", "customers.share: "),
    ],
)
def test_a_share_that_joins_nothing_is_refused(
    lines: str,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "performance_60_40.toml"
    file.write_text(
        (SHIPPED_FORMS / file.name).read_text("utf-8").replace("[[head]]", f"{lines}\n\n[[head]]", 1), "utf-8"
    )
    assert main(["survey", "check", str(file)]) == 1
    assert says in capsys.readouterr().err

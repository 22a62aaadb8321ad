"""How sure three of three is, and how many answers it takes: by API."""

from fractions import Fraction
from typing import Any

import httpx
import pytest

from scoring.honesty.intervals import wilson
from tests.support.web.service import Service


async def told(api: httpx.AsyncClient, name: str, **asked: object) -> dict[str, Any]:
    answer = await api.get(f"/api/v1/metrics/{name}", params={"locale": "en", **{k: str(v) for k, v in asked.items()}})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(("of", "low"), [(5, 56.6), (3, 43.9)])
async def test_all_of_few_are_less_than_sure(service: Service, of: int, low: float) -> None:
    found = await told(service.api, "interval", of=of, n=of)
    assert (round(found["low"], 1), found["high"], found["share"], found["method"]) == (low, 100, 100, "Wilson")
    assert found["text"] == f"{of} of {of} is 100%; the true share lies at about {low}% to 100% (Wilson, 95%)"


async def test_as_many_answers_are_needed_as_make_the_interval_narrow_enough(service: Service) -> None:
    found = await told(service.api, "answers", within=5, share=90)
    widths = [200 * end for n in (found["n"] - 1, found["n"]) for end in [_half(0.9, n)]]
    assert widths[0] > 10 >= widths[1]
    assert (await told(service.api, "answers", within=5))["n"] > found["n"]  # a half needs most


def _half(share: float, n: int) -> float:
    low, high = wilson(Fraction(share).limit_denominator(100) * n, n)
    return (high - low) / 2


@pytest.mark.parametrize(
    ("name", "asked", "field"),
    [
        ("interval", {"of": 4, "n": 3}, "of"),
        ("interval", {"of": 0, "n": 0}, "n"),
        ("interval", {"of": "three", "n": 3}, "of"),
        ("answers", {"within": 0}, "within"),
        ("answers", {"within": "nan"}, "within"),
        ("answers", {"within": 5, "share": 101}, "share"),
    ],
)
async def test_what_is_no_share_is_refused(service: Service, name: str, asked: dict[str, Any], field: str) -> None:
    answer = await service.api.get(f"/api/v1/metrics/{name}", params=asked)
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]

"""A form's scores are published as its figures are; sheets that come later wait for the next revision."""

from typing import Any

import httpx
import pytest

from tests.rows.periods.november import published
from tests.support.web.service import Service

FORM = "performance_60_40"
WORK = ("orders", "arrangements", "estimates", "measures", "effects", "relations", "contact", "knowledge")
CARE = ("on_site_time", "brand", "repair_form", "rules")
FULL = (5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
GOOD = (4, 4, 3, 5, 4, 4, 3, 4, 5, 4, 4, 3)


def sheet(subject: str, ratings: tuple[int, ...] = GOOD, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    values = dict(zip((*WORK, *CARE), ratings, strict=True))
    who = {"form": FORM, "subject": subject, "period": "2026-Q3", "role": "superior", "rater": "王经理", "by": "王经理"}
    return who | {"values": values, "words": {"position": "安装工"}} | changed


async def filled(api: httpx.AsyncClient, *sheets: dict[str, Any]) -> None:
    for one in sheets:
        answer = await api.post("/api/v1/assessments", json=one)
        assert answer.is_success, answer.text


async def told(service: Service, revision: int) -> dict[str, tuple[float, str]]:
    answer = await service.api.get(f"/api/v1/periods/2026-Q3/{FORM}", params={"revision": revision})
    assert answer.json()["verified"] is True
    return {one["subject"]: (one["total"], one["grade"]) for one in answer.json()["content"]}


async def test_a_quarter_of_a_form_is_published_for_everybody_with_a_sheet(service: Service) -> None:
    await filled(service.api, sheet("a17"), sheet("a18", FULL))
    first = await published(service, about=FORM, period="2026-Q3")
    assert first.status_code == 201, first.text
    assert (first.json()["about"], first.json()["rules"]) == (FORM, f"{FORM} 1")
    assert await told(service, 1) == {"a17": (78.5, "良好"), "a18": (100, "优秀")}
    await filled(service.api, sheet("a17", FULL, reason="看错行了"), sheet("a19"))
    assert await told(service, 1) == {"a17": (78.5, "良好"), "a18": (100, "优秀")}
    standing = (await service.api.get("/api/v1/periods/2026-Q3")).json()["published"]
    assert [(one["kind"], one["n"]) for one in standing[0]["waiting"]] == [("sheets", 1), ("sheets_corrected", 1)]
    assert standing[0]["text"] == "公布以后又有变化（新的评分表 1 份，更正的评分表 1 份），下次修订时计入"
    second = (await published(service, 2, about=FORM, period="2026-Q3", reason="补交")).json()
    assert second["text"] == "新的评分表 1 份，更正的评分表 1 份"
    assert await told(service, 2) == {"a17": (100, "优秀"), "a18": (100, "优秀"), "a19": (78.5, "良好")}
    assert await told(service, 1) == {"a17": (78.5, "良好"), "a18": (100, "优秀")}


async def test_only_those_are_published_who_are_named(service: Service) -> None:
    await filled(service.api, sheet("a17"), sheet("a18", FULL))
    await published(service, about=FORM, period="2026-Q3", subjects=["a18"])
    await filled(service.api, sheet("a19"))
    assert await told(service, 1) == {"a18": (100, "优秀")}
    assert (await service.api.get("/api/v1/periods/2026-Q3")).json()["published"][0]["waiting"] == []


async def test_figures_and_scores_of_a_period_have_revisions_of_their_own(service: Service) -> None:
    await filled(service.api, sheet("a17"))
    for about in ("figures", FORM):
        assert (await published(service, about=about, period="2026-Q3")).status_code == 201
    listed = (await service.api.get("/api/v1/periods", params={"about": FORM})).json()["items"]
    assert [(one["about"], one["revision"]) for one in listed] == [(FORM, 1)]


@pytest.mark.parametrize(
    ("about", "body", "field", "problem"),
    [
        ("nonsense", {}, "about", "what is published is one of figures,"),
        ("figures", {"cuts": ["colour"]}, "by", "has 'colour', which is none of"),
        ("figures", {"metrics": ["luck"]}, "metric", "has 'luck', which is not in the catalogue"),
        ("figures", {"revision": 0}, "revision", "1"),
        ("figures", {"by": " "}, "by", "empty"),
    ],
)
async def test_what_cannot_be_published_is_refused_with_its_field(
    service: Service, about: str, body: dict[str, Any], field: str, problem: str
) -> None:
    answer = await published(service, about=about, period="2026-Q3", **body)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert problem in error["problem"]


async def test_scores_are_published_for_named_periods_only(service: Service) -> None:
    answer = await published(service, about=FORM, period="2026-10-01..2026-10-16")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "period")
    assert "sheets are filled for periods like 2026-11" in error["problem"]


async def test_what_was_not_published_is_not_found(service: Service) -> None:
    for path in ("figures", "figures/content", f"{FORM}?revision=3"):
        answer = await service.api.get(f"/api/v1/periods/2026-Q3/{path}")
        assert answer.status_code == 404
        assert "published for 2026-Q3" in answer.json()["detail"]
    assert (await service.api.get("/api/v1/periods/2026-Q7")).status_code == 422


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 200),
        ({"revision": 1}, 200),
        ({"subjects": ["a17"]}, 409),
        ({"subjects": []}, 200),
        ({"by": "李工"}, 409),
        ({"reason": "又想了想"}, 409),
        ({"revision": 2}, 422),
        ({"revision": 2, "reason": "没有变化"}, 409),
        ({"revision": 3, "reason": "跳号"}, 409),
        ({"locale": "en"}, 200),
    ],
    ids=[
        "the same",
        "its number",
        "other subjects",
        "everybody",
        "another person",
        "another reason",
        "no reason",
        "nothing new",
        "a number left out",
        "another language",
    ],
)
async def test_what_is_asked_for_again_is_answered_or_refused(
    service: Service, changed: dict[str, Any], status: int
) -> None:
    await filled(service.api, sheet("a17"))
    first = await published(service, about=FORM, period="2026-Q3")
    again = await published(service, **{"about": FORM, "period": "2026-Q3", **changed})
    assert (first.status_code, again.status_code) == (201, status), again.text
    if status == 200:
        assert again.json()["digest"] == first.json()["digest"]

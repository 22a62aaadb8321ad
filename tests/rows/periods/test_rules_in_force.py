"""Appraisal rules have versions and days from which they hold; a period is rated by those in force as it begins."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.errors import ConfigErrors
from config.forms.load import read_forms
from tests.support.web.house import open_house

FORM = """id = "field_work"
version = {version}
title = {{ zh-Hans = "外勤考核", en = "Field work" }}
subject = "agent"
raters = ["superior"]
effective_from = {since}
prepared_by = "甲"
checked_by = "乙"
approved_by = "{approved}"
scale = {{ highest = 5 }}

[[sections]]
id = "care"
name = {{ zh-Hans = "态度", en = "Care" }}
weight = {care}

[[sections.items]]
id = "manner"
name = {{ zh-Hans = "待人", en = "Manner" }}

[[sections]]
id = "skill"
name = {{ zh-Hans = "技能", en = "Skill" }}
weight = {skill}

[[sections.items]]
id = "repair"
name = {{ zh-Hans = "维修", en = "Repair" }}

[[grades]]
at_least = {good}
name = {{ zh-Hans = "优", en = "good" }}

[[grades]]
at_least = 0
name = {{ zh-Hans = "良", en = "fair" }}
"""
OLD = {"version": 1, "since": "2026-01-01", "approved": "丙", "care": 40, "skill": 60, "good": 75}
NEW = {"version": 2, "since": "2026-07-01", "approved": "丁", "care": 60, "skill": 40, "good": 90}


def written(folder: Path, **files: dict[str, Any]) -> Path:
    (folder / "forms").mkdir(exist_ok=True)
    for name, version in files.items():
        (folder / "forms" / f"{name}.toml").write_text(FORM.format(**version), "utf-8")
    return folder


@pytest.fixture(name="api")
async def _api(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Open a house whose owner has changed a form in the middle of the year."""
    forms = read_forms(written(folder, field_work=OLD, field_work_july=NEW))
    async with open_house(folder, forms=forms) as house, house.client() as client:
        yield client


async def rated(api: httpx.AsyncClient, period: str, status: int = 201, **values: int) -> dict[str, Any]:
    """Store a sheet of a superior about a17: manner 5, repair 3."""
    who = {"form": "field_work", "subject": "a17", "period": period, "role": "superior", "rater": "王", "by": "王"}
    answer = await api.post("/api/v1/assessments", json=who | {"values": {"manner": 5, "repair": 3} | values})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def result(api: httpx.AsyncClient, period: str, **wanted: str) -> tuple[float, str, int, str]:
    given = {"form": "field_work", "subject": "a17", "period": period, **wanted}
    told = (await api.get("/api/v1/assessments/results", params=given)).json()
    return told["total"], told["grade"], told["version"], told["effective_from"]


@pytest.mark.row("S1-74", "S1-99")
async def test_a_period_is_computed_with_the_rules_in_force_and_with_newer_ones_only_on_request(
    api: httpx.AsyncClient,
) -> None:
    spring, summer = await rated(api, "2026-Q2"), await rated(api, "2026-Q3")
    assert [(one["version"], one["total"], one["grade"]) for one in (spring, summer)] == [(1, 76, "优"), (2, 84, "良")]
    assert await result(api, "2026-Q2") == (76, "优", 1, "2026-01-01")
    assert await result(api, "2026-Q3") == (84, "良", 2, "2026-07-01")
    assert await result(api, "2026-Q2", rules="latest") == (84, "良", 2, "2026-07-01")
    assert await result(api, "2026-Q2", rules="in_force") == (76, "优", 1, "2026-01-01")
    assert await result(api, "2026") == (80, "优", 1, "2026-01-01"), "each quarter by its own form"


@pytest.mark.row("S1-99")
async def test_forms_tell_who_prepared_checked_and_approved_them_and_from_when_they_hold(
    api: httpx.AsyncClient,
) -> None:
    spring, summer = await rated(api, "2026-Q2"), await rated(api, "2026-Q3")
    told = [(one["prepared_by"], one["checked_by"], one["approved_by"]) for one in (spring, summer)]
    assert told == [("甲", "乙", "丙"), ("甲", "乙", "丁")]
    refused = await rated(api, "2025-Q4", 422)
    (error,) = refused["errors"]
    assert (error["field"], error["problem"]) == (
        "period",
        "begins before 2026-01-01, from which on field_work is in force",
    )


@pytest.mark.row("S1-91")
async def test_appraisal_rules_are_versioned_and_what_was_published_says_by_which(api: httpx.AsyncClient) -> None:
    await rated(api, "2026-Q2")
    await rated(api, "2026-Q3")
    for period, rules, since in (("2026-Q2", "field_work 1", "2026-01-01"), ("2026-Q3", "field_work 2", "2026-07-01")):
        head = (await api.post(f"/api/v1/periods/{period}/field_work", json={"by": "王"})).json()
        assert (head["rules"], head["rules_from"]) == (rules, since)
    figures = (await api.post("/api/v1/periods/2026-Q3/figures", json={"by": "王"})).json()
    catalogue = (await api.get("/api/v1/metrics")).json()
    assert figures["rules"] == f"figures {catalogue['rule_version']}"
    listed = (await api.get("/api/v1/assessments", params={"form": "field_work"})).json()["items"]
    assert {(one["period"], one["version"]) for one in listed} == {("2026-Q2", 1), ("2026-Q3", 2)}


def test_of_several_files_the_newest_is_the_form_and_knows_those_before(tmp_path: Path) -> None:
    later = NEW | {"version": 3, "since": "2027-01-01"}
    form = read_forms(written(tmp_path, a=NEW, b=later, c=OLD))["field_work"]
    assert [(one.version, one.effective_from) for one in (form, *form.earlier)] == [
        (3, "2027-01-01"),
        (2, "2026-07-01"),
        (1, "2026-01-01"),
    ]


def test_two_files_that_hold_from_the_same_day_are_refused_with_file_and_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as refused:
        read_forms(written(tmp_path, a=OLD, b=OLD | {"version": 2}))
    (error,) = refused.value.errors
    assert str(error.file).endswith("b.toml")
    assert "is 'field_work' in force from the same day, 2026-01-01" in str(error)
    assert "Write from which day on this one holds." in str(error)

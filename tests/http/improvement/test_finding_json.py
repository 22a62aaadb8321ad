"""A finding as the API shows it, field by field."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from pydantic import ValidationError

from bot.http.api.improvement.finding_json import MeasureBody, NewFindingBody, TellBody, finding_out
from dialogs.improvement.model import FindingKind, Voice
from tests.dialogs.improvement.laws import START
from tests.storage.sample_findings import full_finding

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
MEASURE = {
    "measure": "报修后 4 小时内回电",
    "metric": "csat",
    "cut": {"dimension": "speed"},
    "pilot": {"team": "north"},
    "target": 85.0,
    "owner": "李工",
    "due_at": "2026-11-24T02:30:00Z",
    "baseline": {
        "from": "2026-10-23T02:30:00Z",
        "to": "2026-11-22T02:30:00Z",
    },
    "before": {
        "value": 70.5,
        "n": 78,
        "low": 59.43,
        "high": 79.21,
    },
    "verify": {
        "from": "2026-11-25T02:30:00Z",
        "to": "2026-12-25T02:30:00Z",
    },
    "planned_by": "王经理",
    "planned_at": "2026-11-22T02:30:00Z",
}
AFTER = {
    "value": 80.0,
    "n": 40,
    "low": 70.0,
    "high": 88.0,
}

RESULTS = [
    {
        "measure": MEASURE,
        "verdict": "not_reached",
        "before": MEASURE["before"],
        "after": AFTER,
        "effect": None,
        "low": None,
        "high": None,
        "p": None,
        "method": "",
        "at": "2026-11-22T02:30:00Z",
    },
    {
        "measure": MEASURE,
        "verdict": "reached",
        "before": MEASURE["before"],
        "after": AFTER,
        "effect": 9.5,
        "low": 0.5,
        "high": 18.0,
        "p": 0.02,
        "method": "Mann-Whitney",
        "at": "2026-11-22T02:30:00Z",
    },
]


def test_everything_of_a_finding_is_told() -> None:
    voices = [Voice("fin_1", "c-mei", "等了两天才有人来", NOW)]
    assert finding_out(full_finding(NOW), voices).model_dump(mode="json", by_alias=True) == {
        "id": "fin_1",
        "kind": "warning",
        "text": "上门太慢",
        "department": "north",
        "status": "told",
        "opened_at": "2026-11-22T02:30:00Z",
        "opened_by": "watch",
        "origin": "chart:north:speed",
        "responses": ["int_42"],
        "issues": ["iss_1"],
        "voices": [
            {
                "customer": "c-mei",
                "said": "等了两天才有人来",
                "at": "2026-11-22T02:30:00Z",
            }
        ],
        "measure": MEASURE,
        "reminded_at": "2026-11-22T02:30:00Z",
        "escalated_at": "2026-11-22T02:30:00Z",
        "done_at": "2026-11-22T02:30:00Z",
        "done_by": "李工",
        "results": RESULTS,
        "campaign": "cam_1",
        "told": {
            "zh-Hans": "报修后 4 小时内回电",
            "en": "we call back within 4 hours",
        },
        "closed_at": "2026-11-22T02:30:00Z",
        "closed_by": "王经理",
        "note": "说过了",
        "next_at": "2026-11-22T02:30:00Z",
    }


def test_what_is_not_there_yet_is_null() -> None:
    told = finding_out(START, ()).model_dump(mode="json")
    assert {name for name, value in told.items() if value is None} == {
        "origin",
        "measure",
        "reminded_at",
        "escalated_at",
        "done_at",
        "done_by",
        "campaign",
        "closed_at",
        "closed_by",
        "note",
        "next_at",
    }
    assert (told["voices"], told["results"], told["told"]) == ([], [], {})


PLAN = {
    "measure": "报修后 4 小时内回电",
    "metric": "csat",
    "target": 85.5,
    "owner": "李工",
    "due": "2026-12-10",
    "by": "王经理",
}


def test_a_measure_is_read_with_its_number_exact() -> None:
    wanted = MeasureBody.model_validate(PLAN | {"cut": {"team": "north"}}).wanted()
    assert (wanted.target, wanted.due.isoformat(), dict(wanted.cut)) == (
        Fraction(171, 2),
        "2026-12-10",
        {"team": "north"},
    )
    assert (wanted.baseline, wanted.verify, dict(wanted.pilot)) == ("", "", {})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("measure", ""),
        ("metric", ""),
        ("target", "much"),
        ("target", float("nan")),
        ("target", float("inf")),
        ("target", 10**13),
        ("owner", " "),
        ("due", "tomorrow"),
        ("due", "2026-13-01"),
        ("by", "\u200b"),
        ("cut", {"team": "a", "agent": "b", "survey": "c"}),
        ("pilot", ["team", "north"]),
        ("baseline", "x" * 31),
        ("why", "because"),
    ],
)
def test_a_wrong_field_of_a_measure_is_named(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        MeasureBody.model_validate(PLAN | {field: value})
    assert {error["loc"][0] for error in refused.value.errors()} == {field}


@pytest.mark.parametrize("field", PLAN)
def test_no_field_of_a_measure_may_be_missing(field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MeasureBody.model_validate({name: value for name, value in PLAN.items() if name != field})
    assert [error["loc"] for error in refused.value.errors()] == [(field,)]


def test_a_finding_is_a_suggestion_where_nothing_else_is_said() -> None:
    body = {"text": "慢", "department": "北区", "by": "王芳"}
    assert NewFindingBody.model_validate(body).wanted("key").kind is FindingKind.SUGGESTION
    with pytest.raises(ValidationError):
        NewFindingBody.model_validate(body | {"kind": "rumour"})


def test_empty_words_are_not_told() -> None:
    body = TellBody.model_validate({"by": "王经理", "words": {"zh-Hans": " 改了 ", "en": "  "}})
    assert body.given == (("zh-Hans", "改了"),)
    with pytest.raises(ValidationError):
        TellBody.model_validate({"by": "王经理", "words": {"not a language!": "x"}})

"""Rows of an export as lines of a CSV: nothing is lost between a row and its cells."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.data.csv_rows import answer_columns, csv_lines, own_columns, spread_out, spread_row
from bot.reports.plain_tables import cell_text

Json = dict[str, Any]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(), newline="")))


def cells(row: Json, *columns: str, kind: str = "") -> list[str]:
    (line,) = read(csv_lines([row], kind, columns))
    return line


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-5, "-5"),
        (4.5, "4.5"),
        ("=1", "'=1"),
        ("两行\n一格", "两行\n一格"),
        ([], ""),
        (["vip", "north"], "vip;north"),
        (["=1", "x"], "'=1;x"),
        (["a;b", "c"], '["a;b", "c"]'),
        (["a；b", "c"], '["a；b", "c"]'),
        (['["a', "c"], '["[\\"a", "c"]'),
        ({}, ""),
        ({"at": "早"}, '{"at": "早"}'),
        ([{"a": 1}], '[{"a": 1}]'),
    ],
)
def test_each_value_has_its_cell(value: object, cell: str) -> None:
    assert cells({"x": value}, "x") == [cell]


def test_fields_of_fields_have_a_dot_and_a_whole_object_may_be_asked_for() -> None:
    row = {"agent": {"id": "a17", "name": None}, "measure": None}
    assert cells(row, "agent.id", "agent.name", "measure.metric", "agent", "nothing") == [
        "a17",
        "",
        "",
        '{"id": "a17", "name": null}',
        "",
    ]


@given(st.dictionaries(st.sampled_from("abcdef"), SCALARS))
def test_every_row_of_plain_values_comes_back(row: Json) -> None:
    line = cells(row, *"abcdef")
    for name, cell in zip("abcdef", line, strict=True):
        value = row.get(name)
        match value:
            case None:
                assert cell == ""
            case bool():
                assert cell == json.dumps(value)
            case int() | float():
                assert type(value)(cell) == value
            case _:
                assert cell_text(cell) == value


@given(st.lists(TEXTS, min_size=2))
def test_every_list_of_texts_comes_back(texts: list[str]) -> None:
    (cell,) = cells({"x": texts}, "x")
    text = cell_text(cell)
    is_json = any(mark in one for one in texts for mark in (";", "；", '["'))
    assert (json.loads(text) if is_json else text.split(";")) == texts


def test_each_question_has_columns_of_its_own() -> None:
    answers = [
        {"question": "attitude", "value": 2, "text": "=晚", "importance": 5, "at": "2026-11-22T02:30:00Z"},
        {"question": "after_care", "value": 5, "text": None, "importance": None, "at": "2026-11-22T02:31:00Z"},
    ]
    columns = [name for question in ("attitude", "after_care", "unasked") for name in answer_columns(question)]
    assert columns[:4] == [
        "answers.attitude",
        "answers.attitude.text",
        "answers.attitude.importance",
        "answers.attitude.at",
    ]
    line = cells({"id": "int_1", "answers": answers}, "id", *columns, kind="responses")
    assert line[:5] == ["int_1", "2", "'=晚", "5", "2026-11-22T02:30:00Z"]
    assert line[5:] == ["5", "", "", "2026-11-22T02:31:00Z", "", "", "", ""]


def test_own_fields_and_items_of_a_sheet_have_columns_of_their_own() -> None:
    ticket: Json = {"fields": {"floor": 3, "lift": False, "=x": "y"}}
    assert list(own_columns("tickets", ticket)) == ["fields.floor", "fields.lift", "fields.=x"]
    assert cells(ticket, "fields.floor", "fields.lift", "fields.=x", "fields.none", kind="tickets") == [
        "3",
        "false",
        "y",
        "",
    ]
    items = [
        {
            "item": "brand",
            "value": 4.0,
            "not_applicable": False,
            "evidence": ["https://example.com/1", "https://example.com/2"],
        },
        {"item": "rules", "value": None, "not_applicable": True, "evidence": []},
    ]
    sheet: Json = {"items": items, "words": {"remark": "不错"}}
    told = spread_row("assessments", sheet)
    assert told["values.brand"] == 4.0
    assert told["evidence.brand"] == ["https://example.com/1", "https://example.com/2"]
    assert (told["not_applicable"], told["words.remark"]) == (["rules"], "不错")
    assert list(own_columns("issues", {"id": "x"})) == []
    assert [spread_out(kind) for kind in ("responses", "tickets", "issues")] == [("answers",), ("fields",), ()]


def test_what_was_left_out_for_anonymity_has_no_columns() -> None:
    assert list(own_columns("tickets", {"fields": None})) == []
    assert list(own_columns("assessments", {"items": [], "words": None})) == ["not_applicable"]

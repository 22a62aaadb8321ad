"""Pseudonyms: nothing passes that is not named, the same is always the same, and nobody computes one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.data.exported_columns import COLUMNS, Disguise, ExportedColumns
from bot.cli.data.pseudonyms import Pseudonyms

Json = dict[str, Any]
ONE, OTHER = Pseudonyms(b"one"), Pseudonyms(b"other")
SECRET = "王女士-13800001111"


def columns(**disguises: Disguise) -> ExportedColumns:
    return ExportedColumns(tuple(disguises), {name.replace("__", "."): what for name, what in disguises.items()})


def test_what_is_not_named_does_not_pass() -> None:
    row = {"id": "x", "new_field": SECRET, "deep": {"new": SECRET}, "list": [{"new": SECRET}, SECRET], "score": 4}
    told = ONE.row(row, columns(id=Disguise.WHOLE, score=Disguise.WHOLE))
    assert told == {"id": "x", "new_field": None, "deep": {"new": None}, "list": [{"new": None}], "score": 4}


def test_words_are_left_out_and_numbers_stay() -> None:
    answers = [{"question": "attitude", "value": 2, "text": SECRET}]
    told = ONE.row({"answers": answers, "comment": SECRET}, COLUMNS["responses"])
    assert told == {"answers": [{"question": "attitude", "value": 2, "text": None}], "comment": None}


def test_somebody_is_the_same_in_all_rows_and_another_in_another_export() -> None:
    one, again = (ONE.row({"customer": "c-1"}, COLUMNS[kind])["customer"] for kind in ("tickets", "responses"))
    assert one == again
    assert one.startswith("customer-")
    assert OTHER.row({"customer": "c-1"}, COLUMNS["tickets"])["customer"] != one
    assert ONE.row({"customer": "c-2"}, COLUMNS["tickets"])["customer"] != one


def test_a_ticket_is_the_same_by_its_number_and_by_its_reference() -> None:
    ticket = ONE.row({"source": "desk", "ticket": "42"}, COLUMNS["tickets"])
    response = ONE.row({"ticket": "desk/42"}, COLUMNS["responses"])
    issue = ONE.row({"tickets": ["desk/42", "desk/43"]}, COLUMNS["issues"])
    assert response["ticket"] == f"desk/{ticket['ticket']}" == issue["tickets"][0]
    assert ticket["ticket"] != "42"
    assert issue["tickets"][1] != issue["tickets"][0]
    with_slash = ONE.row({"source": "gitlab", "ticket": "owner/repo#7"}, COLUMNS["tickets"])
    assert (
        ONE.row({"ticket": "gitlab/owner/repo#7"}, COLUMNS["responses"])["ticket"] == f"gitlab/{with_slash['ticket']}"
    )


def test_nobody_has_no_pseudonym() -> None:
    told = ONE.row({"by": None, "agent": {"id": "", "name": None}, "tickets": []}, COLUMNS["responses"])
    assert told["by"] is None
    assert told["agent"] == {"id": "", "name": None}


@given(st.text(min_size=1), st.sampled_from([Disguise.CUSTOMER, Disguise.PERSON, Disguise.RECORD]))
def test_a_pseudonym_tells_its_kind_and_nothing_else(text: str, disguise: Disguise) -> None:
    told = ONE.row({"x": text}, columns(x=disguise))["x"]
    kind, _, digest = told.partition("-")
    assert (kind, len(digest)) == (disguise.value, 16)
    assert set(digest) <= set("0123456789abcdef")


_WORDS = ("name", "text", "comment", "note", "subject", "phone", "email", "address", "url", "title", "why", "reason")
_HARMLESS = {
    *("sections.name", "items.name", "exclusions.reason", "campaign_targets.reason"),
    *("assessments.title", "results.title", "assessments.subject", "adjustments.subject", "results.subject"),
    *("tickets.agent.name", "responses.agent.name"),
}
"""Words of forms and lists, and of people who have a pseudonym."""


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_that_sounds_like_words_of_people_is_left_out(kind: str) -> None:
    for path, disguise in COLUMNS[kind].disguises.items():
        is_worded = path.rpartition(".")[2] in _WORDS
        if is_worded and not {path, f"{kind}.{path}"} & _HARMLESS:
            assert disguise is Disguise.OUT, f"{kind}.{path}"


@pytest.mark.parametrize("kind", COLUMNS)
def test_whoever_does_something_has_a_pseudonym(kind: str) -> None:
    for path, disguise in COLUMNS[kind].disguises.items():
        name = path.rpartition(".")[2]
        if name == "by" or name.endswith("_by") or name in ("owner", "rater"):
            expected = Disguise.WHOLE if name == "check_by" else Disguise.PERSON
            assert disguise is expected, f"{kind}.{path}"
        if name == "customer":
            assert disguise is Disguise.CUSTOMER, f"{kind}.{path}"

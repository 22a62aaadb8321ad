"""What the fields of a rater's page are read as, and what is found wrong with them."""

from fractions import Fraction
from urllib.parse import urlencode

import pytest

from bot.http.rater_page.entered_sheet import LONGEST_WORDS, EnteredSheet, FieldError, entered_on_page
from config.forms.load import read_forms
from scoring.values import replace

FORMS = read_forms()
KPI, CLAUSES, SCALE = FORMS["quarter_kpi"], FORMS["gbt_27922_part"], FORMS["appraisal_360"]


def typed(item: str, text: str, form: str = "quarter_kpi") -> Fraction | FieldError | None:
    """Return what a text in the field of an item is read as."""
    entry, wrong = EnteredSheet({item: text}).entry(FORMS[form])
    return wrong.get(f"v.{item}", entry.values.get(item))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("90", Fraction(90)),
        (" ９０．５ ", Fraction(181, 2)),
        ("0", Fraction(0)),
        ("", FieldError("missing")),
        ("九十", FieldError("not_number")),
        ("90%", FieldError("not_number")),
        ("1e3", FieldError("not_number")),
        ("-1", FieldError("too_low")),
        ("999999", Fraction(999999)),
    ],
)
def test_a_measured_figure(text: str, read: Fraction | FieldError) -> None:
    assert typed("parts_rate", text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("5", Fraction(5)), ("4.5", FieldError("off_scale", "5")), ("6", FieldError("off_scale", "5"))],
)
def test_a_rating_on_the_scale(text: str, read: Fraction | FieldError) -> None:
    assert typed("quality", text, "appraisal_360") == read


def test_what_always_applies_cannot_be_left_out() -> None:
    assert typed("quality", "na", "appraisal_360") == FieldError("not_number")
    entry, _wrong = EnteredSheet({"c_5_1_7_2": "na"}).entry(CLAUSES)
    assert (entry.not_applicable, entry.values) == (frozenset({"c_5_1_7_2"}), {})


def test_open_items_are_no_mistake_where_the_form_leaves_them_out() -> None:
    form = replace(SCALE, leaves_out=True)
    entry, wrong = EnteredSheet({"quality": "5"}).entry(form)
    assert (dict(entry.values), wrong) == ({"quality": Fraction(5)}, {})


@pytest.mark.parametrize(
    ("addresses", "error"),
    [
        ("", "no_evidence"),
        ("example.com/a", "no_address"),
        ("https://user:secret@example.com/", "no_address"),
        ("https://example.com/a https://example.com/b", None),
        (" ".join(f"https://example.com/{number}" for number in range(21)), "no_address"),
        ("https://example.com/" + "a" * 990, "no_address"),
    ],
)
def test_evidence_is_addresses(addresses: str, error: str | None) -> None:
    _entry, wrong = EnteredSheet({"c_5_1_7_2": "6"}, {"c_5_1_7_2": addresses}).entry(CLAUSES)
    assert wrong.get("e.c_5_1_7_2") == (FieldError(error) if error else None)


def test_a_form_is_read_by_the_names_of_its_fields() -> None:
    sent = {"v.a": "4", "e.a": " https://x ", "w.b": "一\r\n二\x00", "v.c": " ", "x.d": "5", "do": "review"}
    entered = entered_on_page(urlencode(sent).encode())
    assert entered == EnteredSheet({"a": "4"}, {"a": "https://x"}, {"b": "一\n二"}, "review")


def test_of_two_fields_of_one_name_the_first_counts() -> None:
    assert entered_on_page(b"v.a=na&v.a=").values == {"a": "na"}


def test_words_have_an_end_and_halves_of_characters_are_left_out() -> None:
    entered = entered_on_page(urlencode({"w.a": "好" * 2000}).encode() + b"&w.b=%ED%A0%80ok")
    assert len(entered.words["a"]) == LONGEST_WORDS
    assert entered.words["b"].endswith("ok")


def test_too_many_fields_are_no_sheet() -> None:
    assert entered_on_page("&".join(f"v.a{number}=1" for number in range(600)).encode()) == EnteredSheet()

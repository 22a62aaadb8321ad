"""A number is one number however it is written, and a text that is none is none."""

import pytest

from bot.connectors.phone_spellings import one_number, written_numbers

CHINA = "+8613800138000"


ONE = "13800138000|138 0013 8000|138-0013-8000|+86 138 0013 8000|+86-138-0013-8000|0086 13800138000|+8613800138000"
ONE += "|(+86) 13800138000|tel:+86-138-0013-8000|１３８００１３８０００"
NONE = "|138****8000|none|12|+|wang@mail.example|13800138000 ext. 7|" + "9" * 40


@pytest.mark.parametrize("text", ONE.split("|"))
def test_a_number_of_china_is_one_however_it_is_written(text: str) -> None:
    assert one_number(text, "CN") == CHINA
    assert CHINA in written_numbers(text, "CN")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("030 901820", "DE", "+4930901820"),
        ("+49 (0)30 901820", "CN", "+4930901820"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("2123 4567", "HK", "+85221234567"),
        ("010-6552 9988", "CN", "+861065529988"),
    ],
)
def test_other_countries_have_rules_of_their_own(text: str, region: str, number: str) -> None:
    assert one_number(text, region) == number


@pytest.mark.parametrize("text", NONE.split("|"))
def test_what_is_no_number_is_none(text: str) -> None:
    assert one_number(text, "CN") == ""
    assert written_numbers(text, "CN") == ()


def test_without_a_country_only_a_whole_number_is_one() -> None:
    assert one_number("13800138000", "") == ""
    assert one_number("+86 138 0013 8000", "") == CHINA


def test_the_forms_are_those_in_which_others_may_have_written_it() -> None:
    forms = written_numbers("138 0013 8000", "CN")
    assert forms[0] == CHINA
    assert {"13800138000", "8613800138000", "008613800138000", "138 0013 8000", "+86 138 0013 8000"} <= set(forms)
    assert len(forms) == len(set(forms))

"""Telephone numbers however they are written: found to be dialled, and found to be erased."""

import re

import pytest

from dialogs.phone_number import is_number, national_digits, spellings


def finds(stored: str, typed: str) -> bool:
    return any(re.search(pattern, typed) for pattern in spellings(stored))


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("+86 138 0013 8000", "rang 13800138000 twice"),
        ("13800138000", "他的号码是138 0013 8000，没人接"),
        ("+86 13800138000", "138-0013-8000"),
        ("13800138000", "+8613800138000"),
        ("13800138000", "0086 138 0013 8000"),
        ("010-88886666 转 12", "01088886666"),
        ("010-88886666 转 12", "(010) 8888.6666"),
        ("+1 (555) 010-9999 ext. 12", "555 010 9999"),
        ("13800138000/13900139000", "或者 139 0013 9000"),
        ("13800138000 李", "13800138000"),
    ],
)
def test_a_number_is_found_however_somebody_writes_it(stored: str, typed: str) -> None:
    assert finds(stored, typed)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("13800138000", "213800138000123"),
        ("13800138000", "1380013800"),
        ("138****8000", "138 and 8000"),
        ("110", "room 110"),
        ("无", "无"),
    ],
)
def test_nothing_else_is_taken_for_it(stored: str, typed: str) -> None:
    assert not finds(stored, typed)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００（王女士）", "13800138000"),
        ("手机 138 0013 8000 转 2", "13800138000"),
        ("+86 (021) 5555-1234", "02155551234"),
        ("021-5555 1234", "02155551234"),
        ("+852 2345 6789", "23456789"),
        ("138****8000", ""),
        ("12", ""),
        ("", ""),
        ("晚上打", ""),
    ],
)
def test_the_digits_of_a_number_are_the_same_however_it_is_written(written: str, digits: str) -> None:
    assert national_digits(written) == digits


@pytest.mark.parametrize(("text", "is_one"), [("12345", True), ("138****8000", True), ("1234", False), ("无", False)])
def test_a_number_has_five_digits_at_least(text: str, is_one: bool) -> None:  # noqa: FBT001 (a case)
    assert is_number(text) is is_one

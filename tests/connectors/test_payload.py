"""What a help desk's JSON holds is read by path, and what is not there is empty."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.connectors.payload import BrokenPayload, Payload, read_payload

BODY = Payload({"a": {"b": [{"name": "one"}, {"title": "two"}, "three", 4, None, {}]}, "n": 7, "big": 10**20, "f": 1.5})


FOUND = {"a.b.0.name": "one", "n": "7", "big": "1" + "0" * 20, "f": "1.5"}
ABSENT = ("a.b.9.name", "a.b", "a", "n.m", "", "a.b.x")


@pytest.mark.parametrize(("path", "text"), [*FOUND.items(), *((path, "") for path in ABSENT)])
def test_a_text_is_found_by_its_path(path: str, text: str) -> None:
    assert BODY.text(path) == text


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        ("12345678901234567.0", "12345678901234568"),  # the nearest number that there is in 64 bits
        ("1234567890123456.0", "1234567890123456"),
        ("1234567890123457.0", "1234567890123457"),
        ("17.0", "17"),
        ("1.7e1", "17"),
        ("1.5", "1.5"),
        ("1e300", "1e+300"),
        ("NaN", ""),
        ("Infinity", ""),
        ("-Infinity", ""),
        ("1e999", ""),
    ],
)
def test_an_id_in_a_number_keeps_its_digits_and_what_is_no_number_is_no_id(written: str, id_: str) -> None:
    assert read_payload(b'{"id": ' + written.encode() + b"}").text("id") == id_


def test_the_first_that_says_something_counts() -> None:
    told = Payload({"mobile": "  ", "phone": None, "tel": " 138\n0013 ", "yes": True})
    assert told.text("mobile", "yes", "phone", "tel") == "138 0013"


def test_words_are_texts_or_what_entries_are_called() -> None:
    assert BODY.words("a.b") == ("one", "two", "three", "4")
    assert Payload({"tags": "vip, 急,,vip"}).words("tags") == ("vip", "急")
    assert BODY.words("n") == BODY.words("nowhere") == ()


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22T02:30:00Z",
        "2026-11-22T10:30:00+08:00",
        "2026-11-22T02:30:00.000+0000",
        "2026-11-22 02:30:00 UTC",
        "2026-11-22 02:30:00",
        1795314600,
        1795314600.0,
        1795314600000,
        "1795314600",
    ],
    ids=repr,
)
def test_moments_are_read_as_help_desks_write_them(written: Any) -> None:  # noqa: ANN401 (JSON is anything)
    assert Payload({"at": written}).moment("at") == datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("written", ["yesterday", "", None, True, [], 1e300, -1e300, "9" * 400, float("nan")])
def test_what_is_no_moment_is_none(written: Any) -> None:  # noqa: ANN401 (as above)
    assert Payload({"at": written}).moment("at") is None


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"9" * 5000, "too long"),
    ],
)
def test_what_is_no_json_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(BrokenPayload, match=why):
        read_payload(raw)


def test_a_mark_of_byte_order_and_what_no_database_stores_are_left_out() -> None:
    told = read_payload("\ufeff".encode() + b'{"a": "x\\u0000\\ud800y"}')
    assert told.text("a") == "xy"


def test_a_part_is_read_further_and_one_that_is_not_there_is_empty() -> None:
    assert BODY.part("a").text("b.0.name") == "one"
    assert BODY.part("nowhere").text("b.0.name") == ""
    assert BODY.part("nowhere").moment("at") is None
    assert BODY.part("n").words("tags") == ()
    assert BODY.part("a").is_object
    assert not BODY.part("a.b").is_object


def test_the_entries_of_a_list_are_parts() -> None:
    assert [part.text("name", "title") for part in BODY.parts("a.b")] == ["one", "two", "", "", "", ""]
    assert BODY.parts("a") == BODY.parts("n") == BODY.parts("nowhere") == []

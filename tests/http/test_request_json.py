"""JSON that two readers could understand differently, or that no database keeps, is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http.request_json import BadJson, read_json


@pytest.mark.parametrize(
    ("raw", "field", "problem"),
    [
        (b"", "body", "is not JSON: Expecting value, line 1, column 1"),
        (b"{", "body", "is not JSON"),
        (b"\xff", "body", "is not UTF-8"),
        (b'{"a": 1, "a": 2}', "a", "stands twice"),
        (b'{"a": {"b": 1, "b": 2}}', "b", "stands twice"),
        (b'{"a": NaN}', "body", "NaN is no JSON number"),
        (b'{"a": -Infinity}', "body", "-Infinity is no JSON number"),
        (b"[" * 60000, "body", "is nested too deeply"),
        (b"[" * 20 + b"]" * 20, "body", "is nested too deeply"),
        (b"1" * 5000, "body", "too long"),
        (b'{"a": ["\\u0000"]}', "a.0", "NUL"),
        (b'{"a": {"b": "\\ud800"}}', "a.b", "surrogate"),
        (b'{"\\udfff": 1}', "body", "surrogate"),
    ],
)
def test_json_that_is_refused_says_where_and_why(raw: bytes, field: str, problem: str) -> None:
    with pytest.raises(BadJson) as caught:
        read_json(raw)
    assert caught.value.wrong.field == field
    assert problem in caught.value.wrong.problem


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert read_json(b'"\\ud83d\\ude42"') == "🙂"


def read_or_refused(raw: bytes) -> str:
    """Return what stands in the way, empty if it was read."""
    try:
        read_json(raw)
    except BadJson as bad:
        return bad.wrong.problem
    return ""


@given(st.binary(max_size=200) | st.text(max_size=40).map(lambda text: text.encode(errors="surrogatepass")))
def test_nothing_that_is_sent_breaks_the_reader(raw: bytes) -> None:
    assert len(read_or_refused(raw)) < 200

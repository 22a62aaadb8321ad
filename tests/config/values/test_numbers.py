"""Numbers, as TOML or the environment gives them: exact, within their bounds, and never a yes or no."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from config.errors import InvalidValue
from config.values.numbers import read_chat_id, read_limit, read_number, read_rate, whole

PORT = whole(1, 65535)


@pytest.mark.parametrize(
    ("read", "written", "means"),
    [
        (PORT, 8480, 8480),
        (PORT, " 8480 ", 8480),
        (PORT, "+1", 1),
        (PORT, 65535, 65535),
        (read_chat_id, "-1001234567890", -1001234567890),
        (read_chat_id, 42, 42),
        (read_chat_id, 2**52 - 1, 2**52 - 1),
        (read_rate, "0.5", 0.5),
        (read_rate, 30, 30.0),
        (read_limit, "3.3", Fraction(33, 10)),
        (read_limit, 0, Fraction(0)),
        (read_limit, 5, Fraction(5)),
        (read_number, 0.1, Fraction(1, 10)),
        (read_number, "-2.25", Fraction(-9, 4)),
    ],
)
def test_a_number_means_exactly_what_is_written(
    read: Callable[[object], object], written: object, means: object
) -> None:
    assert read(written) == means


@pytest.mark.parametrize(
    ("read", "written", "problem"),
    [
        (PORT, 0, "0 is out of range."),
        (PORT, 65536, "65536 is out of range."),
        (PORT, True, "True is not a whole number."),
        (PORT, 80.5, "80.5 is not a whole number."),
        (PORT, "８０", "'８０' is not a whole number."),
        (PORT, "1e3", "'1e3' is not a whole number."),
        (PORT, "9" * 20, f"'{'9' * 20}' is not a whole number."),
        (PORT, None, "None is not a whole number."),
        (read_chat_id, 0, "0 is not a chat id."),
        (read_chat_id, 2**52, f"{2**52} is not a chat id."),
        (read_chat_id, "@team", "'@team' is not a chat id."),
        (read_rate, 0, "0 lets nothing through."),
        (read_rate, "-1", "'-1' lets nothing through."),
        (read_rate, float("nan"), "nan is not a number."),
        (read_limit, 5.1, "5.1 is not on the scale 1-5."),
        (read_limit, -1, "-1 is not on the scale 1-5."),
        (read_number, "1,5", "'1,5' is not a number."),
        (read_number, ".5", "'.5' is not a number."),
        (read_number, [1], "[1] is not a number."),
    ],
)
def test_what_is_no_such_number_is_told_with_what_was_written(
    read: Callable[[object], object], written: object, problem: str
) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read(written)
    assert wrong.value.problem == problem
    assert wrong.value.fix

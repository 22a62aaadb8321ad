"""What makes a response doubtful: a table of efforts, and that no flag follows from equal ratings alone."""

import pytest

from scoring.validity import AUTOMATIC, Effort, ResponseFlag, effort_flags
from scoring.values import replace

HONEST = Effort(ratings=(5, 5, 5, 5, 5), asked=5, missing=0, gestures=5, seconds=20, has_words=False)
FAST = replace(HONEST, seconds=3.9)
EFFORTS: dict[str, tuple[Effort, list[ResponseFlag]]] = {
    "five equal ratings in their time": (HONEST, []),
    "just in time": (replace(HONEST, seconds=4), []),
    "fast and equal": (FAST, [ResponseFlag.TOO_FAST, ResponseFlag.STRAIGHT_LINE]),
    "fast and equal with a word": (replace(FAST, has_words=True), [ResponseFlag.TOO_FAST]),
    "fast and different": (replace(FAST, ratings=(5, 5, 4, 5, 5)), [ResponseFlag.TOO_FAST]),
    "fast and equal, of four": (
        replace(FAST, ratings=(5,) * 4, asked=4, gestures=4, seconds=1),
        [ResponseFlag.TOO_FAST],
    ),
    "all by one text": (replace(HONEST, gestures=1, seconds=0), []),
    "one item": (replace(HONEST, ratings=(1,), asked=1, gestures=1, seconds=0), []),
    "two of five": (replace(HONEST, ratings=(5, 4), missing=3, gestures=2), [ResponseFlag.INCOMPLETE]),
    "nothing at all": (Effort((), 5, 5, 0, 0, has_words=True), []),
}


@pytest.mark.parametrize("name", EFFORTS)
def test_an_effort_has_these_flags(name: str) -> None:
    effort, expected = EFFORTS[name]
    assert [raised.flag for raised in effort_flags(effort)] == expected


def test_a_flag_says_what_it_saw() -> None:
    assert [raised.why for raised in effort_flags(replace(FAST, missing=1, asked=6))] == [
        "1 of 6 items are missing",
        "5 ratings within 3.9 s",
        "5 times 5, without a word",
    ]


def test_no_flag_of_effort_excludes_anything_by_itself() -> None:
    assert set(AUTOMATIC) == {ResponseFlag.TEST, ResponseFlag.DUPLICATE}

"""The comments that teach are labelled by the guideline and share nothing with those that measure."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from scoring.text_evaluation.labelled import is_held_out
from tests.text.test_labelled_set import DIMENSIONS, FILES, TAGS, Rows, lines

FOLDER = Path(__file__).parent / "training"
TAUGHT = {language: name for language, name in FILES.items() if (FOLDER / f"{name}.jsonl").exists()}
MOST_SHARED = 0.45
HELD_BACK = Path(__file__).parents[2] / "bench" / "understanding" / "held_back.txt"


def taught(name: str) -> Rows:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def bare(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def pieces(text: str) -> frozenset[str]:
    letters = bare(text)
    return frozenset(letters[start : start + 3] for start in range(max(len(letters) - 2, 0)))


@pytest.mark.some(1)
@pytest.mark.parametrize("language", list(TAUGHT))
def test_every_comment_is_labelled_in_the_words_of_the_guideline(language: str) -> None:
    for row in taught(TAUGHT[language]):
        assert set(row) - {"alert"} == {"id", "lang", "text", "polarity", "dimensions", "tags"}
        assert isinstance(row.get("alert", False), bool)
        assert row["lang"] == language
        assert row["polarity"] in {"positive", "negative", "neutral", "mixed"}
        assert set(row["dimensions"]) <= DIMENSIONS
        assert set(row["tags"]) <= TAGS
        assert ("mixed" in row["tags"]) == (row["polarity"] == "mixed")
        assert row["text"] == row["text"].strip() != ""


@pytest.mark.proof
def test_no_id_comes_twice_and_no_text_is_a_labelled_one() -> None:
    here = [row for name in TAUGHT.values() for row in taught(name)]
    there = [row for name in (*FILES.values(), "alerts") for row in lines(name)]
    assert set(Counter(row["id"] for row in [*here, *there]).values()) == {1}
    assert set(Counter(row["text"].casefold() for row in here).values()) == {1}
    assert not {row["text"].casefold() for row in here} & {row["text"].casefold() for row in there}


@pytest.mark.proof
@pytest.mark.some(1)
@pytest.mark.parametrize("language", list(TAUGHT))
def test_no_comment_is_close_to_a_labelled_one(language: str) -> None:
    measured = [pieces(row["text"]) for name in (TAUGHT[language], "alerts") for row in lines(name)]
    holders = defaultdict(set)
    for number, other in enumerate(measured):
        for piece in other:
            holders[piece].add(number)
    for row in taught(TAUGHT[language]):
        own = pieces(row["text"])
        rarest = sorted(own & holders.keys(), key=lambda piece: len(holders[piece]))
        # A close one shares more than MOST_SHARED of the pieces, so it holds one of those outside the commonest.
        telling = rarest[: max(len(rarest) - int(MOST_SHARED * len(own)), 0)]
        near = {number for piece in telling for number in holders[piece]}
        close = [n for n in near if len(own & measured[n]) > MOST_SHARED * len(own | measured[n])]
        assert not close, row["id"]


@pytest.mark.some(1)
@pytest.mark.parametrize("language", list(TAUGHT))
def test_every_dimension_and_polarity_is_taught(language: str) -> None:
    rows = taught(TAUGHT[language])
    assert {name for row in rows for name in row["dimensions"]} == DIMENSIONS
    assert {row["polarity"] for row in rows} == {"positive", "negative", "neutral", "mixed"}


@pytest.mark.proof
def test_the_comments_that_are_held_back_are_there_once_and_in_each_language() -> None:
    names = HELD_BACK.read_text("utf-8").split()
    rows = [row for name in TAUGHT.values() for row in taught(name)]
    rows += [row for name in FILES.values() for row in lines(name) if not is_held_out(row["id"])]
    ids = {row["id"]: row["lang"] for row in rows}
    assert len(set(names)) == len(names)
    assert Counter(ids[name] for name in names).keys() == TAUGHT.keys()

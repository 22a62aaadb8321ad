"""The labelled comments are what their README says, so that a figure measured on them means something."""

import json
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "labelled"
FILES = {"zh-Hans": "zh_hans", "zh-Hant": "zh_hant", "en": "en"}
AT_LEAST = {"zh-Hans": 420, "zh-Hant": 130, "en": 210}
DIMENSIONS = {
    *("response_speed", "solving_result", "attitude", "professionalism", "convenience", "communication"),
    *("after_care", "product_quality", "fee", "parts", "privacy", "safety"),
}
TAGS = {
    *("negation", "double_negation", "comparative", "rhetorical", "irony", "mixed", "emoji", "dialect", "typo"),
    *("slang", "code_switching", "wish", "conditional", "unpunctuated", "terse"),
}
KINDS = {"threat", "safety", "legal", "privacy", "press", "complaint", "refund"}
Rows = list[dict[str, Any]]


def lines(name: str) -> Rows:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def is_held_out(row: Mapping[str, Any]) -> bool:
    return int(sha256(row["id"].encode()).hexdigest(), 16) % 3 == 0


@pytest.fixture(scope="module")
def comments() -> Rows:
    return [row for name in FILES.values() for row in lines(name)]


def test_every_comment_is_labelled_in_the_words_of_the_guideline(comments: Rows) -> None:
    for row in comments:
        assert set(row) == {"id", "lang", "text", "polarity", "dimensions", "tags"}
        assert row["polarity"] in {"positive", "negative", "neutral", "mixed"}
        assert set(row["dimensions"]) <= DIMENSIONS
        assert set(row["tags"]) <= TAGS
        assert ("mixed" in row["tags"]) == (row["polarity"] == "mixed")
        assert row["text"] == row["text"].strip() != ""


def test_no_id_and_no_text_comes_twice(comments: Rows) -> None:
    everything = [*comments, *lines("alerts")]
    assert set(Counter(row["id"] for row in everything).values()) == {1}
    assert set(Counter(row["text"].casefold() for row in everything).values()) == {1}


@pytest.mark.parametrize("language", list(FILES))
def test_every_language_has_enough_comments_of_every_kind(language: str) -> None:
    rows = lines(FILES[language])
    assert {row["lang"] for row in rows} == {language}
    assert len(rows) >= AT_LEAST[language]
    assert {name for row in rows for name in row["dimensions"]} == DIMENSIONS
    polarities = Counter(row["polarity"] for row in rows)
    assert 0.6 < polarities["positive"] / polarities["negative"] < 1.7
    assert min(polarities["neutral"], polarities["mixed"]) >= 10


def test_negation_and_the_other_difficulties_are_there_in_numbers(comments: Rows) -> None:
    chinese = Counter(tag for row in comments if row["lang"] != "en" for tag in row["tags"])
    english = Counter(tag for row in comments if row["lang"] == "en" for tag in row["tags"])
    assert chinese["negation"] >= 100
    assert english["negation"] >= 50
    assert set(chinese) == TAGS
    assert min((chinese + english).values()) >= 10


@pytest.mark.parametrize("language", list(FILES))
def test_the_held_out_third_is_a_third_and_like_the_rest(language: str) -> None:
    rows = lines(FILES[language])
    held_out = [row for row in rows if is_held_out(row)]
    assert 0.28 < len(held_out) / len(rows) < 0.4
    for polarity in ("positive", "negative"):
        of_all = sum(row["polarity"] == polarity for row in rows) / len(rows)
        of_these = sum(row["polarity"] == polarity for row in held_out) / len(held_out)
        assert abs(of_all - of_these) < 0.12


def test_alert_sentences_are_with_and_against_every_kind() -> None:
    rows = lines("alerts")
    assert all(set(row) == {"id", "lang", "text", "alert", "kind"} for row in rows)
    assert min(Counter(row["lang"] for row in rows).values()) >= 20
    assert {row["lang"] for row in rows} == set(FILES)
    assert {row["kind"] for row in rows if row["alert"]} == KINDS
    assert {row["kind"] for row in rows if not row["alert"]} == KINDS
    assert 0.4 < sum(row["alert"] for row in rows) / len(rows) < 0.65

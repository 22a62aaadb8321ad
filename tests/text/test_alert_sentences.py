"""Sentences with and without a reason to call somebody: which alarm by words, and which by the encoder or words.

Those of `alerts.jsonl` have taught; those of `alerts_unseen.jsonl` were written by somebody who had seen neither words
nor sentences, and have taught nothing.
"""

from collections.abc import Iterator
from functools import cache

import pytest

from config.locale.words import load_lexicon
from config.settings.settings import AlertSettings
from config.text.encoder_file import load_judge
from scoring.rules import alert_words
from tests.text.test_labelled_set import Rows, lines

KNOWN, UNSEEN = "alerts", "alerts_unseen"


def by_words(text: str) -> bool:
    return bool(alert_words(text, load_lexicon().spelled(AlertSettings().rule())))


@cache
def by_encoder(text: str) -> bool:
    return (load_judge().judge(text).alert or 0) > 0


def passed_over(rows: Rows, *, with_encoder: bool) -> Iterator[str]:
    """Yield the sentences that should alarm, and do not."""
    for row in rows:
        if row["alert"] and not by_words(row["text"]) and not (with_encoder and by_encoder(row["text"])):
            yield row["text"]


def false_alarms(rows: Rows, *, with_encoder: bool) -> Iterator[str]:
    """Yield the sentences that alarm, and should not."""
    for row in rows:
        if not row["alert"] and (by_words(row["text"]) or (with_encoder and by_encoder(row["text"]))):
            yield row["text"]


def test_no_more_sentences_than_before_are_taken_for_the_opposite_by_words() -> None:
    silent, false = (list(one(lines(KNOWN), with_encoder=False)) for one in (passed_over, false_alarms))
    assert silent == []
    assert len(false) <= 4, false


@pytest.mark.proof
@pytest.mark.parametrize(("name", "silent", "false"), [(KNOWN, 0, 6), (UNSEEN, 2, 10)])
def test_words_and_encoder_together_pass_over_few(name: str, silent: int, false: int) -> None:
    rows = lines(name)
    missed, wrong = (list(one(rows, with_encoder=True)) for one in (passed_over, false_alarms))
    assert len(missed) <= silent, missed
    assert len(wrong) <= false, wrong


@pytest.mark.proof
def test_the_encoder_finds_what_no_word_does() -> None:
    rows = [row for row in lines(UNSEEN) if row["alert"] and not by_words(row["text"])]
    assert len(rows) == 13
    assert sum(by_encoder(row["text"]) for row in rows) >= 11

"""Sentences with and without a reason to call somebody, in three languages.

None is passed over, and at most six of the 235 without a reason alarm: of 60 sentences, as many with a reason as
without, fewer than one.
"""

import pytest

from config.locale.words import load_lexicon
from config.settings.settings import AlertSettings
from scoring.rules import alert_words
from tests.text.test_labelled_set import lines

PASSED_OVER, FALSE_ALARMS = 0, 6


@pytest.mark.parametrize(("alert", "limit"), [(True, PASSED_OVER), (False, FALSE_ALARMS)])
def test_no_more_sentences_than_before_are_taken_for_the_opposite(alert: bool, limit: int) -> None:  # noqa: FBT001 (a table)
    rule = load_lexicon().spelled(AlertSettings().rule())
    wrong = [
        row["text"] for row in lines("alerts") if row["alert"] is alert is not bool(alert_words(row["text"], rule))
    ]
    assert len(wrong) <= limit, wrong

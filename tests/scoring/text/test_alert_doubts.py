"""Words that alarm are doubted where the sentence surely needs nobody, and only those with which that was learned."""

import pytest

from config.locale.words import load_lexicon
from config.settings.settings import AlertSettings
from scoring.rules import AlertRule, alert_words
from scoring.text.alert_phrases import AlertDoubts
from scoring.text.weights import ALERT, PieceTable, Weights, packed
from scoring.values import replace

RULE = AlertRule(words=("退款", "蓝屏"), forms={"退款": ("退钱", "把钱还我")})


def doubting(*forms: str, piece: str = "笑", weight: int = -400) -> AlertRule:
    weights = Weights((ALERT,), PieceTable(1, {piece: packed([weight])}))
    return replace(RULE, doubts=AlertDoubts(weights, frozenset(forms)))


def test_a_word_in_a_sentence_that_surely_needs_nobody_does_not_count() -> None:
    rule = doubting("退款", "退钱")
    assert alert_words("我要退款", rule) == ("退款",)
    assert alert_words("笑着说要退款", rule) == ()
    assert alert_words("笑着说要退钱", rule) == ()


@pytest.mark.parametrize("text", ["笑话，电脑蓝屏了", "笑话，把钱还我"])
def test_an_owners_own_words_and_forms_are_never_doubted(text: str) -> None:
    assert alert_words(text, doubting("退款", "退钱")) == alert_words(text, RULE) != ()


def test_what_is_not_sure_counts() -> None:
    assert alert_words("笑着说要退款", doubting("退款", weight=-299)) == ("退款",)


def test_a_long_text_is_never_doubted_since_a_part_of_it_may_be_meant() -> None:
    assert alert_words("笑" + "说" * 200 + "要退款", doubting("退款")) == ("退款",)


def test_every_shipped_word_may_be_doubted_and_no_sentence_without_one_is_looked_at() -> None:
    rule = load_lexicon().spelled(AlertSettings().rule())
    assert rule.doubts is not None
    assert {rule.fold(word) for word in rule.words} <= rule.doubts.forms
    assert alert_words("师傅准时到", rule) == ()

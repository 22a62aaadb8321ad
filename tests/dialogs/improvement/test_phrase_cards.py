"""The card of a new phrase: which dimensions are offered, how it is meant, and what was decided about it."""

import pytest

from config.locale.phrases import load_phrases
from dialogs.admin.lists import AdminLocale
from dialogs.improvement.phrase_cards import PhraseStep, PhraseView, dimension_key, phrase_card, phrase_list
from dialogs.messages import Choice, Prompt
from dialogs.time.zones import find_zone
from scoring.values import replace

ZONE = find_zone("Asia/Shanghai")
DIMENSIONS = (
    ("attitude", "Attitude"),
    ("convenience", "Convenience"),
    ("fee", "Price"),
    ("parts", "Parts"),
    ("safety", "Safety"),
)
VIEW = PhraseView("went in circles", 7, DIMENSIONS, -1, ("we went in circles for ***",))


def admin(locale: str = "en") -> AdminLocale:
    """Return a language on the clocks of Shanghai."""
    assert ZONE is not None
    return AdminLocale(load_phrases(), locale, ZONE)


def choices(card: Prompt) -> list[Choice]:
    return [choice for row in card.rows for choice in row]


def labels(card: Prompt) -> list[str]:
    return [choice.label for choice in choices(card)]


def test_the_three_likely_dimensions_stand_first_with_the_way_to_the_others() -> None:
    card = phrase_card(VIEW, admin())
    assert card.text.splitlines() == [
        "“went in circles” · said by 7 people",
        "· “we went in circles for ***”",
        "",
        "Customers complain with it. About what?",
    ]
    assert labels(card) == ["Attitude", "Convenience", "Price", "It is praise", "Others", "Ignore"]


def test_all_of_them_are_shown_where_somebody_asks() -> None:
    card = phrase_card(VIEW, admin(), in_full=True)
    assert labels(card)[:5] == [name for _, name in DIMENSIONS]
    assert "Others" not in labels(card)


@pytest.mark.parametrize(
    ("meant", "question", "turns_to"),
    [
        (-1, "Customers complain with it. About what?", "It is praise"),
        (1, "Customers praise with it. About what?", "Only mentioned"),
        (0, "It is only mentioned, neither good nor bad. About what?", "It is blame"),
    ],
)
def test_how_it_is_meant_goes_round_and_stands_in_each_button(meant: int, question: str, turns_to: str) -> None:
    card = phrase_card(VIEW, admin(), meant=meant)
    assert card.text.endswith(question)
    assert turns_to in labels(card)
    taps = [choice.means for choice in choices(card) if choice.means.step.startswith(PhraseStep.MAP)]
    assert {tap.value - 1 for tap in taps} == {meant}
    assert [tap.step for tap in taps] == [f"ma:{dimension_key(one)}" for one, _ in DIMENSIONS[:3]]


def test_how_it_is_usually_meant_is_proposed() -> None:
    card = phrase_card(replace(VIEW, polarity=1), admin())
    assert card.text.endswith("Customers praise with it. About what?")


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (
            replace(VIEW, decided_by="Ann", dimension="Convenience"),
            "Ann has decided: it is about “Convenience”, blame",
        ),
        (
            replace(VIEW, decided_by="Ann", dimension="Convenience", polarity=1),
            "Ann has decided: it is about “Convenience”, praise",
        ),
        (replace(VIEW, decided_by="Ann"), "Ann has decided: ignore it"),
    ],
)
def test_what_was_decided_is_shown_and_can_be_taken_back(view: PhraseView, says: str) -> None:
    card = phrase_card(view, admin())
    assert card.text.splitlines()[-1] == says
    assert labels(card) == ["Take back"]


@pytest.mark.parametrize(
    ("locale", "head"),
    [
        ("zh-Hans", "客户常说、词库里还没有的话 1 个，点开看看它说的是什么："),
        ("zh-Hant", "客戶常說、詞庫裡還沒有的話 1 個，點開看看它說的是什麼："),
        ("en", "1 phrase that customers use and the lexicon does not have. Open it and say what it is about:"),
    ],
)
def test_the_list_speaks_each_language(locale: str, head: str) -> None:
    assert phrase_list([VIEW], 0, admin(locale)).text.splitlines()[0] == head


def test_a_page_that_is_not_there_is_the_first() -> None:
    for offset in (-8, 8, 10**9):
        assert phrase_list([VIEW], offset, admin()) == phrase_list([VIEW], 0, admin())

"""What customers of the sample company write is varied, in their language, and means what they rated."""

from itertools import product

import pytest

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_comments import CommentTopic, comment_text, phrase_text
from config.sample.company_file import read_company
from tests.support.web.fixtures import api, folder, house
from tests.support.web.house import House

__all__ = ["api", "folder", "house"]

GOOD = True
LOCALES = ("zh-Hans", "zh-Hant", "en")
THINGS = {"zh-Hans": "空调", "zh-Hant": "冷氣", "en": "air conditioner"}
ASKED = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")


def comment(locale: str, number: int, *topics: CommentTopic) -> str:
    wording = read_company("zh-Hans").wording[locale]
    return comment_text(wording, topics, THINGS[locale], Draws("comment", locale, number))


@pytest.mark.parametrize("locale", LOCALES)
def test_no_slot_is_left_open(locale: str) -> None:
    for question, is_good in product(ASKED, (True, False)):
        for number in range(40):
            text = comment(locale, number, CommentTopic(question, is_good))
            assert not {"{", "}"} & set(text)
            assert text.strip() == text != ""


@pytest.mark.parametrize("locale", LOCALES)
def test_many_comments_are_different_ones(locale: str) -> None:
    told = {
        comment(locale, number, CommentTopic(ASKED[number % 5], number % 2 == 0), CommentTopic(ASKED[number % 3], GOOD))
        for number in range(300)
    }
    assert len(told) > 240


@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_draws_give_the_same_words(locale: str) -> None:
    wording, topic = read_company("zh-Hans").wording[locale], CommentTopic("attitude", is_good=False)
    first, second = (phrase_text(wording, topic, THINGS[locale], Draws("phrase")) for _ in range(2))
    assert first == second


def test_traditional_comments_have_no_simplified_characters() -> None:
    simplified = set("师这来没时们说满电话开关")
    told = "".join(
        comment("zh-Hant", number, CommentTopic(question, is_good))
        for number in range(60)
        for question, is_good in product(ASKED, (True, False))
    )
    assert simplified & set(told) <= {"來"}


def test_english_comments_begin_with_a_capital_and_hold_no_chinese() -> None:
    for number in range(200):
        text = comment("en", number, CommentTopic(ASKED[number % 5], number % 2 == 0))
        assert text[0].isupper()
        assert text.isascii()


@pytest.mark.some(2)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("is_good", [True, False])
async def test_our_own_reader_finds_on_which_side_most_comments_are(
    house: House,
    locale: str,
    is_good: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    reader = house.web.receiver.policy.comments.reader
    sides = []
    for number in range(60):
        read = reader.read(comment(locale, number, CommentTopic(ASKED[number % 5], is_good)))
        sides += [one.polarity > 0 for clause in read.clauses for one in clause.findings if one.polarity]
    assert len(sides) > 30
    assert sides.count(is_good) > 0.8 * len(sides)

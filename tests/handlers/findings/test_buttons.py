"""Every button about findings and phrases fits a platform's limits, in each language, however long the names are."""

from collections.abc import Iterator

import pytest

from bot.channels.telegram.callback_data import CALLBACK_DATA
from dialogs.admin.lists import AdminLocale
from dialogs.ids import derive
from dialogs.improvement.draft_cards import choice_in, owners_card, plan_card, tell_card
from dialogs.improvement.finding_card import finding_card, reasons_card
from dialogs.improvement.finding_view import FindingView
from dialogs.improvement.model import FindingState
from dialogs.improvement.phrase_cards import PhraseView, fits_button, phrase_card, phrase_list
from dialogs.improvement.plan_draft import MetricOption, PlanDraft, PlanOffer, planned_measure, usual_baseline
from dialogs.messages import Choice, Prompt
from scoring.values import replace
from tests.handlers.improvement.test_steps import FINDING, MEASURE, OVER, RESULT
from tests.support.stage.scene import NOW, POLICY

LOCALES = ("zh-Hans", "zh-Hant", "en")
LONGEST_LABEL = 30
OFFER = PlanOffer(
    (
        MetricOption("bad_review_rate", (), MEASURE.before, ("8", "12")),
        MetricOption("csat", (("team", "北区"),), MEASURE.before, ("80", "70")),
    ),
    usual_baseline(NOW, POLICY.timezone),
)
DRAFT = PlanDraft(derive("fin", "x"), 123_456, "报修后 4 小时内回电", "李工", OFFER)
VIEW = FindingView(replace(FINDING, id=derive("fin", "x"), version=98_765), "报修后等太久", 2000, ("等了两天",) * 3)
NAMES = ["阿卜杜拉·买买提·艾力·司马义", "Maximiliane von Hohenstein-Langenburg", "李工"]
PHRASE = PhraseView("一二三四五六七八九十一二三", 7, tuple((f"dimension_{n:030}", "很长的名字" * 9) for n in range(13)))


def cards(locale: str) -> Iterator[Prompt]:
    """Yield every card and list of a language."""
    admin = AdminLocale(POLICY.phrases, locale, POLICY.timezone)
    for state in FindingState:
        results = () if state is FindingState.OPEN else (RESULT,)
        measure = None if state in (FindingState.OPEN, FindingState.DISMISSED) else OVER
        finding = replace(VIEW.finding, state=state, measure=measure, results=results, responses=("int_1",))
        yield finding_card(replace(VIEW, finding=finding), NOW, admin)
        yield reasons_card(replace(VIEW, finding=finding), NOW, admin)
    for metric in (0, 1):
        draft = replace(DRAFT, metric=metric)
        measure = planned_measure(draft, "王经理", NOW, POLICY.timezone)
        assert measure is not None
        yield plan_card(VIEW, draft, measure, admin)
    yield owners_card(VIEW, DRAFT, NAMES, admin)
    yield tell_card(VIEW, DRAFT, [(locale, "x" * 900)], admin, is_quoted=True)
    yield phrase_list([PHRASE] * 30, 8, admin)
    for meant in (-1, 0, 1):
        yield phrase_card(PHRASE, admin, meant=meant, in_full=True)
    yield phrase_card(replace(PHRASE, decided_by=NAMES[1], dimension="服务态度"), admin)


def choices(locale: str) -> list[Choice]:
    return [choice for card in cards(locale) for row in card.rows for choice in row]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_button_fits_and_is_read_back_as_it_was_written(locale: str) -> None:
    for choice in choices(locale):
        assert CALLBACK_DATA.decode(CALLBACK_DATA.encode(choice.means)) == choice.means
        assert len(choice.label) <= LONGEST_LABEL, choice.label


@pytest.mark.parametrize("locale", LOCALES)
def test_a_card_has_few_rows_and_no_row_is_empty(locale: str) -> None:
    for card in cards(locale):
        assert all(card.rows)
        assert all(len(row) <= 4 for row in card.rows)
        assert len(card.text) <= 3500


@pytest.mark.parametrize(
    ("phrase", "fits"),
    [
        ("来回跑", True),
        ("一二三四五六七八九十一二三", True),
        ("一二三四五六七八九十一二三四", False),
        ("a" * 41, False),
    ],
)
def test_a_phrase_of_forty_bytes_is_the_longest_for_a_button(phrase: str, fits: bool) -> None:  # noqa: FBT001 (a column)
    assert fits_button(phrase) is fits


@pytest.mark.parametrize(
    ("field", "place", "after"),
    [
        ("metric", 1, replace(DRAFT, metric=1)),
        ("metric", 2, None),
        ("target", 1, replace(DRAFT, target=1)),
        ("target", 2, None),
        ("target", -1, None),
        ("days", 0, replace(DRAFT, days=0)),
        ("days", 3, None),
    ],
)
def test_only_what_is_offered_can_be_chosen(field: str, place: int, after: PlanDraft | None) -> None:
    assert DRAFT.choosing(field, place) == after


def test_another_metric_begins_with_its_first_target() -> None:
    assert replace(DRAFT, target=1).choosing("metric", 1) == replace(DRAFT, metric=1, target=0)
    assert replace(DRAFT, offer=None).choosing("days", 0) is None, "words for customers have no date"


def test_a_button_names_the_wording_that_it_stands_under() -> None:
    admin = AdminLocale(POLICY.phrases, "en", POLICY.timezone)
    rows = owners_card(VIEW, DRAFT, NAMES, admin).rows
    assert {choice_in(choice.means.value) for row in rows for choice in row} == {(123_456, 0)}

"""The files of the sample company fit each other: names in three languages, wording for every question, shares."""

from itertools import product
from string import Formatter

import pytest

from config.sample.company_file import CompanyPlan, read_company
from config.surveys.load import read_surveys
from dialogs.issue.model import IssueKind
from scoring.complaints import ComplaintCategory
from scoring.metrics.catalogue import CATALOGUE, MetricUnit

LOCALES = ("zh-Hans", "zh-Hant", "en")
QUESTIONS = [question.id for question in read_surveys()["after_service"].questions]


@pytest.fixture(params=LOCALES, name="plan")
def _plan(request: pytest.FixtureRequest) -> CompanyPlan:
    return read_company(request.param)


def names_of(plan: CompanyPlan) -> list[str]:
    people = [one.name for one in (*plan.technicians, plan.newcomer)]
    things = [one.name for one in (*plan.products, *plan.categories)]
    places = [name for team in plan.teams for name in (team.name, team.area, *team.stations)]
    return [*people, *things, *places, *plan.causes, *plan.repairs, *plan.resolutions]


def test_everything_has_a_name(plan: CompanyPlan) -> None:
    assert all(names_of(plan))


@pytest.mark.parametrize("kind", ["teams", "technicians", "products", "categories", "channels"])
def test_no_name_is_given_twice(plan: CompanyPlan, kind: str) -> None:
    names = [one.name for one in getattr(plan, kind)]
    assert len(set(names)) == len(names) > 1


def test_the_english_names_have_no_chinese_in_them() -> None:
    assert all(name.isascii() for name in names_of(read_company("en")))


def test_an_unknown_language_has_the_names_of_simplified_chinese() -> None:
    assert read_company("fr").teams == read_company("zh-Hans").teams


def test_every_question_has_a_level_and_no_other_has(plan: CompanyPlan) -> None:
    assert set(plan.level) == set(QUESTIONS)
    levels = [*(one.level for one in plan.teams), *(one.level for one in (*plan.technicians, plan.newcomer))]
    assert all(set(one) <= set(QUESTIONS) for one in levels)


@pytest.mark.parametrize(("locale", "question", "is_good"), list(product(LOCALES, QUESTIONS, (True, False))))
def test_every_question_can_be_praised_and_blamed_in_every_language(
    locale: str,
    question: str,
    is_good: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    wording = read_company("zh-Hans").wording[locale]
    templates = wording.said[question, is_good]
    assert len(set(templates)) == len(templates) >= 3


@pytest.mark.parametrize("locale", LOCALES)
def test_every_slot_of_a_template_can_be_filled(locale: str) -> None:
    wording = read_company("zh-Hans").wording[locale]
    for templates in wording.said.values():
        for template in templates:
            slots = {name for _, name, _, _ in Formatter().parse(template) if name}
            assert slots <= {*wording.slots, "product"}, template


@pytest.mark.parametrize("locale", LOCALES)
def test_every_slot_is_used(locale: str) -> None:
    wording = read_company("zh-Hans").wording[locale]
    told = "".join(template for templates in wording.said.values() for template in templates)
    assert [name for name in wording.slots if f"{{{name}}}" not in told] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_comments_can_be_opened_joined_and_closed(locale: str) -> None:
    frame = read_company("zh-Hans").wording[locale].frame
    assert set(frame) == {"open", "join", "same", "good_close", "bad_close"}
    assert all(frame.values())


def test_shares_add_up_to_what_they_should(plan: CompanyPlan) -> None:
    assert sum(plan.languages.values()) == pytest.approx(1)
    assert sum(one.share for one in plan.channels) == pytest.approx(1)
    assert sum(plan.unsent.values()) < 0.3
    assert all(0 < one.answers < 1 for one in plan.channels)
    assert all(0 <= one.resent < 1 for one in plan.categories)


def test_there_is_a_weight_for_each_month_and_each_day_of_the_week(plan: CompanyPlan) -> None:
    assert (len(plan.months), len(plan.weekdays)) == (12, 7)
    assert all(weight > 0 for weight in (*plan.months, *plan.weekdays))
    assert all(len(one.months) in (0, 12) for one in plan.products)


def test_everybody_works_in_a_team_that_there_is(plan: CompanyPlan) -> None:
    assert {one.team for one in plan.technicians} == set(range(len(plan.teams)))
    assert plan.newcomer.team in range(len(plan.teams))
    assert all(one.share > 0 for one in plan.technicians)


def test_the_bad_technician_is_the_one_who_is_coached(plan: CompanyPlan) -> None:
    worst = min(plan.technicians, key=lambda one: sum(one.level.values()))
    assert plan.coached == worst
    assert worst.repeats is not None
    assert worst.repeats > plan.numbers["repeats"]
    assert worst.name in plan.coaching.text


def test_measures_are_verified_by_a_metric_that_has_an_interval(plan: CompanyPlan) -> None:
    for one in (*(change.finding for change in plan.changes), plan.coaching):
        assert CATALOGUE[one.metric].unit is MetricUnit.PERCENT
        assert 50 < one.target < 100
        assert all((one.text, one.measure, one.owner, one.department))


def test_one_change_helped_and_another_did_not(plan: CompanyPlan) -> None:
    helped, not_helped = plan.changes
    assert (helped.month, helped.dimension) == (3, "response_speed")
    assert helped.before is not None
    assert helped.before < plan.level["response_speed"] - 0.5
    assert (not_helped.month, not_helped.before) == (6, None)


def test_complaints_are_about_questions_in_categories_that_there_are(plan: CompanyPlan) -> None:
    assert set(plan.complaints_about) == set(QUESTIONS)
    assert {one for several in plan.complaints_about.values() for one in several} <= set(ComplaintCategory)
    assert IssueKind.COMPLAINT in set(IssueKind)


def test_the_file_is_read_once_for_each_language() -> None:
    assert read_company("en") is read_company("en")

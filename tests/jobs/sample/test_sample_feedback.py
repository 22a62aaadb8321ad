"""Feedback on paper in the sample company: of the last months, with what is important, and asked of nobody."""

from statistics import mean

import pytest

from bot.jobs.sample.sample_feedback import feedback_survey
from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation
from scoring.values import Value
from storage.model.fact_records import RatingFact
from storage.model.records import StoredSurvey
from tests.jobs.sample.orders import NOVEMBER, of_kind, order_of, records_of


@pytest.fixture(scope="module", name="records")
def _records() -> list[Value]:
    return records_of(order_of(customers=400))


def sheets(records: list[Value]) -> list[Interview]:
    return [one for one in of_kind(records, Interview) if one.channel == "paper"]


def test_sheets_are_whole_of_the_last_months_and_entered_by_somebody(records: list[Value]) -> None:
    found, asks = sheets(records), {one.id: one for one in of_kind(records, Invitation)}
    assert len(found) > 10
    for one in found:
        ask = asks[one.invitation]
        assert (one.state, one.survey, len(one.answers)) == (InterviewState.COMPLETED, ("importance_matrix", 1), 4)
        assert (ask.entered_by, ask.by_hand, ask.wake_at) == ("小何", True, None)
        assert "2026-08" <= f"{one.asked_at:%Y-%m}" <= "2026-11"
        assert ask.closed_at <= one.asked_at <= NOVEMBER


def test_each_answer_says_how_important_it_is_and_so_does_its_rating(records: list[Value]) -> None:
    told = {(one.id, each.question): each.importance for one in sheets(records) for each in one.answers}
    stored = {
        (one.response, one.item): one.importance for one in of_kind(records, RatingFact) if one.channel == "paper"
    }
    assert stored == told
    assert {value for value in told.values() if value is not None} <= set(range(1, 6))
    weights = {
        question.id: mean(value or 0 for (_, item), value in told.items() if item == question.id)
        for question in feedback_survey().questions
    }
    assert max(weights, key=lambda one: weights[one]) == "solving_result"
    assert min(weights, key=lambda one: weights[one]) == "reception_attitude"


def test_nothing_that_was_asked_says_what_is_important(records: list[Value]) -> None:
    assert {one.importance for one in of_kind(records, RatingFact) if one.channel != "paper"} == {0}


def test_the_survey_on_the_paper_is_stored_as_it_is_shipped(records: list[Value]) -> None:
    stored = {one.id: one.number for one in of_kind(records, StoredSurvey)}
    survey = feedback_survey()
    assert (stored[survey.id], survey.asks_importance) == (survey.version, True)

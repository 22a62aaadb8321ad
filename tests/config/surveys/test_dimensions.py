"""What each question of a shipped survey measures: the key by which answers of several surveys are compared."""

import pytest

from config.surveys.load import read_surveys
from dialogs.survey import Survey

ALL = read_surveys()
MEASURED: dict[str, dict[str, str]] = {
    "after_service": {
        "response_speed": "response_speed",
        "problem_solving": "problem_solving",
        "attitude": "attitude",
        "convenience": "convenience",
        "after_care": "after_care",
    },
    "anonymous_pulse": {
        "trust": "trust",
        "honesty": "honesty",
        "again": "again",
    },
    "callback": {
        "delivery_attitude": "attitude",
        "product_quality": "product_quality",
        "system_usability": "system_usability",
        "overall": "overall",
    },
    "customer_5": {
        "response_speed": "reply_speed",
        "professionalism": "professionalism",
        "staff_attitude": "attitude",
        "solving_speed": "solving_speed",
        "solving_result": "solving_result",
    },
    "e_commerce": {
        "response_speed": "reply_speed",
        "overall": "overall",
        "solving_speed": "solving_speed",
        "professionalism": "professionalism",
    },
    "feedback": {
        "overall": "overall",
    },
    "feedback_importance": {
        "reception_attitude": "attitude",
        "solving_speed": "solving_speed",
        "solving_result": "solving_result",
        "service_efficiency": "convenience",
    },
    "importance_matrix": {
        "reception_attitude": "attitude",
        "solving_speed": "solving_speed",
        "solving_result": "solving_result",
        "service_efficiency": "convenience",
    },
    "quality_5": {
        "response_speed": "reachability",
        "problem_solving": "problem_solving",
        "staff": "staff",
        "process": "process",
        "feedback": "feedback",
    },
    "satisfaction_3": {
        "product_quality": "product_quality",
        "service_quality": "service_quality",
        "price": "price",
        "after_sales": "overall",
    },
    "satisfaction_4": {
        "product_quality": "product_quality",
        "service_quality": "service_quality",
        "support": "support",
        "response_speed": "response_speed",
        "price": "price",
        "company_image": "company_image",
    },
    "ten_point": {
        "response_speed": "waiting_time",
        "service_quality": "service_quality",
        "communication": "communication",
        "problem_solving": "solving_result",
        "overall": "overall",
    },
}
"""By survey, by question."""


@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
def test_a_question_measures_what_it_measured_before(survey: Survey) -> None:
    assert {question.id: question.measures for question in survey.questions} == MEASURED[survey.id]


@pytest.mark.parametrize("survey", ALL.values(), ids=ALL)
def test_two_questions_of_one_survey_measure_different_things(survey: Survey) -> None:
    measured = [question.measures for question in survey.questions]
    assert len(set(measured)) == len(measured)

"""A row of responses becomes an answer that counts, raises nothing and keeps nobody from being asked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.handlers.imported.response_rows import judge_response, judge_review, response_keys, review_keys
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, TakenRow
from bot.handlers.surveys.scheduling import quarantined
from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState, status_of
from scoring.values import replace
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import AnswerLog, Customer
from tests.support.stage.scene import NOW, POLICY, scene

TERMS = ImportTerms("imp_1", POLICY, NOW, "李工")
GIVEN = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
CLOSING = Closing("desk", "G1", 2, "c-1", GIVEN - timedelta(days=1), agent_id="a1", agent_name="李工", team="north")
STORED = StoredRows(closings={("desk", "G1"): CLOSING})
ROW: dict[str, Any] = {"ticket": ("desk", "G1"), "channel": "paper", "given_at": GIVEN, "answers.attitude": "4"}
QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
WHOLE = {f"answers.{question}": "5" for question in QUESTIONS}


def taken(stored: StoredRows = STORED, terms: ImportTerms = TERMS, /, **cells: object) -> list[Any]:
    given = {name: value for name, value in (ROW | cells).items() if value is not None}
    outcome = judge_response(terms, given, stored)
    assert isinstance(outcome, TakenRow), outcome
    return [*outcome.records, *outcome.followers()]


def asked_for(keys_of: Callable[[ImportTerms, dict[str, Any], RowKeys], None], row: dict[str, Any]) -> RowKeys:
    keys = RowKeys()
    keys_of(TERMS, row, keys)
    return keys


def of(kind: type, records: list[Any]) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def mistakes(stored: StoredRows = STORED, /, **cells: object) -> list[tuple[str, str, str]]:
    given = {name: value for name, value in (ROW | cells).items() if value is not None}
    outcome = judge_response(TERMS, given, stored)
    assert isinstance(outcome, RefusedRow), outcome
    return [(one.column, one.value, one.problem) for one in outcome.mistakes]


def test_an_answer_is_about_the_latest_closing_as_it_was() -> None:
    (ask,) = of(Invitation, taken())
    assert (ask.source, ask.ticket, ask.closing, ask.customer) == ("desk", "G1", 2, "c-1")
    assert (ask.agent_id, ask.agent_name, ask.team, ask.closed_at) == ("a1", "李工", "north", CLOSING.closed_at)
    assert (ask.state, ask.channel, ask.entered_by, ask.sent_at) == (InvitationState.ASKED, "paper", "李工", None)


def test_its_ratings_count_and_its_history_is_whole() -> None:
    records = taken(**{"answers.attitude.text": "很和气", "comment": "谢谢"})
    (interview,) = of(Interview, records)
    assert [(one.question, one.value, one.text, one.at) for one in interview.answers] == [
        ("attitude", 4, "很和气", GIVEN)
    ]
    assert (interview.comment, interview.logged, interview.wake_at) == ("谢谢", 2, None)
    log = of(AnswerLog, records)
    assert [(one.number, one.question, one.value, one.text) for one in log] == [
        (0, "attitude", 4, "很和气"),
        (1, "comment", None, "谢谢"),
    ]
    (rating,) = of(RatingFact, records)
    assert (rating.item, rating.value, rating.lowest, rating.highest, rating.channel) == ("attitude", 4, 1, 5, "paper")
    assert (rating.status, rating.response, rating.at) == (RatingStatus.COUNTED, interview.id, GIVEN)


@pytest.mark.parametrize(
    ("cells", "state", "status"),
    [
        (WHOLE, InterviewState.COMPLETED, "completed"),
        ({}, InterviewState.EXPIRED, "partial"),
        ({"status": "completed"}, InterviewState.COMPLETED, "completed"),
        ({"status": "partial"}, InterviewState.EXPIRED, "partial"),
        ({"status": "declined", "answers.attitude": None}, InterviewState.DECLINED, "declined"),
        ({"status": "expired", "answers.attitude": None}, InterviewState.EXPIRED, "expired"),
        ({"status": "withdrawn", "answers.attitude": None}, InterviewState.WITHDRAWN, "withdrawn"),
    ],
    ids=["whole", "some", "said to be whole", "said to be partial", "declined", "expired", "withdrawn"],
)
def test_how_it_ended(cells: dict[str, object], state: InterviewState, status: str) -> None:
    records = taken(**cells)
    (interview,), (ask,) = of(Interview, records), of(Invitation, records)
    assert interview.state is state
    assert status_of(ask, interview) == status
    assert interview.completed_at == (GIVEN if state is InterviewState.COMPLETED else None)


@pytest.mark.parametrize("status", ["expired", "declined", "withdrawn"])
def test_who_answered_nothing_was_asked_at_least(status: str) -> None:
    unanswered = {"answers.attitude": None, "given_at": None, "status": status}
    records = taken(asked_at=GIVEN, **unanswered)
    (interview,), (ask,) = of(Interview, records), of(Invitation, records)
    assert (interview.asked_at, interview.answers, interview.completed_at) == (GIVEN, (), None)
    assert status_of(ask, interview) == status
    assert of(RatingFact, records) == of(AnswerLog, records) == []


def test_when_it_was_asked_is_kept_beside_when_it_was_answered() -> None:
    asked_at = GIVEN - timedelta(days=2)
    records = taken(asked_at=asked_at, **WHOLE)
    (interview,), (ask,) = of(Interview, records), of(Invitation, records)
    assert (interview.asked_at, interview.completed_at, ask.asked_at) == (asked_at, GIVEN, asked_at)
    assert {rating.at for rating in of(RatingFact, records)} == {GIVEN}


def test_ratings_of_an_ask_that_was_withdrawn_do_not_count() -> None:
    (rating,) = of(RatingFact, taken(status="withdrawn"))
    assert (rating.status, rating.reason) == (RatingStatus.EXCLUDED, "reopened")


def test_it_keeps_nobody_from_being_asked_soon() -> None:
    (ask,) = of(Invitation, taken(given_at=NOW - timedelta(hours=1)))
    planned = replace(ask, id="inv_2", entered_by="", occasion="", asked_at=None)
    assert not quarantined(scene(ask, planned), planned, NOW)


@pytest.mark.parametrize(
    ("said", "value"),
    [("4", 4), (" 4 ", 4), ("4.0", 4), ("5", 5), ("1", 1), ("非常满意", 5), ("满意", 4)],
)
def test_a_rating_is_a_number_or_a_word_of_the_scale(said: str, value: int) -> None:
    labels = POLICY.survey("after_service").scale_of("attitude").labels or {}
    words = {word: point for one in labels.values() for point, word in one.items()}
    if not said.strip()[0].isdigit():
        said, value = next((word, point) for word, point in words.items() if point == value)
    (rating,) = of(RatingFact, taken(**{"answers.attitude": said}))
    assert rating.value == value


@pytest.mark.parametrize("said", ["6", "0", "-1", "4.5", "great!", "nan", "1e400", "４５"])
def test_what_is_no_point_of_the_scale_is_told(said: str) -> None:
    assert mistakes(**{"answers.attitude": said}) == [("answers.attitude", said, "is no point of the scale")]


@pytest.mark.parametrize(
    ("cells", "mistake"),
    [
        ({"ticket": ("desk", "none")}, ("ticket", "desk/none", "is no closed ticket that is stored")),
        ({"customer": "c-9"}, ("customer", "c-9", "has not this ticket, but c-1")),
        ({"ticket": None}, ("ticket", "", "is empty, and so are customer and number")),
        ({"survey": "none"}, ("survey", "none", "is no survey that is known here")),
        ({"version": 99}, ("survey", "after_service 99", "is no survey that is known here")),
        ({"survey": "anonymous_pulse"}, ("survey", "anonymous_pulse", "is anonymous, but a row names whose it is")),
        ({"channel": "pigeon"}, ("channel", "pigeon", "is no way")),
        ({"given_at": NOW + timedelta(days=1)}, ("given_at", "2026-11-24 10:00:00", "lies ahead")),
        ({"asked_at": NOW + timedelta(days=1)}, ("asked_at", "2026-11-24 10:00:00", "lies ahead")),
        ({"given_at": None, "asked_at": GIVEN}, ("given_at", "", "is empty")),
        ({"answers.attitude": None}, ("answers", "", "are missing")),
        ({"answers.colour": "5"}, ("answers.colour", "5", "is no question of after_service")),
        ({"answers.attitude.importance": 5}, ("answers.attitude.importance", "5", "is not asked")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_row_that_cannot_be_says_why(cells: dict[str, object], mistake: tuple[str, str, str]) -> None:
    assert mistake in mistakes(**cells)


def test_importance_is_taken_where_the_survey_asks_for_it() -> None:
    survey = next(one for one in POLICY.surveys.values() if one.asks_importance)
    question = survey.questions[0].id
    answer = {f"answers.{question}": "4", f"answers.{question}.importance": 5}
    (rating,) = of(RatingFact, taken(survey=survey.id, **{"answers.attitude": None}, **answer))
    assert rating.importance == 5


def test_each_answer_may_have_a_moment_of_its_own() -> None:
    (rating,) = of(RatingFact, taken(**{"answers.attitude.at": GIVEN - timedelta(minutes=1)}))
    assert rating.at == GIVEN - timedelta(minutes=1)


def test_somebody_whom_nobody_knows_is_told_apart_by_the_number_of_their_paper() -> None:
    (customer,) = of(Customer, taken(ticket=None, number="17"))
    assert customer == Customer("paper:17")
    one, same, other = (of(Interview, taken(ticket=None, number=n))[0].id for n in ("17", " １７", "18"))
    assert (one == same, one == other) == (True, False)


def test_a_customer_without_a_ticket_need_not_be_known() -> None:
    assert of(Customer, taken(ticket=None, customer="c-new")) == [Customer("c-new")]
    known = StoredRows(customers={"c-new": Customer("c-new", "王女士")})
    assert of(Customer, taken(known, ticket=None, customer="c-new")) == []


def test_somebody_who_was_erased_does_not_come_back() -> None:
    stored = StoredRows(erased={"c-gone"})
    assert mistakes(stored, ticket=None, customer="c-gone") == [
        ("customer", "", "was erased, and nothing of them is kept")
    ]
    gone = StoredRows(closings={("desk", "G1"): replace(CLOSING, customer=f"gone_{'x' * 22}")})
    assert mistakes(gone) == [("ticket", "desk/G1", "is of somebody erased")]


def test_the_same_response_again_changes_nothing_and_another_one_is_told() -> None:
    stored = StoredRows(closings={("desk", "G1"): CLOSING})
    stored.add(taken(stored))
    again = judge_response(TERMS, ROW, stored)
    assert isinstance(again, TakenRow)
    assert (again.records, [kind for kind, _, _ in again.named]) == ((), [Interview, Invitation, Customer])
    assert mistakes(stored, **{"answers.attitude": "1"}) == [
        ("answers", "", "this response is stored with other answers")
    ]
    assert taken(stored, given_at=GIVEN + timedelta(hours=1))  # another time, another response


def test_a_response_that_was_exported_keeps_its_id() -> None:
    (interview,) = of(Interview, taken(id="int_0123456789abcdef"))
    assert interview.id == "int_0123456789abcdef"
    assert asked_for(response_keys, ROW | {"id": "int_0123456789abcdef"}).responses == {"int_0123456789abcdef"}
    (other,) = of(Interview, taken(id="17"))
    assert other.id.startswith("int_")


def test_answers_of_test_customers_do_not_count() -> None:
    terms = replace(TERMS, policy=replace(POLICY, test_customers=frozenset({"c-1"})))
    (rating,) = of(RatingFact, taken(STORED, terms))
    assert (rating.status, rating.reason) == (RatingStatus.EXCLUDED, "test")


@pytest.mark.row("S1-33")
def test_a_public_review_is_an_answer_on_its_platform() -> None:
    row = {"platform": "jd", "number": "R-1", "stars": 2, "text": "等了两天", "given_at": GIVEN}
    outcome = judge_review(TERMS, row, StoredRows())
    assert isinstance(outcome, TakenRow)
    (interview,) = of(Interview, list(outcome.records))
    assert (interview.channel, interview.survey[0], interview.comment) == ("platform", "feedback", "等了两天")
    assert interview.ratings == {"overall": 2}
    assert asked_for(review_keys, row).responses == {interview.id}
    assert asked_for(review_keys, row | {"platform": "tmall"}).responses != {interview.id}


def test_a_review_of_six_stars_is_told() -> None:
    outcome = judge_review(TERMS, {"number": "R-1", "stars": 6, "given_at": GIVEN}, StoredRows())
    assert isinstance(outcome, RefusedRow)
    assert [one.problem for one in outcome.mistakes] == ["is no point of the scale"]

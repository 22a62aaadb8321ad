"""The records of the sample company: always the same, believable, marked, and nothing of them is ever due."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

import msgspec
import pytest

from dialogs.improvement.model import Voice
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.time.periods import named_period
from scoring.complaints import ComplaintVerdict
from scoring.validity import ResponseFlag
from scoring.values import Value
from storage.connection.codec import TABLES
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.model.fact_records import Closing, RatingFact
from storage.model.records import AnswerLog, Contact, Customer, IssueEvent, OutboxMessage, StoredSurvey, Ticket
from tests.jobs.sample.golden_answers import ANSWERS, ISSUES
from tests.jobs.sample.golden_ratings import RATINGS
from tests.jobs.sample.golden_visits import VISITS
from tests.jobs.sample.orders import NOVEMBER, of_kind, order_of, records_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module", name="records")
def _records() -> list[Value]:
    return records_of(order_of(customers=400))


@cache
def many_records() -> list[Value]:
    """Return the records of a company in which also what is rare happens."""
    return records_of(order_of(customers=1500))


def digest(records: list[Value]) -> str:
    return sha256(b"\n".join(map(msgspec.json.encode, records))).hexdigest()


def asked_ones(records: list[Value]) -> Iterator[Interview]:
    """Yield the interviews of customers who were asked, and not those that somebody entered from paper."""
    return (one for one in of_kind(records, Interview) if one.channel != "paper")


@pytest.mark.proof
def test_the_same_order_gives_the_same_records_byte_for_byte() -> None:
    assert digest(records_of(order_of())) == digest(records_of(order_of()))


@pytest.mark.proof
def test_it_does_not_matter_how_many_customers_are_made_at_a_time() -> None:
    assert digest(records_of(order_of(), 7)) == digest(records_of(order_of(), 60))


@pytest.mark.proof
@pytest.mark.parametrize("changed", [{"seed": 8}, {"months": 6}, {"locale": "en"}])
def test_another_order_gives_another_company(changed: dict[str, object]) -> None:
    assert digest(records_of(order_of(**changed))) != digest(records_of(order_of()))


@pytest.mark.proof
def test_the_first_customers_of_a_large_company_are_those_of_a_small_one() -> None:
    few, many = (list(of_kind(records_of(order_of(customers=number)), Customer)) for number in (20, 40))
    assert many[:20] == few


@pytest.mark.proof
def test_the_months_end_before_the_current_one(records: list[Value]) -> None:
    since = named_period("2025-10", SHANGHAI).since
    until = named_period("2026-10", SHANGHAI).until
    closed = [one.closed_at for one in of_kind(records, Closing)]
    assert since <= min(closed) < since + timedelta(days=3)
    assert until - timedelta(days=3) < max(closed) < until
    assert all(one.at < until for one in of_kind(records, RatingFact))


@pytest.mark.proof
@pytest.mark.parametrize("now", [NOVEMBER.replace(day=1, hour=0), datetime(2026, 1, 1, 1, tzinfo=UTC)])
def test_nothing_has_happened_later_than_now(now: datetime) -> None:
    for record in records_of(order_of(customers=200, now=now)):
        for name in ("at", "closed_at", "asked_at", "completed_at", "opened_at", "resolved_at"):
            moment = getattr(record, name, None)
            assert not isinstance(moment, datetime) or moment <= now, (name, record)


@pytest.mark.proof
def test_everything_is_marked_as_the_sample(records: list[Value]) -> None:
    assert all(one.source == "sample" for one in of_kind(records, Ticket))
    assert all(one.id.startswith("sample-") for one in of_kind(records, Customer))
    assert all(one.source == "sample" for one in of_kind(records, Invitation))


@pytest.mark.proof
def test_nothing_of_it_is_ever_sent_or_asked(records: list[Value]) -> None:
    assert not any(of_kind(records, Contact))
    assert not any(of_kind(records, OutboxMessage))
    assert all(
        one.wake_at is None and one.state is not InvitationState.SCHEDULED for one in of_kind(records, Invitation)
    )
    assert all(one.wake_at is None and one.state in FINAL for one in of_kind(records, Interview))
    assert all(one.wake_at is None for one in of_kind(records, Issue))


@pytest.mark.proof
def test_parents_come_before_what_refers_to_them(records: list[Value]) -> None:
    seen: set[object] = set()
    for record in records:
        for name in ("customer", "invitation", "response", "issue"):
            parent = getattr(record, name, None)
            assert parent is None or parent in seen, record
        seen.add(getattr(record, "id", None))


@pytest.mark.proof
def test_all_records_are_of_kinds_that_have_a_table(records: list[Value]) -> None:
    assert {type(record) for record in records} <= set(TABLES)
    assert sum(1 for _ in of_kind(records, StoredSurvey)) == 2


@pytest.mark.proof
def test_no_id_is_given_twice(records: list[Value]) -> None:
    ids = Counter((type(one), getattr(one, "source", ""), getattr(one, "id", None)) for one in records)
    ids = Counter({key: number for key, number in ids.items() if key[-1] is not None})
    assert [id_ for id_, number in ids.items() if number > 1] == []


@pytest.mark.proof
def test_times_of_a_visit_follow_each_other(records: list[Value]) -> None:
    for one in of_kind(records, Closing):
        times = [one.opened_at, one.first_replied_at, one.assigned_at, one.onsite_at, one.solved_at, one.closed_at]
        known = [moment for moment in times if moment is not None]
        assert len(known) == len(times)
        assert known == sorted(known)


@pytest.mark.proof
def test_summer_is_busier_than_the_new_year_and_double_eleven_than_its_neighbours() -> None:
    months = Counter(f"{one.closed_at.astimezone(SHANGHAI):%m}" for one in of_kind(many_records(), Closing))
    assert months["07"] > 1.8 * months["02"]
    days = Counter(f"{one.closed_at.astimezone(SHANGHAI):%m-%d}" for one in of_kind(many_records(), Closing))
    assert sum(days[f"11-{day}"] for day in range(11, 18)) > 1.4 * sum(days[f"11-{day}"] for day in range(20, 27))
    assert sum(days[f"06-{day}"] for day in range(16, 23)) > 1.4 * sum(days[f"06-{day:02}"] for day in range(3, 10))


@pytest.mark.proof
def test_most_write_simplified_chinese_some_traditional_and_some_english(records: list[Value]) -> None:
    languages = Counter(one.locale for one in of_kind(records, Customer))
    assert set(languages) == {"zh-Hans", "zh-Hant", "en"}
    assert languages["zh-Hans"] > 0.75 * languages.total()
    told = Counter(one.locale for one in of_kind(records, Interview) if one.texts)
    assert min(told[language] for language in languages) > 5


@pytest.mark.proof
def test_channels_differ_in_how_many_answer(records: list[Value]) -> None:
    asked, answered = Counter[str](), Counter[str]()
    for one in asked_ones(records):
        asked[one.channel] += 1
        answered[one.channel] += bool(one.answers)
    shares = {channel: answered[channel] / asked[channel] for channel in asked}
    assert set(shares) == {"wechat", "telegram", "web"}
    assert shares["wechat"] > shares["web"] + 0.15


@pytest.mark.proof
def test_there_is_every_reason_for_which_nobody_was_asked(records: list[Value]) -> None:
    reasons = Counter(one.reason for one in of_kind(records, Invitation) if one.reason is not None)
    assert set(reasons) >= {
        InvitationReason.QUARANTINE,
        InvitationReason.NO_CONTACT,
        InvitationReason.BLOCKED,
        InvitationReason.WINDOW_CLOSED,
        InvitationReason.OPTED_OUT,
        InvitationReason.DEADLINE,
    }
    states = Counter(one.state for one in of_kind(records, Invitation))
    assert states[InvitationState.ASKED] > 0.75 * states.total()


@pytest.mark.proof
def test_some_begin_and_do_not_finish_and_some_decline(records: list[Value]) -> None:
    ends = Counter((one.state, bool(one.answers)) for one in of_kind(records, Interview))
    assert min(ends[InterviewState.EXPIRED, True], ends[InterviewState.DECLINED, False]) > 5
    assert ends[InterviewState.COMPLETED, True] > 10 * ends[InterviewState.EXPIRED, True]


@pytest.mark.proof
def test_the_history_of_answers_is_what_an_interview_holds(records: list[Value]) -> None:
    logs: dict[str, list[AnswerLog]] = {}
    for line in of_kind(records, AnswerLog):
        logs.setdefault(line.response, []).append(line)
    for one in of_kind(records, Interview):
        lines = logs.get(one.id, [])
        assert [line.number for line in lines] == list(range(one.logged))
        assert {line.question: line.value for line in lines if line.value is not None} == one.ratings
        assert {line.text for line in lines if line.text} == set(one.texts)


@pytest.mark.proof
def test_a_few_contradict_themselves_and_are_flagged(records: list[Value]) -> None:
    flagged = [
        one for one in of_kind(records, Interview) if any(flag.flag is ResponseFlag.CONTRADICTION for flag in one.flags)
    ]
    assert 0 < len(flagged) < 0.02 * sum(bool(one.answers) for one in of_kind(records, Interview))


@pytest.mark.proof
def test_every_low_rating_has_its_issue(records: list[Value]) -> None:
    about = {response for one in of_kind(records, Issue) for response in one.responses}
    low = {one.id for one in of_kind(records, Interview) if any(answer.value <= 2 for answer in one.answers)}
    assert low
    assert about == low


@pytest.mark.proof
def test_issues_are_claimed_resolved_opened_again_and_closed(records: list[Value]) -> None:
    issues = list(of_kind(records, Issue))
    lines = Counter(one.event for one in of_kind(records, IssueEvent))
    assert {one.state for one in issues} >= {IssueState.CLOSED}
    assert set(lines) == {"opened", "claimed", "judged", "resolved", "not_solved", "confirmed", "closed"}
    assert sum(one.resolution > 0 for one in issues) == lines["not_solved"] > 0
    assert all(one.events == sum(line.issue == one.id for line in of_kind(records, IssueEvent)) for one in issues[:50])


@pytest.mark.proof
def test_complaints_are_judged_by_category_and_some_are_not_valid() -> None:
    issues = [one for one in of_kind(many_records(), Issue) if one.kind is IssueKind.COMPLAINT]
    verdicts = Counter(one.judgement.verdict for one in issues if one.judgement.verdict)
    assert set(verdicts) == set(ComplaintVerdict)
    assert len({one.judgement.category for one in issues} - {None}) >= 5
    assert len({one.judgement.remedy for one in issues} - {None}) >= 4


@pytest.mark.proof
def test_goods_are_sent_again_for_missing_parts_more_often_than_for_noise(records: list[Value]) -> None:
    seen, resent = Counter[str](), Counter[str]()
    for one in of_kind(records, Ticket):
        seen[one.category] += 1
        resent[one.category] += bool(one.details.resent)
    assert resent["缺件"] > 0.5 * seen["缺件"]
    assert resent["噪音"] < 0.1 * seen["噪音"]


@pytest.mark.proof
def test_every_month_and_every_week_has_its_orders(records: list[Value]) -> None:
    entered = list(of_kind(records, EnteredFigure))
    orders = {one.period for one in entered if one.metric == "orders"}
    assert {f"2026-{month:02}" for month in range(1, 11)} <= orders
    assert "2026-W43" in orders
    assert {one.kind for one in entered} == set(EnteredKind)
    (remark,) = (one for one in entered if one.kind is EnteredKind.REMARK)
    assert (remark.period, dict(remark.cut)["question"]) == ("2026-10", "after_care")


@pytest.mark.proof
def test_a_company_of_one_month_has_no_changes_and_still_has_records() -> None:
    records = records_of(order_of(months=1))
    assert any(of_kind(records, RatingFact))
    assert not any(of_kind(records, Voice))


@pytest.mark.proof
def test_names_are_those_of_the_language() -> None:
    teams = {
        locale: {one.team for one in of_kind(records_of(order_of(locale=locale)), Ticket)}
        for locale in ("zh-Hans", "zh-Hant", "en")
    }
    assert teams["en"] == {"North", "South", "East"}
    assert teams["zh-Hans"] == {"北区", "南区", "东区"}
    assert teams["zh-Hant"] == {"北區", "南區", "東區"}


@pytest.mark.proof
def test_the_company_of_a_seed_is_the_same_on_every_machine() -> None:
    records = records_of(order_of(customers=50))
    tickets = {
        one.id: (
            one.agent_id,
            one.product,
            one.category,
            f"{one.opened_at:%m-%d %H:%M}",
            f"{one.closed_at:%m-%d %H:%M:%S}",
        )
        for one in of_kind(records, Ticket)
    }
    assert tickets == {ticket: tuple(rest) for ticket, *rest in VISITS}


@pytest.mark.proof
def test_the_answers_of_a_seed_are_the_same_on_every_machine() -> None:
    records = records_of(order_of(customers=50))
    asks = {one.id: one.ticket for one in of_kind(records, Invitation)}
    answers = tuple(
        (asks[one.invitation], one.channel, "".join(str(each.value) for each in one.answers), one.comment or "")
        for one in asked_ones(records)
        if one.answers
    )
    assert answers == ANSWERS
    on_paper = {one.id for one in of_kind(records, Interview) if one.channel == "paper"}
    issues = tuple(
        (one.tickets[0][1], one.kind.value, one.state.value, one.resolution, one.events)
        for one in of_kind(records, Issue)
        if not on_paper.intersection(one.responses)
    )
    assert issues == ISSUES


@pytest.mark.proof
def test_the_ratings_of_a_seed_are_given_at_the_same_second_on_every_machine() -> None:
    facts = of_kind(records_of(order_of(customers=50)), RatingFact)
    given = tuple((one.ticket, one.item, one.value, f"{one.at:%m-%d %H:%M:%S}") for one in facts)
    assert given[: len(RATINGS)] == RATINGS

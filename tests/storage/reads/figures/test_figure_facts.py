"""What the figures of a period are computed from, counted alike by both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random  # noqa: TID251 (seeded, so that a run can be repeated)
from typing import Any

import pytest

from dialogs.interview.model import InterviewState
from dialogs.issue.model import IssueKind, IssueState
from scoring.complaints import ComplaintCategory, ComplaintRemedy, ComplaintVerdict, Judgement
from scoring.metrics.catalogue import METRIC_KEYS, FactNeeds, Metric, MetricSource
from scoring.metrics.facts import AskCount, Facts, IssueFact, RatingCount, VisitFact
from scoring.metrics.summary import comparable, metrics_for, summarize
from scoring.rules import AlertWord, LowRating
from scoring.scale import FIVE
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.store import Store
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import IssueEvent, Ticket
from storage.model.service_details import Rework, ServiceDetails
from storage.reads.figures.figure_facts import PeriodFacts, read_agents, read_facts, read_inputs, read_needed
from storage.reads.figures.rating_counts import AskedOften
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, issue, person, save, soon
from tests.support.database.answered import closed_visit

NO_KEYS = dict.fromkeys(("team", "agent", *METRIC_KEYS[MetricSource.CLOSINGS]), "")
_YES_OR_NO = (True, False)
KEYS = {**NO_KEYS, "team": "north", "agent": "a1", "survey": "after_service"}


async def _read(store: Store) -> PeriodFacts:
    return await read_facts(store, (NOW, soon(days=1)), tuple(MetricSource), AskedOften())


async def test_answers_are_counted_by_value_and_those_of_open_interviews_apart(store: Store, writer: Writer) -> None:
    for number, (value, state) in enumerate(
        [(5, InterviewState.COMPLETED), (5, InterviewState.EXPIRED), (2, InterviewState.RATING)]
    ):
        await save(writer, *closed_visit(str(number), NOW, {"attitude": value}, state=state, product="AC-300"))
    await save(writer, *closed_visit("later", soon(days=1), {"attitude": 1}))
    found = await _read(store)
    keys = {**KEYS, "channel": "sandbox", "question": "attitude", "dimension": "attitude", "product": "AC-300"}
    counted = RatingCount(keys, FIVE, 5, 2)
    assert sorted(found.facts.ratings, key=lambda each: each.value) == [
        replace(counted, value=2, n=1, excluded="unfinished"),
        counted,
    ]
    assert found.agents == {"a1": "agent a1"}


async def test_every_closing_is_counted_by_its_status(store: Store, writer: Writer) -> None:
    await save(writer, *closed_visit("1", NOW, {"attitude": 5}), *closed_visit("2", NOW, None))
    customer, _, ticket = person("left", "out")
    await save(writer, customer, ticket, Closing("desk", "out", 1, customer.id, NOW))  # nothing else is recorded of it
    found = sorted((await _read(store)).facts.asks, key=lambda each: each.status)
    assert found == [
        AskCount(NO_KEYS, "", 1),
        AskCount({**KEYS, "channel": "sandbox"}, "completed", 1, "", 1, 1),
        AskCount({**KEYS, "channel": ""}, "suppressed", 1, "quarantine"),
    ]


async def test_issues_have_their_times_from_the_first_claim_and_merged_ones_are_left_out(
    store: Store, writer: Writer
) -> None:
    await save(writer, *closed_visit("42", NOW, {"attitude": 1}))
    low = replace(issue(name="42"), opened_at=NOW, reasons=(LowRating("attitude", 1, 2),))
    done = replace(low, state=IssueState.RESOLVED, resolved_at=soon(hours=2), told=("c-42",), confirmed=("c-42",))
    word = replace(low, id="iss_2", kind=IssueKind.COMPLAINT, reasons=(AlertWord("5 ≤ 6"),))
    await save(writer, done, word, replace(low, id="iss_3", merged_into="iss_1"))
    await save(writer, *(IssueEvent("iss_1", n, soon(minutes=10 * n), "claimed", "li") for n in (1, 2)))
    unjudged = {"verdict": "", "complaint_category": "", "remedy": ""}
    keys = {"team": "north", "agent": "a1", "category": "", "kind": "low_score", **unjudged}
    first, second = sorted((await _read(store)).facts.issues, key=lambda each: each.kind, reverse=True)
    assert first == IssueFact(keys, "low_score", True, Fraction(600), Fraction(7200), True, True, True)  # noqa: FBT003 (fields)
    assert second == IssueFact({**keys, "kind": "complaint"}, "complaint", False, None, None, False, False, False)  # noqa: FBT003 (as above)


async def test_what_was_taken_back_is_no_answer_and_what_is_excluded_keeps_its_reason(
    store: Store, writer: Writer
) -> None:
    await save(writer, *closed_visit("1", NOW, {"attitude": 5, "convenience": 4, "after_care": 3}))
    *_, first, second, _ = closed_visit("1", NOW, {"attitude": 5, "convenience": 4, "after_care": 3})
    assert isinstance(first, RatingFact)
    assert isinstance(second, RatingFact)
    reopened = replace(second, status=RatingStatus.EXCLUDED, reason=ExclusionReason.REOPENED)
    await save(writer, replace(first, status=RatingStatus.UNDONE), reopened)
    found = {each.keys["question"]: each.excluded for each in (await _read(store)).facts.ratings}
    assert found == {"convenience": "reopened", "after_care": ""}


async def test_visits_have_the_times_that_their_closing_kept(store: Store, writer: Writer) -> None:
    customer, _, ticket = person("late", "7")
    closing = Closing("desk", "7", 1, customer.id, NOW, team="north", area="suburb")
    closing = replace(closing, opened_at=soon(hours=-5), first_replied_at=soon(hours=-4), requested_at=soon(hours=-3))
    closing = replace(closing, onsite_at=soon(hours=-1), solved_at=soon(minutes=-30), appointment_at=soon(hours=-1))
    await save(writer, customer, ticket, closing, Closing("desk", "7", 2, customer.id, soon(hours=1)))
    keys = dict.fromkeys(METRIC_KEYS[MetricSource.VISITS], "")
    hour = Fraction(3600)
    assert sorted((await _read(store)).facts.visits, key=lambda each: each.keys["team"]) == [
        VisitFact(
            keys,
            None,
            None,
            None,
            None,
            is_thing_known=True,
            first="desk/7",
            at=dict.fromkeys(("closed", "done"), soon(hours=1)),
        ),
        VisitFact(
            {**keys, "team": "north", "area": "suburb"},
            hour,
            2 * hour,
            hour * 9 / 2,
            on_time=False,
            started_after=2 * hour,
            comes_again=True,
            is_thing_known=True,
            repaired_again="desk/7",
            asked_again="desk/7",
            at={
                "requested": soon(hours=-3),
                "opened": soon(hours=-5),
                "first_replied": soon(hours=-4),
                "appointment": soon(hours=-1),
                "onsite": soon(hours=-1),
                "solved": soon(minutes=-30),
                "closed": NOW,
                "done": soon(minutes=-30),
            },
        ),
    ]


async def test_the_inputs_of_every_cut_are_as_many_as_were_counted(store: Store, writer: Writer) -> None:
    for number, rated in enumerate(({"attitude": 5, "convenience": 2}, {"attitude": 1}, None)):
        await save(writer, *closed_visit(str(number), NOW, rated, team=f"team {number % 2}", product="AC-300"))
    judged = Judgement(
        ComplaintVerdict.VALID, category=next(iter(ComplaintCategory)), remedy=next(iter(ComplaintRemedy))
    )
    await save(writer, replace(issue("iss_1", "0", "0"), judgement=judged), issue("iss_2", "1", "1"))
    facts = (await _read(store)).facts
    counted: dict[MetricSource, tuple[RatingCount | AskCount | IssueFact | VisitFact, ...]] = {
        MetricSource.RATINGS: facts.ratings,
        MetricSource.CLOSINGS: facts.asks,
        MetricSource.ISSUES: facts.issues,
        MetricSource.VISITS: facts.visits,
    }
    for source, several in counted.items():
        assert several
        for key in METRIC_KEYS[source]:
            for value in {one.keys[key] for one in several}:
                found = await read_inputs(store, (NOW, soon(days=1)), source, {key: value}, 100)
                expected = [one for one in several for _ in range(getattr(one, "n", 1)) if one.keys[key] == value]
                assert len(found) == len(expected), (source, key, value)
                assert {one.fact.keys[key] for one in found} == {value}


async def test_whoever_resolves_an_issue_that_nobody_had_claimed_took_it_by_that(store: Store, writer: Writer) -> None:
    await save(writer, *closed_visit("42", NOW, {"attitude": 1}))
    resolved = replace(issue(name="42"), opened_at=NOW, state=IssueState.RESOLVED, resolved_at=soon(minutes=7))
    await save(writer, resolved, IssueEvent("iss_1", 1, soon(minutes=7), "resolved", "li"))
    ((one),) = (await _read(store)).facts.issues
    assert (one.claimed_after, one.resolved_after) == (Fraction(420), Fraction(420))


@pytest.mark.some(1)
@pytest.mark.parametrize("seed", range(2))
async def test_what_is_read_for_a_metric_alone_gives_the_figures_that_all_facts_give(
    store: Store, writer: Writer, seed: int
) -> None:
    """Whatever else is left out: each metric by itself, by every key and by pairs of them."""
    await _visits_of_every_kind(writer, Random(seed))  # noqa: S311 (so that a run can be repeated)
    since, until = NOW - timedelta(days=2), soon(days=40)
    facts = (await read_facts(store, (since, until), tuple(MetricSource), AskedOften())).facts
    assert any(one.repaired_again for one in facts.visits)
    assert any(one.asked_again for one in facts.visits)
    compared = 0
    for by in ((), ("team",), ("agent",), ("category", "cause"), ("warranty",), ("channel",)):
        every = metrics_for(by)
        needs = FactNeeds(((by, tuple(one.id for one in every)),))
        compared += _compared(facts, await _needed(store, since, until, needs), by, every)
    for metric in metrics_for(("category",)):
        needs = FactNeeds(((("category",), (metric.id,)),))
        compared += _compared(facts, await _needed(store, since, until, needs), ("category",), [metric])
    assert compared > 200


async def test_names_of_agents_are_read_where_figures_are_cut_by_them(store: Store, writer: Writer) -> None:
    await save(writer, *closed_visit("1", NOW, {"attitude": 5}))
    for by, named in (
        ((), {}),
        (("team",), {}),
        (("agent",), {"a1": "agent a1"}),
        (("team", "agent"), {"a1": "agent a1"}),
    ):
        needs = FactNeeds(((by, ("csat",)),))
        assert (await read_needed(store, (NOW, soon(days=1)), needs, AskedOften())).agents == named
    assert await read_agents(store, NOW, soon(days=1)) == {"a1": "agent a1"}
    assert await read_agents(store, soon(days=1), soon(days=2)) == {}


def _compared(facts: Facts, needed: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> int:
    """Hold the figures of some facts against those of all; return their number."""
    found, expected = (comparable(summarize(some, by, metrics, is_over=True), some) for some in (needed, facts))
    assert found == expected, (by, metrics)
    return len(found.summary.figures)


async def _needed(store: Store, since: datetime, until: datetime, needs: FactNeeds) -> Facts:
    return (await read_needed(store, (since, until), needs, AskedOften())).facts


async def _visits_of_every_kind(writer: Writer, random: Random) -> None:
    """Store closings that differ in all that figures look at, with repeats, complaints, and times that are wrong."""

    def moment(at: datetime) -> datetime | None:
        return random.choice(
            [None, at + timedelta(minutes=random.randint(-90, 300), microseconds=random.randint(0, 9))]
        )

    def some(*values: Any) -> Any:  # noqa: ANN401 (of details)
        return random.choice([None, *values])

    for number in range(60):
        at = NOW + timedelta(hours=random.randint(-40, 38 * 24))
        rated = random.choice([None, {"attitude": random.randint(1, 5), "response_speed": random.randint(1, 5)}])
        cut: Any = {
            "category": random.choice(["leak", "noise", ""]),
            "team": random.choice(["north", "south"]),
            "station": random.choice(["s1", ""]),
        }
        told: Any = {
            "contract": random.choice(["c1", ""]),
            **{name: moment(at) for name in ("requested_at", "opened_at", "first_replied_at", "assigned_at")},
            **{name: moment(at) for name in ("appointment_at", "onsite_at", "solved_at")},
        }
        customer, ticket, closing, *others = closed_visit(str(number), at, rated, customer=str(number % 9), **cut)
        assert isinstance(ticket, Ticket)
        assert isinstance(closing, Closing)
        yes_or_no, done = some(*_YES_OR_NO), some(*_YES_OR_NO, at)
        details = ServiceDetails(
            device=some("AC 1", "ac1", "AC 2"),
            fault=some("noise", "x"),
            cause=some("wear"),
            measure=some("swap"),
            rework=some(*Rework),
            outcome=some("fixed"),
            resent=yes_or_no,
            warranty=some(*_YES_OR_NO, "extended"),
            solved_first_time=some(*_YES_OR_NO),
            customer_signed=done,
            report_reviewed=some(*_YES_OR_NO, at),
            contact_problem=some("phone"),
        )
        await save(
            writer,
            *([customer] if number < 9 else []),
            replace(ticket, details=details),
            replace(closing, **told),
            *others,
        )
        if random.random() < 0.2:
            kind = random.choice([IssueKind.COMPLAINT, IssueKind.LOW_SCORE])
            opened = replace(issue(f"iss_{number}", str(number % 9), str(number), kind), opened_at=at, responses=())
            await save(writer, opened)

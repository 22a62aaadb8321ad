"""What the figures of a period are computed from, counted alike by both databases."""

from fractions import Fraction

from dialogs.interview.model import InterviewState
from dialogs.issue.model import IssueKind, IssueState
from scoring.metrics.facts import AskCount, IssueFact
from scoring.rules import AlertWord, LowRating
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import IssueEvent
from storage.reads.figure_facts import PeriodFacts, StoredRatingCount, read_facts
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, issue, person, save, soon
from tests.support.database.answered import closed_visit

KEYS = {"team": "north", "agent": "a1", "survey": "after_service"}


async def _read(store: Store) -> PeriodFacts:
    return await read_facts(store, NOW, soon(days=1))


async def test_answers_are_counted_by_value_and_those_of_open_interviews_apart(store: Store, writer: Writer) -> None:
    for number, (value, state) in enumerate(
        [(5, InterviewState.COMPLETED), (5, InterviewState.EXPIRED), (2, InterviewState.RATING)]
    ):
        await save(writer, *closed_visit(str(number), NOW, {"attitude": value}, state=state))
    await save(writer, *closed_visit("later", soon(days=1), {"attitude": 1}))
    found = await _read(store)
    counted = StoredRatingCount("north", "a1", "sandbox", ("after_service", 2), "attitude", 5, 2, "")
    assert sorted(found.ratings, key=lambda each: each.value) == [
        replace(counted, value=2, n=1, excluded="unfinished"),
        counted,
    ]
    assert found.agents == {"a1": "agent a1"}


async def test_every_closing_is_counted_by_its_status(store: Store, writer: Writer) -> None:
    await save(writer, *closed_visit("1", NOW, {"attitude": 5}), *closed_visit("2", NOW, None))
    customer, _, ticket = person("left", "out")
    await save(writer, customer, ticket)  # a closing of which nothing is recorded
    found = sorted((await _read(store)).asks, key=lambda each: each.status)
    assert found == [
        AskCount({"team": "", "agent": "", "survey": "", "channel": ""}, "", 1),
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
    keys = {"team": "north", "agent": "a1"}
    first, second = sorted((await _read(store)).issues, key=lambda each: each.kind, reverse=True)
    assert first == IssueFact(keys, "low_score", True, Fraction(600), Fraction(7200), True, True, True)  # noqa: FBT003 (fields)
    assert second == IssueFact(keys, "complaint", False, None, None, False, False, False)  # noqa: FBT003 (as above)

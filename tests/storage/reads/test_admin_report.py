"""What admins read in their chats, counted by the database."""

from datetime import timedelta

from dialogs.admin.report import SurveyMean
from dialogs.interview.model import Answer, InterviewState
from dialogs.issue.model import IssueKind, IssueState
from scoring.rules import AlertWord, LowMean, LowRating
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import IssueEvent, Member
from storage.model.registers import AuditEntry
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, issue, person, save, soon


async def _three_are_asked(writer: Writer) -> None:
    """Two answered, with means of 2 and 5, one of them ten days ago; one has not."""
    given = {"1": (2, 0), "2": (5, -10), "3": (None, 0)}
    for name, (value, days) in given.items():
        invitation, interview = asked(name, name)
        at = NOW + timedelta(days=days)
        answers = (Answer("attitude", value, at),) if value is not None else ()
        state = InterviewState.COMPLETED if answers else InterviewState.INVITED
        customer, contact, ticket = person(name, name)
        await save(writer, customer, contact, replace(ticket, closed_at=at))
        await save(writer, replace(invitation, sent_at=at))
        await save(writer, replace(interview, asked_at=at, state=state, answers=answers))


async def test_the_report_counts_a_week_and_a_month_and_says_of_how_many(store: Store, writer: Writer) -> None:
    await _three_are_asked(writer)
    week, month = (await Reader(store).admins.report(soon(minutes=5))).periods
    assert (week.days, week.closed, week.asked, week.answered) == (7, 2, 2, 1)
    assert (month.days, month.closed, month.asked, month.answered) == (30, 3, 3, 2)
    survey = asked()[1].survey[0]
    assert week.means == (SurveyMean(survey, 1, 2.0),)
    assert month.means == (SurveyMean(survey, 2, 3.5),)


async def test_the_median_time_to_claim_counts_first_claims_only(store: Store, writer: Writer) -> None:
    await save(writer, *person())
    for number, minutes in enumerate((10, 20, 90)):
        one = replace(issue(f"iss_{number}"), opened_at=NOW, reasons=(LowRating("attitude", 1, 2),))
        await save(writer, one, IssueEvent(one.id, 1, soon(minutes=minutes), "claimed", "li"))
    await save(writer, IssueEvent("iss_0", 2, soon(hours=9), "claimed", "zhang"))
    week = (await Reader(store).admins.report(soon(days=1))).periods[0]
    assert (week.low, week.claimed, week.claim) == (3, 3, timedelta(minutes=20))


async def test_a_word_that_looks_like_a_limit_is_no_low_score(store: Store, writer: Writer) -> None:
    """An owner may let any text alarm: only ratings and their mean count as low scores."""
    await save(writer, *person())
    reasons = {"iss_1": AlertWord("5 ≤ 6"), "iss_2": AlertWord('"mean '), "iss_3": AlertWord('"kind":"rating"')}
    for key, one in reasons.items():
        await save(writer, replace(issue(key), reasons=(one,)))
    await save(writer, replace(issue("iss_4"), reasons=(AlertWord("退款"), LowMean(2.5, 3))))
    assert (await Reader(store).admins.report(soon(days=1))).periods[0].low == 1


async def test_nothing_is_told_without_a_number(store: Store) -> None:
    report = await Reader(store).admins.report(NOW)
    assert report.open_issues == {}
    assert all((p.asked, p.means, p.claim) == (0, (), None) for p in report.periods)


async def test_issues_with_the_team_come_oldest_first(store: Store, writer: Writer) -> None:
    await save(writer, *person())
    old, new = replace(issue("iss_z"), opened_at=NOW), replace(issue("iss_a"), opened_at=soon(hours=1))
    old = replace(old, kind=IssueKind.CALL)
    done = replace(issue("iss_done"), state=IssueState.CLOSED, closed_at=NOW)
    await save(writer, new, old, done)
    reads = Reader(store).admins
    assert [one.id for one in await reads.issues(10)] == ["iss_z", "iss_a"]
    assert (await reads.report(NOW)).open_issues == {new.kind: 1, IssueKind.CALL: 1}


async def test_whoever_was_taken_off_is_no_longer_on_the_roster(store: Store, writer: Writer) -> None:
    await save(writer, Member("li", "lead", "5"), Member("gone", ""))
    assert [member.name for member in await Reader(store).admins.roster()] == ["li"]


async def test_the_audit_log_is_read_from_either_end(store: Store, writer: Writer) -> None:
    await save(writer, *(AuditEntry(f"aud_{n}", soon(minutes=n), "li", "team.added", "x") for n in range(5)))
    reads = Reader(store).admins
    assert [entry.id for entry in await reads.latest_audit_entries(2)] == ["aud_4", "aud_3"]
    first = await reads.audit_entries(soon(minutes=1), None, 3)
    second = await reads.audit_entries(soon(minutes=1), first.next, 3)
    assert [entry.id for entry in (*first.items, *second.items)] == ["aud_1", "aud_2", "aud_3", "aud_4"]
    assert second.next is None

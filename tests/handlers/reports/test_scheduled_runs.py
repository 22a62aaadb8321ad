"""A run is decided once, whoever decides it; it reminds, is overdue and is confirmed as its schedule says."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.reports.archive import keep_report
from bot.handlers.reports.scheduled_runs import (
    ReportTurn,
    confirm_run,
    counts_from,
    decide_run,
    remind_of_run,
    turn_needs,
)
from dialogs.messages import Address
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import DueReport, ReportCadence, ReportSchedule
from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.model.archive.report_records import ArchivedReport, ReportRun, RunOutcome, report_run_id
from storage.model.note_keys import report_schedule_key
from storage.model.records import Member, Note, OutboxMessage, StoredFile
from storage.unit_of_work.changes import Changes, Record
from tests.handlers.reports.fresh import OCTOBER, fresh, page
from tests.support.stage.scene import NOW, POLICY, scene

GROUP, ROBOT = Address("telegram", "-100"), Address("wecom", "robot")
MONTH = ReportSchedule("month", ReportKind.SUMMARY, ReportCadence.MONTH, time(8), "Asia/Shanghai", due=5)
KEY = report_schedule_key("month")
DAY = timedelta(days=1)
TEAMED = replace(POLICY, team=(GROUP, ROBOT), reports=(MONTH,))
DUE = DueReport(OCTOBER, NOW, NOW + 4 * DAY)


def turn(**changed: Any) -> ReportTurn:  # noqa: ANN401 (a field of any type)
    return replace(ReportTurn(MONTH, DUE, fresh()), **changed)


def written(changes: Changes) -> tuple[Record, ...]:
    """Return rows as they are read once they are written."""
    return tuple(
        replace(one, version=one.version + 1) if isinstance(one, ArchivedReport | ReportRun | Note) else one
        for one in changes.records
    )


def run_in(changes: Changes) -> ReportRun:
    (run,) = (one for one in changes.records if isinstance(one, ReportRun))
    return run


def messages(changes: Changes) -> list[OutboxMessage]:
    return [one for one in changes.records if isinstance(one, OutboxMessage)]


def noted(at: datetime = NOW - DAY, value: str = "") -> Note:
    return Note(KEY, value, at, 1)


def made() -> tuple[Record, ...]:
    """Return the rows of a month that was made."""
    return written(decide_run(scene(noted(), policy=TEAMED), turn()).changes)


# -- once ----------------------------------------------------------------------------------------------------------


def test_a_run_keeps_and_sends_its_report_to_each_chat() -> None:
    decided = decide_run(scene(noted(), policy=TEAMED), turn())
    run = run_in(decided.changes)
    assert (run.outcome, run.period, run.at) == (RunOutcome.MADE, "2026-10", NOW)
    assert (run.due_at, run.wake_at) == (DUE.due_at, DUE.due_at)
    sent = messages(decided.changes)
    assert [one.address for one in sent] == [GROUP, ROBOT]
    assert len({one.id for one in sent}) == 2
    assert {one.prompt.file.hash for one in sent if one.prompt.file} == {
        one.hash for one in decided.changes.records if getattr(one, "report", "") == run.report and hasattr(one, "hash")
    }
    assert decided.answer == ()


def test_a_run_that_is_there_is_not_decided_again_and_its_schedule_counts_from_now() -> None:
    decided = decide_run(scene(*made(), policy=TEAMED, now=NOW + DAY), turn())
    (note,) = decided.changes.records
    assert isinstance(note, Note)
    assert (note.key, note.at) == (KEY, NOW + DAY)


def test_every_further_format_is_a_message_of_its_own() -> None:
    several = fresh(files=(page(), page(b"a,b\n", "csv")))
    sent = messages(decide_run(scene(noted(), policy=TEAMED), turn(fresh=several)).changes)
    assert [one.prompt.file.name for one in sent if one.prompt.file] == [
        "huifang-summary-2026-10.html",
        "huifang-summary-2026-10.csv",
    ] * 2
    assert [bool(one.prompt.rows) for one in sent] == [True, False] * 2


def test_the_same_run_has_the_same_rows_whoever_decides_it() -> None:
    first, second = (decide_run(scene(noted(), policy=TEAMED), turn()).changes for _ in range(2))
    assert first == second
    assert run_in(first).id == report_run_id("month", "2026-10")


def test_a_report_that_was_kept_by_hand_is_not_kept_twice() -> None:
    by_hand = written(keep_report(scene(), fresh(), "王经理").changes)
    decided = decide_run(scene(noted(), *by_hand, policy=TEAMED), turn(fresh=fresh(latest=1)))
    (there,) = (one for one in by_hand if isinstance(one, ArchivedReport))
    assert run_in(decided.changes).report == there.id
    assert not [one for one in decided.changes.records if isinstance(one, ArchivedReport)]


def test_what_is_sent_of_a_report_that_is_kept_is_the_kept_file_to_the_byte() -> None:
    by_hand = written(keep_report(scene(), fresh(), "王经理").changes)
    anew = fresh(latest=1, files=(page(b"<title>October, made at nine</title>"), page(b"a,b\n", "csv")))
    decided = decide_run(scene(noted(), *by_hand, policy=TEAMED), turn(fresh=anew))
    sent = [one.prompt.file for one in messages(decided.changes) if one.prompt.file]
    html, csv = (StoredFile.of(content, NOW) for content in (b"<title>October</title>", b"a,b\n"))
    assert [one.hash for one in sent] == [html.hash, csv.hash] * 2
    assert [one.size for one in sent[:2]] == [len(html.content), len(csv.content)]
    assert [one for one in decided.changes.records if isinstance(one, StoredFile)] == [csv]


def test_another_revision_at_the_same_moment_is_told_and_nothing_is_sent() -> None:
    other = written(keep_report(scene(), fresh(digest="another"), "王经理").changes)
    decided = decide_run(scene(noted(), *other, policy=TEAMED), turn())
    assert isinstance(decided.answer, Conflict)
    assert not decided.changes


def test_what_is_needed_are_run_schedule_roster_and_revisions() -> None:
    needed = turn_needs(turn())
    assert needed.report_runs == {report_run_id("month", "2026-10")}
    assert needed.notes == {KEY}
    assert needed.roster
    assert len(needed.archived) == 2
    assert not turn_needs(turn(fresh=None)).archived


# -- from when on, and silence ---------------------------------------------------------------------------------------


def test_times_count_from_the_first_look_on() -> None:
    decided = counts_from(scene(policy=TEAMED), MONTH)
    assert decided.answer is None
    assert decided.changes.records == (Note(KEY, "", NOW, 0),)
    again = counts_from(scene(noted(), policy=TEAMED), MONTH)
    assert (again.answer, bool(again.changes)) == (NOW - DAY, False)


def test_a_note_of_the_future_was_made_by_a_wrong_clock_and_keeps_only_its_pause() -> None:
    decided = counts_from(scene(noted(NOW + DAY, "paused"), policy=TEAMED), MONTH)
    assert decided.answer is None
    assert decided.changes.records == (Note(KEY, "paused", NOW, 1),)


def test_nothing_is_said_once_and_then_not_again() -> None:
    first = decide_run(scene(noted(), policy=TEAMED), turn(fresh=None))
    assert run_in(first.changes).outcome is RunOutcome.EMPTY
    assert [one.address for one in messages(first.changes)] == [GROUP, ROBOT]
    second = decide_run(scene(noted(value="paused"), policy=TEAMED), turn(fresh=None))
    assert run_in(second.changes).outcome is RunOutcome.EMPTY
    assert messages(second.changes) == []
    third = decide_run(scene(noted(value="paused"), policy=TEAMED), turn())
    (note,) = (one for one in third.changes.records if isinstance(one, Note))
    assert (note.value, len(messages(third.changes))) == ("", 2)


def test_a_run_of_nothing_is_never_due() -> None:
    run = run_in(decide_run(scene(noted(), policy=TEAMED), turn(fresh=None)).changes)
    assert (run.due_at, run.wake_at, run.report) == (None, None, "")


# -- due -----------------------------------------------------------------------------------------------------------


def reminded(*rows: Record, now: datetime, **changed: Any) -> Changes:  # noqa: ANN401 (as above)
    policy = replace(TEAMED, **changed)
    return remind_of_run(scene(*rows, policy=policy, now=now), report_run_id("month", "2026-10")).changes


@pytest.mark.row("S3-02")
def test_on_the_day_it_is_reminded_of_and_a_day_later_overdue() -> None:
    rows = made()
    assert not reminded(*rows, now=NOW + 4 * DAY - timedelta(seconds=1))
    first = reminded(*rows, now=NOW + 4 * DAY)
    assert [("还没有人确认" in one.prompt.text, bool(one.prompt.rows)) for one in messages(first)] == [(True, True)] * 2
    assert (run_in(first).told, run_in(first).wake_at) == (1, NOW + 5 * DAY)
    rows = (*(one for one in rows if not isinstance(one, ReportRun)), *written(first))
    second = reminded(*rows, now=NOW + 5 * DAY)
    assert all(one.prompt.text.startswith("已逾期") for one in messages(second))
    assert (run_in(second).told, run_in(second).wake_at) == (2, None)


def test_of_both_that_were_missed_only_overdue_is_told() -> None:
    late = reminded(*made(), now=NOW + 9 * DAY)
    assert [one.prompt.text.startswith("已逾期") for one in messages(late)] == [True, True]
    assert run_in(late).wake_at is None


def test_a_schedule_that_is_gone_reminds_of_nothing() -> None:
    changes = reminded(*made(), now=NOW + 4 * DAY, reports=())
    assert (run_in(changes).wake_at, messages(changes)) == (None, [])


def test_while_the_time_is_in_doubt_nobody_is_reminded() -> None:
    now = NOW + 4 * DAY
    context = replace(scene(*made(), policy=TEAMED, now=now), doubt=Doubt(NOW, now + DAY))
    assert not remind_of_run(context, report_run_id("month", "2026-10")).changes


# -- confirmed -----------------------------------------------------------------------------------------------------


def test_a_lead_confirms_and_whoever_comes_later_changes_nothing() -> None:
    lead, rows, run = Member("赵组长", "lead"), made(), report_run_id("month", "2026-10")
    decided = confirm_run(scene(*rows, lead, policy=TEAMED), run, "赵组长")
    done = decided.answer
    assert isinstance(done, ReportRun)
    assert (done.confirmed_by, done.confirmed_at, done.wake_at) == ("赵组长", NOW, None)
    rows = (*(one for one in rows if not isinstance(one, ReportRun)), *written(decided.changes))
    again = confirm_run(scene(*rows, lead, policy=TEAMED, now=NOW + DAY), run, "王经理")
    assert isinstance(again.answer, ReportRun)
    assert (again.answer.confirmed_by, bool(again.changes)) == ("赵组长", False)
    assert not reminded(*rows, now=NOW + 4 * DAY)


def test_an_agent_confirms_nothing_unless_the_door_answers_for_them() -> None:
    agent, rows, run = Member("李工", "agent"), made(), report_run_id("month", "2026-10")
    refused = confirm_run(scene(*rows, agent, policy=TEAMED), run, "李工")
    assert isinstance(refused.answer, Invalid)
    assert not refused.changes
    trusted = confirm_run(scene(*rows, agent, policy=TEAMED), run, "李工", trusts=True)
    assert isinstance(trusted.answer, ReportRun)


def test_what_is_no_report_or_not_to_be_confirmed_is_told() -> None:
    context = scene(*made(), policy=TEAMED)
    assert isinstance(confirm_run(context, "run_none", "王经理").answer, NotFound)
    weekly = decide_run(scene(noted(), policy=TEAMED), turn(due=DueReport(OCTOBER, NOW))).changes
    free = scene(*written(weekly), policy=TEAMED)
    assert isinstance(confirm_run(free, run_in(weekly).id, "王经理").answer, Conflict)
    quiet = decide_run(scene(noted(), policy=TEAMED), turn(fresh=None)).changes
    empty = scene(*written(quiet), policy=TEAMED)
    assert isinstance(confirm_run(empty, run_in(quiet).id, "王经理").answer, NotFound)

"""What a command does to an issue in each of its states, for its holder and for somebody else, and what is refused."""

from collections.abc import Callable

import pytest

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid, IssueOutcome, NotFound
from bot.handlers.issues import commands
from bot.handlers.issues.commands import (
    Actor,
    IssueObstacle,
    IssueRefusal,
    IssueResult,
    NewIssue,
    Resolution,
)
from dialogs.issue.model import Issue, IssueKind, IssueState
from scoring.rules import Severity
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.writer import Decision
from tests.support.stage.company import Company

OPEN, CLAIMED, RESOLVED, CLOSED = IssueState
CHEN, ZHAO = "陈工", "赵姐"
NOTE = "压缩机已经换好。"

Command = Callable[[DecisionContext, str, Actor], Decision[IssueResult]]


def _resolve(context: DecisionContext, issue: str, actor: Actor) -> Decision[IssueResult]:
    return commands.resolve_issue(context, issue, actor, Resolution(NOTE, "备件"))


def _silently(context: DecisionContext, issue: str, actor: Actor) -> Decision[IssueResult]:
    return commands.resolve_issue(context, issue, actor, Resolution(notify=False))


def _draft(context: DecisionContext, issue: str, actor: Actor) -> Decision[IssueResult]:
    return commands.draft_note(context, issue, actor, NOTE)


def _report(context: DecisionContext, issue: str, actor: Actor) -> Decision[IssueResult]:
    return commands.report_progress(context, issue, actor, NOTE)


def _ask(context: DecisionContext, issue: str, actor: Actor) -> Decision[IssueResult]:
    return commands.ask_customer(context, issue, actor, "等了多久？")


def _reopen(context: DecisionContext, issue: str, actor: Actor) -> Decision[IssueResult]:
    return commands.reopen_issue(context, issue, actor, "又坏了")


CLAIM, RELEASE = commands.claim_issue, commands.release_issue
ON_THE_WAY: dict[IssueState, Command | None] = {OPEN: None, CLAIMED: CLAIM, RESOLVED: _resolve, CLOSED: _silently}


def _company(state: IssueState = OPEN) -> Company:
    """Return a company with one issue, which 陈工 has brought into this state."""
    company = Company()
    company.closes()
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    before = ON_THE_WAY[state]
    if before is not None:
        _does(company, before)
    assert company.issues[0].state is state
    return company


def _does(company: Company, command: Command, by: str = CHEN, who: str = "") -> IssueResult:
    return company.desk(lambda context, issue: command(context, issue, Actor(by, who)))


@pytest.mark.parametrize(
    ("before", "command", "after", "line"),
    [
        (OPEN, CLAIM, CLAIMED, "claimed"),
        (OPEN, _draft, CLAIMED, "drafted"),
        (OPEN, _report, CLAIMED, "progress"),
        (OPEN, _ask, CLAIMED, "asked"),
        (OPEN, _resolve, RESOLVED, "resolved"),
        (OPEN, _silently, CLOSED, "resolved_silently"),
        (CLAIMED, RELEASE, OPEN, "released"),
        (CLAIMED, _draft, CLAIMED, "drafted"),
        (CLAIMED, _report, CLAIMED, "progress"),
        (CLAIMED, _ask, CLAIMED, "asked"),
        (CLAIMED, _resolve, RESOLVED, "resolved"),
        (CLAIMED, _silently, CLOSED, "resolved_silently"),
        (RESOLVED, _reopen, OPEN, "reopened"),
        (CLOSED, _reopen, OPEN, "reopened"),
    ],
)
def test_a_command_moves_an_issue_and_leaves_one_line_with_the_name(
    before: IssueState, command: Command, after: IssueState, line: str
) -> None:
    company = _company(before)
    done = _does(company, command)
    assert isinstance(done, IssueOutcome)
    assert done.issue.state is company.issues[0].state is after
    assert [(one.event, one.by) for one in done.added] == [(line, CHEN)]
    assert done.issue.claimed_by == (None if after is OPEN else CHEN)


@pytest.mark.parametrize(
    ("before", "command", "obstacle", "detail"),
    [
        (OPEN, RELEASE, IssueObstacle.UNCLAIMED, "the issue is open"),
        *((CLAIMED, each, IssueObstacle.HELD, "陈工 has this issue") for each in (CLAIM, RELEASE, _draft, _report)),
        *((CLAIMED, each, IssueObstacle.HELD, "陈工 has this issue") for each in (_ask, _resolve, _silently)),
        *((RESOLVED, each, IssueObstacle.OVER, "the issue is resolved") for each in (CLAIM, RELEASE, _draft)),
        *((RESOLVED, each, IssueObstacle.OVER, "the issue is resolved") for each in (_report, _ask, _resolve)),
        *((CLOSED, each, IssueObstacle.OVER, "the issue is closed") for each in (CLAIM, RELEASE, _draft)),
        *((CLOSED, each, IssueObstacle.OVER, "the issue is closed") for each in (_report, _ask, _silently)),
    ],
)
def test_what_somebody_else_may_not_changes_nothing_and_says_why(
    before: IssueState, command: Command, obstacle: IssueObstacle, detail: str
) -> None:
    company = _company(before)
    rows, lines = company.issues, company.events
    assert _does(company, command, ZHAO) == IssueRefusal(obstacle, detail)
    assert (company.issues, company.events) == (rows, lines)
    assert company.stage.happened == []


@pytest.mark.parametrize(("state", "command"), [(CLAIMED, CLAIM), (RESOLVED, _resolve), (CLOSED, _silently)])
def test_what_its_holder_has_done_already_is_answered_alike_and_leaves_no_line(
    state: IssueState, command: Command
) -> None:
    company = _company(state)
    lines = company.events
    again = _does(company, command)
    assert again == IssueOutcome(company.issues[0])
    assert (company.events, company.stage.happened) == (lines, [])


def test_what_is_reopened_has_no_outcome_no_holder_and_a_new_time_to_be_claimed_by() -> None:
    company = _company(RESOLVED)
    company.waits(hours=1)
    _does(company, _reopen, ZHAO)
    issue = company.issues[0]
    assert (issue.resolution, issue.note, issue.told, issue.resolved_at, issue.claimant) == (1, None, (), None, None)
    assert issue.due_at == company.stage.now + company.stage.policy.claim_within
    assert issue.root_cause == "备件"
    assert ("reopened", "又坏了") in company.events


def test_put_back_it_has_to_be_claimed_in_time_again() -> None:
    company = _company(CLAIMED)
    company.waits(hours=30)
    assert ("overdue", None) not in company.events
    _does(company, RELEASE)
    company.waits(hours=5)
    assert company.events.count(("overdue", None)) == 1


def _opened(company: Company, new: NewIssue) -> Issue:
    made = company.stage.desk(lambda context: commands.create_issue(context, new))
    assert isinstance(made, IssueOutcome)
    return company.issues[-1]


def test_an_issue_opened_by_hand_knows_its_ticket_its_customer_and_who_opened_it() -> None:
    company = Company()
    company.closes()
    issue = _opened(
        company, NewIssue("s", "投诉电话", "电话里说的", ("zendesk", "42"), severity=Severity.HIGH, by=ZHAO)
    )
    assert (issue.kind, issue.severity, issue.title) == (IssueKind.MANUAL, Severity.HIGH, "投诉电话")
    assert (issue.tickets, issue.customers) == ((("zendesk", "42"),), ("c-1001",))
    assert company.events == [("opened", "电话里说的")]
    cards = [one for one in company.stage.rows.listed(OutboxMessage) if one.purpose is Purpose.ALERT]
    assert [one.about for one in cards] == [issue.ref]


def test_the_same_seed_opens_one_issue() -> None:
    company = Company()
    company.closes()
    first = _opened(company, NewIssue("s", "投诉电话"))
    again = company.stage.desk(lambda context: commands.create_issue(context, NewIssue("s", "另一个标题")))
    assert isinstance(again, IssueOutcome)
    assert again.issue == first
    assert company.issues == [first]


@pytest.mark.parametrize(
    ("new", "missing"),
    [
        (NewIssue("s", "t", ticket=("zendesk", "none")), "ticket zendesk/none"),
        (NewIssue("s", "t", customer="c-none"), "customer c-none"),
        (NewIssue("s", "t", ticket=("zendesk", "42"), customer="c-none"), "customer c-none"),
    ],
)
def test_an_issue_about_nobody_known_is_not_opened(new: NewIssue, missing: str) -> None:
    company = Company()
    company.closes()
    assert company.stage.desk(lambda context: commands.create_issue(context, new)) == NotFound(missing)
    assert company.issues == []


def test_merged_one_goes_on_as_the_other_which_takes_over_all_of_it() -> None:
    company = Company()
    company.closes()
    first = _opened(company, NewIssue("a", "甲", ticket=("zendesk", "42"), severity=Severity.HIGH))
    second = _opened(company, NewIssue("b", "乙"))
    merged = company.stage.desk(lambda context: commands.merge_issue(context, first.id, second.id, ZHAO))
    gone, kept = company.issues
    assert isinstance(merged, IssueOutcome)
    assert merged.issue.id == kept.id
    assert (gone.state, gone.merged_into) == (CLOSED, second.id)
    assert (kept.tickets, kept.customers, kept.severity) == (first.tickets, first.customers, Severity.HIGH)
    assert company.events[-2:] == [("merged", second.id), ("joined", first.id)]


@pytest.mark.parametrize(
    ("into", "refused"),
    [
        ("itself", Invalid("into", "there is no other issue {first!r}")),
        ("iss_none", Invalid("into", "there is no other issue 'iss_none'")),
        ("settled", IssueRefusal(IssueObstacle.OVER, "the other issue is no longer open")),
    ],
)
def test_it_does_not_go_on_as_itself_nor_as_what_is_unknown_or_settled(
    into: str, refused: Invalid | IssueRefusal
) -> None:
    company = Company()
    company.closes()
    first, settled = _opened(company, NewIssue("a", "甲")), _opened(company, NewIssue("b", "乙"))
    company.stage.desk(lambda context: _silently(context, settled.id, Actor(CHEN)))
    target = {"itself": first.id, "settled": settled.id}.get(into, into)
    said = company.stage.desk(lambda context: commands.merge_issue(context, first.id, target, ZHAO))
    if isinstance(refused, Invalid):
        refused = Invalid(refused.field, refused.problem.format(first=first.id))
    assert said == refused
    assert company.issues[0] == first


def test_what_was_merged_is_not_opened_again() -> None:
    company = Company()
    first, second = _opened(company, NewIssue("a", "甲")), _opened(company, NewIssue("b", "乙"))
    company.stage.desk(lambda context: commands.merge_issue(context, first.id, second.id, ZHAO))
    said = company.stage.desk(lambda context: _reopen(context, first.id, Actor(CHEN)))
    assert said == IssueRefusal(IssueObstacle.OVER, "the issue is closed")

"""One set of commands: whichever door they come from, an issue allows and refuses the same."""

from collections.abc import Callable
from functools import partial

import pytest

from bot.channels.sandbox.channel import TEAM
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid, IssueOutcome, NotFound
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueObstacle, IssueRefusal, IssueResult, Resolution
from bot.handlers.issues.team_page import IssueAction, IssueSubmission, SubmissionOutcome, submit_action
from dialogs.issue.model import Draft, IssueState
from dialogs.messages import Person, Tap, Verb
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import TicketStatus
from storage.unit_of_work.writer import Decision
from tests.support.stage.company import Company
from tests.support.stage.opening import event_of
from tests.support.stage.world import Toasted

Command = Callable[[DecisionContext, str], Decision[IssueResult]]

LI, CHEN = Actor("李工"), Actor("陈工")
COMMANDS: dict[str, Command] = {
    "claim": lambda context, issue: commands.claim_issue(context, issue, LI),
    "release": lambda context, issue: commands.release_issue(context, issue, LI),
    "draft": lambda context, issue: commands.draft_note(context, issue, LI, "换好了", Draft.PROGRESS),
    "report": lambda context, issue: commands.report_progress(context, issue, LI, "周三到"),
    "ask": lambda context, issue: commands.ask_customer(context, issue, LI, "在家吗？"),
    "resolve": lambda context, issue: commands.resolve_issue(context, issue, LI, Resolution("换好了")),
    "reopen": lambda context, issue: commands.reopen_issue(context, issue, LI, "又漏水"),
    "merge": lambda context, issue: commands.merge_issue(context, issue, "iss_other", "李工"),
}


def _open() -> Company:
    company = Company()
    company.closes()
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    return company


def _on_the_page(company: Company, action: IssueAction, by: str, note: str = "") -> SubmissionOutcome:
    issue = company.issues[-1]
    pressed = IssueSubmission(action, issue.id, by, issue.resolution, issue.drafts, note)
    return company.stage.decide(lambda context: submit_action(context, pressed)).outcome


def _toast(company: Company, verb: Verb) -> str:
    """Press a button of the card as 陈工; gives the phrase that answers it."""
    company.stage.happened.clear()
    company.stage.hear(TEAM, Person("u1", "陈工"), Tap(verb, company.issues[-1].id), "t0")
    (toast,) = (each for each in company.stage.happened if isinstance(each, Toasted))
    return toast.text


@pytest.mark.parametrize("name", COMMANDS)
def test_of_an_unknown_issue_every_command_says_so(name: str) -> None:
    company = _open()
    assert company.stage.desk(lambda context: COMMANDS[name](context, "iss_none")) == NotFound("issue iss_none")


@pytest.mark.parametrize("name", ["claim", "release", "draft", "report", "ask", "resolve"])
def test_what_somebody_has_nobody_else_may_touch(name: str) -> None:
    company = _open()
    company.desk(lambda context, issue: commands.claim_issue(context, issue, CHEN))
    assert company.desk(COMMANDS[name]) == IssueRefusal(IssueObstacle.HELD, "陈工 has this issue")


def test_chat_page_and_api_say_alike_that_somebody_has_it() -> None:
    company = _open()
    company.desk(COMMANDS["claim"])
    assert _toast(company, Verb.CLAIM) == company.stage.policy.phrases.say("zh-Hans", "team_held_by", name="李工")
    assert _on_the_page(company, IssueAction.CLAIM, "陈工") is SubmissionOutcome.HELD
    held = company.desk(lambda context, issue: commands.claim_issue(context, issue, CHEN))
    assert held == IssueRefusal(IssueObstacle.HELD, "李工 has this issue")


def test_chat_page_and_api_say_alike_that_it_is_settled() -> None:
    company = _open()
    company.desk(COMMANDS["resolve"])
    assert _toast(company, Verb.RESOLVE) == company.stage.policy.phrases.say("zh-Hans", "team_already_resolved")
    assert _on_the_page(company, IssueAction.CLAIM, "陈工") is SubmissionOutcome.OVER
    settled = company.desk(lambda context, issue: commands.claim_issue(context, issue, CHEN))
    assert settled == IssueRefusal(IssueObstacle.OVER, "the issue is resolved")


def test_chat_page_and_api_say_alike_that_nobody_can_be_reached() -> None:
    company = _open()
    company.says("退订")
    assert _toast(company, Verb.PROGRESS) == company.stage.policy.phrases.say("zh-Hans", "team_out_of_reach")
    assert _on_the_page(company, IssueAction.PROGRESS, "陈工", "周三到") is SubmissionOutcome.UNREACHED
    refused = company.desk(COMMANDS["report"])
    assert isinstance(refused, IssueRefusal)
    assert refused.obstacle is IssueObstacle.UNREACHABLE
    assert company.issues[-1].state is IssueState.OPEN


def test_chat_page_and_api_write_the_same_line() -> None:
    lines = []
    for claim in (
        lambda company: _toast(company, Verb.CLAIM),
        lambda company: _on_the_page(company, IssueAction.CLAIM, "陈工"),
        lambda company: company.desk(lambda context, issue: commands.claim_issue(context, issue, CHEN)),
    ):
        company = _open()
        claim(company)
        lines.append(company.events[-1])
    assert lines == [("claimed", None)] * 3


@pytest.mark.parametrize("name", ["claim", "report", "resolve"])
def test_the_holder_may_say_it_again_and_nothing_changes(name: str) -> None:
    company = _open()
    company.desk(COMMANDS[name])
    before = company.events
    again = company.desk(COMMANDS[name])
    assert isinstance(again, IssueOutcome)
    assert (again.added, company.events) == ((), before)


def test_a_resolution_without_a_sentence_has_to_be_silent() -> None:
    company = _open()
    unsaid = company.desk(lambda context, issue: commands.resolve_issue(context, issue, LI, Resolution()))
    assert isinstance(unsaid, Invalid)
    assert unsaid.field == "note"
    silent = Resolution(notify=False)
    done = company.desk(lambda context, issue: commands.resolve_issue(context, issue, LI, silent))
    assert isinstance(done, IssueOutcome)
    assert done.issue.state is IssueState.CLOSED


def test_nobody_releases_what_nobody_has() -> None:
    company = _open()
    assert company.desk(COMMANDS["release"]) == IssueRefusal(IssueObstacle.UNCLAIMED, "the issue is open")
    assert _on_the_page(company, IssueAction.RELEASE, "陈工") is SubmissionOutcome.STALE


def test_under_the_holders_name_somebody_is_the_holder_wherever_they_claimed() -> None:
    company = _open()
    company.presses("认领")
    released = company.desk(lambda context, issue: commands.release_issue(context, issue, CHEN))
    assert isinstance(released, IssueOutcome)
    assert released.issue.claimed_by is None


def test_an_issue_is_merged_only_into_another_that_is_open() -> None:
    company = _open()
    issue = company.issues[-1].id
    into_itself = company.stage.desk(lambda context: commands.merge_issue(context, issue, issue, "李工"))
    into_nothing = company.stage.desk(lambda context: commands.merge_issue(context, issue, "iss_none", "李工"))
    assert into_itself == Invalid("into", f"there is no other issue {issue!r}")
    assert into_nothing == Invalid("into", "there is no other issue 'iss_none'")


def _to(command: Command, issue: str, context: DecisionContext) -> Decision[IssueResult]:
    return command(context, issue)


@pytest.mark.parametrize("first", list(Severity))
@pytest.mark.parametrize("second", list(Severity))
def test_severity_never_falls_whatever_joins_and_however_often_it_is_opened_again(
    first: Severity, second: Severity
) -> None:
    company = Company()
    for seed, severity in (("a", first), ("b", second)):
        company.stage.desk(partial(commands.create_issue, new=commands.NewIssue(seed, "漏水", severity=severity)))
    one, other = company.issues
    company.stage.desk(lambda context: commands.merge_issue(context, other.id, one.id, "李工"))
    assert company.issues[0].severity is first.at_least(second)
    for command in ("resolve", "reopen", "claim", "release"):
        company.stage.desk(partial(_to, COMMANDS[command], one.id))
    assert (company.issues[0].severity, company.issues[0].resolution) == (first.at_least(second), 1)


@pytest.mark.parametrize(("rating", "after", "severity"), [("1", "2", Severity.HIGH), ("2", "1", Severity.HIGH)])
def test_a_further_response_of_a_ticket_raises_severity_and_never_lowers_it(
    rating: str, after: str, severity: Severity
) -> None:
    company = Company(survey__quarantine="0s")
    for words in (rating, after):
        company.closes()
        company.waits(hours=1)
        for said in (words, "跳过", "跳过", "跳过", "跳过", "跳过", "跳过"):
            company.says(said)
        company.stage.ticket(replace(event_of(company.header, TicketStatus.REOPENED), id="42"))
    assert [issue.severity for issue in company.issues] == [severity]

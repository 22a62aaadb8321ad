"""The customer's word on whether it is solved: by button or typed, theirs alone, on this outcome and no earlier one."""

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.common.results import IssueOutcome
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, NewIssue, Resolution
from dialogs.issue.model import IssueState
from dialogs.messages import Address, Person, Tap, Verb
from storage.model.records import IssueEvent, OutboxMessage, Purpose
from tests.support.stage.company import Company

MEI = Person("p1", "王女士")


def _resolved() -> Company:
    company = Company()
    company.closes()
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    _resolves(company)
    return company


def _resolves(company: Company) -> None:
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution("修好了")))


def _taps(company: Company, verb: Verb, step: str = "0") -> None:
    company.stage.hear(PHONE, MEI, Tap(verb, company.issues[0].id, step), company.sent[-1].id)


@pytest.mark.parametrize(
    ("verb", "state", "line", "shown"),
    [
        (Verb.SOLVED, IssueState.CLOSED, "confirmed", "解决了"),
        (Verb.NOT_SOLVED, IssueState.OPEN, "not_solved", "还没解决"),
    ],
)
@pytest.mark.row("S1-23", "S3-25")
def test_a_press_moves_the_issue_and_takes_the_buttons_away(
    verb: Verb, state: IssueState, line: str, shown: str
) -> None:
    company = _resolved()
    _taps(company, verb)
    assert company.issues[0].state is state
    assert company.events[-1][0] == line
    last = company.stage.chats[PHONE].messages[-1].wordings[-1]
    assert "修好了" in last.text
    assert shown in last.text
    assert not [choice for row in last.rows for choice in row if choice.means.verb in (Verb.SOLVED, Verb.NOT_SOLVED)]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("解决了", IssueState.CLOSED),
        ("没解决", IssueState.OPEN),
        ("solved", IssueState.CLOSED),
        ("not solved", IssueState.OPEN),
    ],
)
def test_typed_it_counts_like_the_button(words: str, state: IssueState) -> None:
    company = _resolved()
    company.says(words)
    assert company.issues[0].state is state


@pytest.mark.parametrize("step", ["1", "", "x", "-1"])
def test_a_press_about_another_outcome_changes_nothing(step: str) -> None:
    company = _resolved()
    lines = company.events
    _taps(company, Verb.NOT_SOLVED, step)
    assert company.events == lines


def test_the_buttons_of_an_earlier_outcome_are_worth_nothing_after_the_next() -> None:
    company = _resolved()
    _taps(company, Verb.NOT_SOLVED)
    _resolves(company)
    _taps(company, Verb.SOLVED, "0")
    assert company.events[-1][0] == "resolved"
    _taps(company, Verb.SOLVED, "1")
    assert company.events[-1][0] == "confirmed"


def test_said_twice_it_is_written_down_once() -> None:
    company = _resolved()
    _taps(company, Verb.SOLVED)
    lines = company.events
    _taps(company, Verb.SOLVED)
    assert company.events == lines


def test_after_closing_not_solved_still_opens_it_again() -> None:
    company = _resolved()
    company.waits(hours=73)
    assert company.issues[0].state is IssueState.CLOSED
    _taps(company, Verb.NOT_SOLVED)
    assert (company.issues[0].state, company.issues[0].resolution) == (IssueState.OPEN, 1)


def test_who_was_not_told_has_no_say() -> None:
    company = _resolved()
    lines = company.events
    stranger = Person("p7", "赵先生")
    company.says("你好", person=stranger)
    company.stage.hear(Address("sandbox", "another"), stranger, Tap(Verb.NOT_SOLVED, company.issues[0].id, "0"))
    assert [line for line in company.events if line[0] in ("not_solved", "confirmed")] == []
    assert company.events[: len(lines)] == lines


def test_a_word_about_what_was_merged_meanwhile_reaches_what_it_became() -> None:
    company = _resolved()
    first = company.issues[0].id
    made = company.stage.desk(lambda context: commands.create_issue(context, NewIssue("b", "乙")))
    assert isinstance(made, IssueOutcome)
    company.stage.desk(lambda context: commands.merge_issue(context, first, made.issue.id, "陈工"))
    _taps(company, Verb.NOT_SOLVED)
    gone, kept = company.issues
    assert (gone.state, kept.state) == (IssueState.CLOSED, IssueState.OPEN)
    line = company.stage.rows.listed(IssueEvent)[-1]
    assert (line.issue, line.event, line.by) == (kept.id, "not_solved", "王女士")


def test_the_word_is_answered_once() -> None:
    company = _resolved()
    before = len(company.stage.rows.listed(OutboxMessage))
    company.says("解决了")
    new = company.stage.rows.listed(OutboxMessage)[before:]
    assert [one.purpose for one in new if one.customer or one.chat == PHONE.chat] == [Purpose.REPLY]

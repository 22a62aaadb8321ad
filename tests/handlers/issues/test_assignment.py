"""Assigning and taking over: who may when, what both people hear of it, and that every door says the same."""

from datetime import timedelta

import pytest

from bot.handlers.common.results import Invalid, IssueOutcome
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueObstacle, IssueRefusal, IssueResult
from bot.handlers.issues.workers import assign_issue
from dialogs.issue.model import IssueState
from dialogs.messages import Address, Person, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Member, OutboxMessage
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company
from tests.support.stage.world import Toasted

GROUP, OWN_OF_LI = Address("telegram", "-100"), Address("telegram", "11")
ROSTER = (
    Member("李工", "agent", telegram="11"),
    Member("赵姐", "agent", telegram="12"),
    Member("陈组长", "lead", telegram="13"),
    Member("访客", "viewer", telegram="14"),
    Member("小张", "agent"),
)
LATER = timedelta(hours=12)


def _company(*roster: Member, **settings: str) -> Company:
    """Return a company with an open issue, whose team works in a Telegram group."""
    company = Company(**settings)
    company.closes()
    policy = company.stage.policy
    company.stage.policy = replace(policy, team=(GROUP,), channels=("sandbox", "telegram"))
    company.stage.rows.write(Changes(roster))
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    return company


def _assign(company: Company, by: str, to: str) -> IssueResult:
    return company.desk(lambda context, issue: assign_issue(context, issue, Actor(by), to))


def _claim(company: Company, by: str) -> None:
    company.desk(lambda context, issue: commands.claim_issue(context, issue, Actor(by)))


def _pressed(company: Company, user: str, verb: Verb, step: str = "", place: Address = GROUP) -> list[str]:
    """Press a button of the issue's card; gives the toasts."""
    company.stage.happened.clear()
    company.stage.hear(place, Person(user, user), Tap(verb, company.issues[0].id, step), "t0")
    return [each.text for each in company.stage.happened if isinstance(each, Toasted)]


def _told(company: Company) -> dict[Address, list[str]]:
    """Return the lines about the holder, by chat."""
    told: dict[Address, list[str]] = {}
    for message in company.stage.rows.listed(OutboxMessage):
        if any(word in message.prompt.text for word in ("不用再跟", "辛苦您跟", "到处理时限")):
            told.setdefault(message.address, []).append(message.prompt.text)
    return told


@pytest.mark.parametrize(
    ("by", "to", "after", "is_allowed"),
    [
        ("赵姐", "赵姐", timedelta(0), False),
        ("赵姐", "小张", timedelta(0), False),
        ("赵姐", "赵姐", LATER - timedelta(seconds=1), False),
        ("赵姐", "赵姐", LATER, True),
        ("赵姐", "小张", LATER, True),
        ("李工", "小张", timedelta(0), True),
        ("陈组长", "陈组长", timedelta(0), True),
        ("陈组长", "小张", timedelta(0), True),
        ("客服系统", "客服系统", timedelta(0), False),
        ("客服系统", "客服系统", LATER, True),
    ],
)
def test_leads_and_the_holder_may_at_any_time_others_after_twelve_hours(
    by: str,
    to: str,
    after: timedelta,
    is_allowed: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    company = _company(*ROSTER)
    _claim(company, "李工")
    company.stage.wait(after)
    answer = _assign(company, by, to)
    issue = company.issues[0]
    if is_allowed:
        assert isinstance(answer, IssueOutcome)
        assert (issue.claimed_by, issue.claimant) == (to, to)
        assert company.events[-1] == ("taken_over" if by == to else "assigned", f"李工 → {to}")
    else:
        assert isinstance(answer, IssueRefusal)
        assert answer.obstacle is IssueObstacle.NOT_YET
        assert answer.detail.startswith("李工 has this issue; a lead may take it over now, others from 2026-11-23T13:")
        assert issue.claimed_by == "李工"


@pytest.mark.parametrize(("to", "field"), [("访客", "to"), ("谁也不是", "to")])
def test_an_issue_goes_only_to_who_may_work_on_it(to: str, field: str) -> None:
    company = _company(*ROSTER)
    answer = _assign(company, "陈组长", to)
    assert isinstance(answer, Invalid)
    assert (answer.field, company.issues[0].state) == (field, IssueState.OPEN)


def test_without_a_roster_any_name_will_do_and_its_owner_works_on_in_the_chat() -> None:
    company = _company()
    assert isinstance(_assign(company, "店长", "老周"), IssueOutcome)
    company.stage.hear(GROUP, Person("77", "老周"), Tap(Verb.RELEASE, company.issues[0].id), "t0")
    assert company.events[-2:] == [("assigned", "老周"), ("released", None)]


def test_the_same_again_changes_nothing() -> None:
    company = _company(*ROSTER)
    for _ in range(2):
        assert isinstance(_assign(company, "陈组长", "李工"), IssueOutcome)
    assert [event for event, _ in company.events].count("assigned") == 1


def test_of_two_who_take_over_at_once_the_first_has_it_and_the_second_waits() -> None:
    company = _company(*ROSTER)
    _claim(company, "李工")
    company.stage.wait(LATER)
    assert isinstance(_assign(company, "赵姐", "赵姐"), IssueOutcome)
    second = _assign(company, "小张", "小张")
    assert isinstance(second, IssueRefusal)
    assert second.detail.startswith("赵姐 has this issue; a lead may take it over now, others from 2026-11-24T01:")


def test_whoever_has_an_account_is_told_alone_and_the_others_in_the_group() -> None:
    company = _company(*ROSTER)
    _claim(company, "李工")
    _assign(company, "陈组长", "小张")
    number = f"#{company.issues[0].id[-5:].upper()}"
    assert _told(company) == {
        OWN_OF_LI: [f"{number}「意见反馈」转给小张了（陈组长转的），您不用再跟了。谢谢！"],
        GROUP: [f"小张：陈组长把 {number}「意见反馈」转给您了，辛苦您跟一下。请在 11月24日 09:00 前处理完。"],
    }


def test_nobody_is_told_what_they_did_themselves() -> None:
    company = _company(*ROSTER)
    _claim(company, "李工")
    _assign(company, "李工", "赵姐")
    assert OWN_OF_LI not in _told(company)
    _assign(company, "陈组长", "陈组长")
    assert list(_told(company)) == [Address("telegram", "12")]


def test_a_chat_that_does_not_let_us_in_is_made_up_for_in_the_group() -> None:
    company = _company(*ROSTER)
    company.stage.shut = {OWN_OF_LI}
    _assign(company, "陈组长", "李工")
    (told,) = _told(company)[GROUP]
    assert told.startswith("李工：陈组长把 #")
    named = [m.prompt.notifies for m in company.stage.rows.listed(OutboxMessage) if m.prompt.text == told]
    assert named == [(Person("11", "李工"),)]


def test_chat_and_api_say_alike_from_when_it_may_be_taken_over() -> None:
    company = _company(*ROSTER)
    _claim(company, "李工")
    assert _pressed(company, "12", Verb.ASSIGN, "me") == [
        "李工 在处理，11月23日 21:00 起才能接手。着急的话，请组长来转。"
    ]
    company.stage.wait(LATER)
    assert _pressed(company, "12", Verb.ASSIGN, "me") == ["您已接手"]
    assert _pressed(company, "13", Verb.ASSIGN, "me") == ["您已接手"]
    assert [event for event, _ in company.events].count("taken_over") == 2


def test_only_who_is_of_the_team_works_in_a_chat_of_their_own() -> None:
    company = _company(*ROSTER)
    _claim(company, "李工")
    for user in ("14", "99"):
        place = Address("telegram", user)
        assert _pressed(company, user, Verb.RELEASE, place=place) == ["这个按钮用不了了，什么都没改动。"]
    assert company.issues[0].claimed_by == "李工"
    assert _pressed(company, "11", Verb.RELEASE, place=OWN_OF_LI) == ["已退回，等人认领"]


def test_an_issue_is_merged_by_its_number_after_a_question() -> None:
    company = _company(*ROSTER)
    company.desk(lambda context, _issue: commands.create_issue(context, commands.NewIssue("a", "又一件")))
    first, second = company.issues
    assert _pressed(company, "12", Verb.MERGE) == ["请回复要并入的编号"]
    for words in ("#00000", second.id[-5:].lower()):
        asked = company.stage.chats[GROUP].asking()
        company.stage.hear(GROUP, Person("12", "赵姐"), Text(words, asked))
    numbers = [f"#{issue.id[-5:].upper()}" for issue in (first, second)]
    shown = company.stage.chats[GROUP].messages[-1].wordings[-1]
    assert shown.text == f"把 {numbers[0]} 并入 {numbers[1]}？并过去就分不开了。"
    message, tap = company.stage.chats[GROUP].button("合并")
    company.stage.hear(GROUP, Person("12", "赵姐"), tap, message)
    assert company.stage.rows.listed(type(first))[0].merged_into == second.id


def test_who_is_to_be_escalated_to_is_called_by_their_account() -> None:
    company = _company(*ROSTER, alerts__escalate_to="陈组长,店长,13800138000")
    company.waits(hours=4)
    called = [m for m in company.stage.rows.listed(OutboxMessage) if m.prompt.notifies]
    assert [m.prompt.notifies for m in called] == [(Person("13", "陈组长"), Person("", "店长"))]
    assert called[0].prompt.text.startswith("陈组长、店长：#")


def test_only_their_own_channel_knows_a_holder_by_their_id() -> None:
    company = _company(*ROSTER)
    robot = Address("wecom", "robot")
    company.stage.policy = replace(company.stage.policy, team=(GROUP, robot))
    company.stage.shut = {OWN_OF_LI}
    _assign(company, "陈组长", "李工")
    called = {m.address: m.prompt.notifies for m in company.stage.rows.listed(OutboxMessage) if m.prompt.notifies}
    assert called == {GROUP: (Person("11", "李工"),), robot: (Person("", "李工"),)}


def test_no_link_and_no_mention_of_a_customer_works_in_what_holders_are_told() -> None:
    company = _company(*ROSTER)
    new = commands.NewIssue("b", "点 https://evil.example/x 或问 @boss_bot")
    company.desk(lambda context, _issue: commands.create_issue(context, new))
    _assign(company, "陈组长", "小张")
    (told,) = _told(company)[GROUP]
    assert "https://evil.example" not in told
    assert "@boss_bot" not in told


def test_whoever_held_an_issue_that_was_merged_by_another_hears_of_it() -> None:
    company = _company(*ROSTER)
    company.desk(lambda context, _issue: commands.create_issue(context, commands.NewIssue("a", "又一件")))
    into, held = company.issues
    _claim(company, "李工")
    company.desk(lambda context, issue: commands.merge_issue(context, issue, into.id, "赵姐"))
    numbers = [f"#{issue.id[-5:].upper()}" for issue in (held, into)]
    told = [m.prompt.text for m in company.stage.rows.listed(OutboxMessage) if m.address == OWN_OF_LI]
    assert told == [f"{numbers[0]}「又一件」并入了 {numbers[1]}，由那边一起处理，您不用再单独跟了。"]

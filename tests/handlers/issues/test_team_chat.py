"""The team's chat: what a button is worth from whom, in which language it is answered, and whom words reach."""

import pytest

from bot.channels.sandbox.channel import PHONE, TEAM
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, Resolution
from dialogs.issue.model import IssueState
from dialogs.messages import Address, Person, Tap, Text, Verb
from scoring.complaints import ComplaintRemedy, Judgement
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Member
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company
from tests.support.stage.world import Toasted

GROUP = Address("telegram", "-100")
CHEN, ZHAO = Person("u1", "陈工"), Person("u2", "赵姐")
STALE = "这个按钮过时了，请看最新的那一条"
HELD, SETTLED = "陈工 已经认领了", "这个问题已经处理完了"


def _company() -> Company:
    company = Company()
    company.closes()
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    return company


def _taps(company: Company, verb: Verb, by: Person = CHEN, place: Address = TEAM, step: str = "") -> list[str]:
    """Press a button of the latest issue, however it came to be pressed; gives the toasts."""
    company.stage.happened.clear()
    company.stage.hear(place, by, Tap(verb, company.issues[-1].id, step), "t0")
    return [each.text for each in company.stage.happened if isinstance(each, Toasted)]


@pytest.mark.parametrize("verb", [Verb.CLAIM, Verb.RESOLVE, Verb.PROGRESS, Verb.QUESTION])
def test_what_somebody_has_is_refused_to_another_by_name(verb: Verb) -> None:
    company = _company()
    _taps(company, Verb.CLAIM)
    lines = company.events
    assert _taps(company, verb, ZHAO) == [HELD]
    assert company.events == lines


@pytest.mark.parametrize("verb", [Verb.CLAIM, Verb.RESOLVE, Verb.PROGRESS, Verb.QUESTION])
def test_what_is_settled_takes_no_button_any_more(verb: Verb) -> None:
    company = _company()
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution(notify=False)))
    assert _taps(company, verb) == [SETTLED]


@pytest.mark.parametrize("verb", [Verb.SEND, Verb.EDIT, Verb.SILENTLY])
@pytest.mark.parametrize("step", ["", "0", "2", "99"])
def test_a_preview_that_is_not_the_latest_sends_nothing(verb: Verb, step: str) -> None:
    company = _company()
    company.presses("认领")
    company.presses("处理完成")
    company.writes("修好了")
    assert _taps(company, verb, step=step) == [STALE]
    assert company.issues[0].state is IssueState.CLAIMED


@pytest.mark.parametrize("tap", [Tap(Verb.CLAIM, "iss_none"), Tap(Verb.CLAIM, ""), Tap(Verb.SOLVED, "iss_none", "0")])
def test_a_button_about_nothing_is_an_old_one(tap: Tap) -> None:
    company = _company()
    company.stage.happened.clear()
    company.stage.hear(TEAM, CHEN, tap, "t0")
    (toast,) = (each for each in company.stage.happened if isinstance(each, Toasted))
    assert toast.text == STALE


@pytest.mark.parametrize(
    ("locale", "stale", "claimed", "held"),
    [
        ("zh-Hans", STALE, "您已认领", HELD),
        (
            "en",
            "This button is out of date. Please use the latest message",
            "It is yours now",
            "陈工 has it already",
        ),
    ],
)
def test_the_team_is_answered_in_the_language_of_the_service(locale: str, stale: str, claimed: str, held: str) -> None:
    company = _company()
    company.stage.policy = replace(company.stage.policy, locale=locale)
    assert _taps(company, Verb.SEND, step="9") == [stale]
    assert _taps(company, Verb.CLAIM) == [claimed]
    assert _taps(company, Verb.CLAIM, ZHAO) == [held]


def test_one_who_cannot_be_written_to_is_not_asked_about() -> None:
    company = _company()
    company.says("退订")
    for verb in (Verb.PROGRESS, Verb.QUESTION):
        assert _taps(company, verb) == ["联系不上这位客户，或者客户已经退订"]
    assert company.issues[0].state is IssueState.OPEN


def test_sent_to_whom_it_cannot_reach_it_is_done_without_telling_the_customer() -> None:
    company = _company()
    company.presses("认领")
    company.presses("处理完成")
    company.writes("修好了")
    company.says("退订")
    company.stage.happened.clear()
    message, tap = company.stage.chats[TEAM].button("发送")
    company.stage.hear(TEAM, CHEN, tap, message)
    assert [each.text for each in company.stage.happened if isinstance(each, Toasted)] == ["已处理完成，没有通知客户"]
    assert company.issues[0].told == ()
    assert company.phone() == []


def test_words_that_answer_no_question_of_ours_are_left_alone() -> None:
    company = _company()
    lines = company.events
    company.stage.happened.clear()
    company.stage.hear(TEAM, CHEN, Text("大家中午吃什么？"))
    card = company.stage.chats[TEAM].messages[-1].receipt
    company.stage.hear(TEAM, CHEN, Text("这个我看看", card))
    assert (company.events, company.stage.happened) == (lines, [])


@pytest.mark.parametrize("words", ["", "   "])
def test_no_words_are_no_sentence(words: str) -> None:
    company = _company()
    company.presses("认领")
    company.presses("处理完成")
    company.writes(words)
    assert company.issues[0].draft is None


def test_a_sentence_by_another_than_the_holder_is_not_kept() -> None:
    company = _company()
    company.presses("认领")
    company.presses("处理完成")
    company.stage.hear(TEAM, ZHAO, Text("我来写", company.stage.chats[TEAM].asking()))
    assert company.issues[0].draft is None
    assert any("陈工" in text for text in company.team())


# -- with a roster, on the channel that knows people by their ids ---------------------------------------------------


def _on_telegram(*members: Member) -> Company:
    company = _company()
    company.stage.policy = replace(company.stage.policy, team=(*company.stage.policy.team, GROUP))
    company.stage.rows.write(Changes(members))
    return company


LI = Member("李工", "agent", "901")


@pytest.mark.parametrize(
    ("members", "person", "holder"),
    [
        ((), Person("77", "赵先生"), "赵先生"),
        ((), Person("77"), "77"),
        ((Member("李工", "agent"),), Person("77", "赵先生"), None),  # invited, and not joined yet
        ((LI,), Person("901", "别的名字"), "李工"),
        ((Member("李工", "lead", "901"),), Person("901"), "李工"),
        ((LI,), Person("77", "赵先生"), None),
        ((Member("李工", "viewer", "901"),), Person("901", "李工"), None),
        ((LI,), Person("", "李工"), None),
    ],
)
def test_who_may_work_is_told_by_the_roster_once_somebody_is_on_it(
    members: tuple[Member, ...], person: Person, holder: str | None
) -> None:
    company = _on_telegram(*members)
    (toast,) = _taps(company, Verb.CLAIM, person, GROUP)
    assert company.issues[0].claimed_by == holder
    refused = "抱歉，只有团队成员可以操作" if person.id else "看不出您是哪位，请先关掉“保持匿名”再按"
    assert toast == ("您已认领" if holder else refused)


def test_the_customers_own_chat_is_not_the_teams() -> None:
    company = _company()
    _taps(company, Verb.CLAIM, Person("p1", "王女士"), PHONE)
    assert company.issues[0].state is IssueState.OPEN


def test_the_team_has_its_own_language_where_one_is_set_and_customers_keep_theirs() -> None:
    company = Company(team__locale="en")
    company.closes()
    company.waits(minutes=30)
    assert company.phone()[0].startswith("王女士，您好！")
    company.says("1")
    company.stage.happened.clear()
    company.waits(minutes=2)
    (card,) = company.team()
    assert "Status: nobody has it yet" in card
    assert "“Response speed” got only 1" in card
    assert _taps(company, Verb.CLAIM) == ["It is yours now"]


@pytest.mark.parametrize(
    ("words", "is_answered"),
    [("/status", True), ("/stop", True), ("/nonsense now", True), ("退订", False), ("/var/log/messages", False)],
)
def test_a_command_that_is_none_in_the_group_has_one_line(words: str, *, is_answered: bool) -> None:
    company = _company()
    company.stage.happened.clear()
    company.stage.hear(TEAM, CHEN, Text(words))
    assert company.team() == (["这个命令在群里用不了。发 /help，看看这里能做什么。"] if is_answered else [])


def test_whoever_left_no_phone_is_written_to_in_the_chat() -> None:
    company = _company()
    _taps(company, Verb.CLAIM)
    assert _taps(company, Verb.CONTACT) == ["这位客户没有留电话或邮箱，可以用「进展」「提问」在聊天里找他"]


@pytest.mark.parametrize("verb", [Verb.SEND, Verb.SILENTLY])
def test_what_is_not_closed_out_is_refused_in_the_chat_until_cause_remedy_and_verification_are_known(
    verb: Verb,
) -> None:
    company = _company()
    company.stage.policy = replace(company.stage.policy, close_out=frozenset(Severity))
    company.presses("认领")
    company.presses("处理完成")
    company.writes("修好了")
    (toast,) = _taps(company, verb, step="1")
    assert toast.startswith("这个问题要先补齐原因、措施和验证")
    assert company.issues[0].state == "claimed"
    found = Judgement(remedy=ComplaintRemedy.REPAIR, cause="接头松了", verification="试机两小时不漏")
    company.desk(lambda context, issue: commands.judge_issue(context, issue, "陈工", found))
    assert _taps(company, verb, step="1")
    assert company.issues[0].state != "claimed"
    assert company.issues[0].root_cause == "接头松了"

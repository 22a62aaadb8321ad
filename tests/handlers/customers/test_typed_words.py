"""What follows from words that are no answer: they are kept, answered, and reach the team where it should know."""

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.issues.commands import Actor, ask_customer
from dialogs.interview.anonymity import spoken
from dialogs.interview.model import InterviewState
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Person, Text
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.model.registers import AnonymousAnswers
from tests.support.stage.company import Company


def _said(company: Company) -> list[str]:
    return [words.text for words in company.interview.said]


# -- kept and answered ------------------------------------------------------------------------------------------------


def test_what_is_not_understood_is_kept_and_the_second_opens_an_issue_that_quotes_both(company: Company) -> None:
    first, _above = company.says("你们师傅姓什么来着")
    assert first.startswith("您的话我们记下了。这一题麻烦打个分：")
    assert company.issues == []
    company.says("发票怎么开")
    (issue,) = company.issues
    assert (issue.kind, [str(reason) for reason in issue.reasons]) == (IssueKind.MANUAL, ["not_understood"])
    assert company.events == [("opened", "not_understood; 你们师傅姓什么来着 / 发票怎么开")]
    company.says("抬头写公司名")
    assert company.events[-1] == ("customer_wrote", "抬头写公司名")
    assert _said(company) == ["你们师傅姓什么来着", "发票怎么开", "抬头写公司名"]
    card = company.stage.chats[company.stage.policy.team[0]].messages[0].wordings[-1].text
    assert [card.index(words) for words in _said(company)] == sorted(card.index(words) for words in _said(company))
    assert company.interview.state is InterviewState.INVITED


@pytest.mark.parametrize("words", ["我要投诉", "你们这是欺骗消费者"])
def test_a_complaint_is_apologized_for_in_a_new_message_and_the_question_stays(company: Company, words: str) -> None:
    before = len(company.stage.chats[PHONE].messages)
    company.says(words)
    (sorry,) = company.stage.chats[PHONE].messages[before:]
    assert sorry.wordings[-1].text == "非常抱歉给您添麻烦了。已经转给负责的同事，会尽快联系您。"
    assert [issue.kind for issue in company.issues] == [IssueKind.COMPLAINT]
    company.presses("4", PHONE)
    assert company.interview.ratings == {"response_speed": 4}


def test_whoever_wants_a_person_is_in_the_teams_chat_at_once(company: Company) -> None:
    company.says("转人工")
    (issue,) = company.issues
    assert (issue.kind, str(issue.reasons[0]), issue.severity) == (IssueKind.MANUAL, "person_wanted", Severity.NORMAL)


@pytest.mark.parametrize("words", ["谢谢", "你们谁啊"])
def test_thanks_and_who_are_you_count_as_no_miss(company: Company, words: str) -> None:
    for _ in range(3):
        company.says(words)
    assert (company.issues, company.interview.misses) == ([], 0)
    assert _said(company) == [words] * 3


@pytest.mark.parametrize(("rated", "state"), [("4", InterviewState.EXPIRED), ("", InterviewState.EXPIRED)])
def test_no_time_ends_it_and_is_no_opt_out(company: Company, rated: str, state: InterviewState) -> None:
    if rated:
        company.presses(rated, PHONE)
    assert company.says("算了，没空")[0] == "好的，这次就不打扰了。"
    assert company.interview.state is state
    (customer,) = company.stage.rows.listed(Customer)
    assert customer.opted_out_at is None


@pytest.mark.parametrize("words", ["我要退订", "不要再发了", "please stop messaging me"])
def test_a_stop_in_own_words_is_an_opt_out_wherever_it_is_said(company: Company, words: str) -> None:
    company.says(words)
    (customer,) = company.stage.rows.listed(Customer)
    assert customer.opted_out_at is not None
    assert _said(company) == [words]
    company.says("恢复")
    assert company.stage.rows.listed(Customer)[0].opted_out_at is None
    company.says(words)  # with no survey open
    assert company.stage.rows.listed(Customer)[0].opted_out_at is not None


# -- one for all ------------------------------------------------------------------------------------------------------


def test_one_for_all_is_undone_by_a_tap_and_no_alert_comes_of_it(company: Company) -> None:
    company.presses("4", PHONE)
    company.says("都是1分")
    assert sorted(company.interview.ratings.values()) == [1, 1, 1, 1, 4]
    company.presses("撤销", PHONE)
    assert company.interview.ratings == {"response_speed": 4}
    company.waits(minutes=5)
    assert company.issues == []
    assert company.stage.database.violations(company.stage.policy.surveys.values()) == []


def test_one_for_all_that_is_not_undone_settles_like_any_low_rating(company: Company) -> None:
    company.says("都是1分")
    assert company.issues == []
    company.waits(minutes=2)
    (issue,) = company.issues
    assert issue.severity is Severity.HIGH


# -- an open issue ----------------------------------------------------------------------------------------------------


def _resolved(company: Company) -> None:
    """Let a low score be resolved, and the next survey be open."""
    company.presses("1", PHONE)
    company.says("等了两天")
    company.waits(minutes=2)
    company.presses("处理完成")
    company.writes("换了压缩机")
    company.presses("发送")


def test_after_not_solved_the_next_words_belong_to_the_issue_and_not_to_the_open_question(company: Company) -> None:
    _resolved(company)
    before = company.interview.ratings
    company.presses("还没解决", PHONE)
    told, *_ = company.says("还是很差，一点没凉")
    assert "已转给同事" in told
    assert company.events[-1] == ("customer_wrote", "还是很差，一点没凉")
    assert company.interview.ratings == before
    company.says("4")
    assert company.interview.ratings != before


def test_further_words_reach_the_issue_too_and_are_said_to_be_passed_on(company: Company) -> None:
    _resolved(company)
    company.presses("还没解决", PHONE)
    for words in ("一点没凉", "楼下都来找我了", "几点能来人"):
        told = "\n".join(company.says(words))
        assert "已转给同事" in told
        assert ("customer_wrote", words) in company.events


def test_an_alert_word_on_an_issue_that_somebody_holds_is_a_message_that_names_them(company: Company) -> None:
    company.presses("2", PHONE)
    company.says("等了两天")
    company.waits(minutes=2)
    company.presses("认领")
    company.says("再不来我就投诉")
    (issue,) = company.issues
    assert any("投诉" in line and f"请{issue.claimed_by}看一下" in line for line in company.team())
    assert issue.severity is Severity.HIGH
    company.says("嗯")
    assert company.issues[0].severity is Severity.HIGH, "it never falls by what joins"


# -- in doubt ---------------------------------------------------------------------------------------------------------


def test_after_a_first_question_in_doubt_a_greeting_is_answered_by_the_question(company: Company) -> None:
    company = Company("09:00")
    company.stage.doubts = lambda message: message.purpose is Purpose.SURVEY
    company.closes()
    company.waits(minutes=31)
    (shown, *_) = company.says("你好")
    assert "1/5" in shown
    assert "记下了" not in shown
    assert company.interview.misses == 0
    assert _said(company) == ["你好"]


def test_a_step_whose_new_message_is_in_doubt_is_shown_in_the_message_above(company: Company) -> None:
    company.stage.doubts = lambda message: message.purpose is Purpose.REPLY and message.edits is None
    company.says("4")
    (only,) = company.stage.chats[PHONE].messages
    assert "2/5" in only.wordings[-1].text
    assert only.wordings[-1].rows
    company.stage.doubts = lambda _message: False
    company.presses("5", PHONE)
    assert "3/5" in only.wordings[-1].text
    doubted = [one for one in company.stage.rows.listed(OutboxMessage) if one.status.value == "unknown"]
    assert len(doubted) == 1


def test_a_message_known_by_a_press_alone_shows_the_step_whose_new_message_is_in_doubt() -> None:
    company = Company("09:00", survey__quarantine="0s")
    company.stage.arrives_unnoticed = lambda message: message.purpose is Purpose.SURVEY
    company.closes()
    company.waits(minutes=31)
    company.presses("2", PHONE)
    (only,) = company.stage.chats[PHONE].messages
    assert "哪里让您不满意" in only.wordings[-1].text
    company.stage.doubts = lambda message: message.purpose is Purpose.REPLY and message.edits is None
    company.says("等得太久")
    (only,) = company.stage.chats[PHONE].messages
    assert "2/5" in only.wordings[-1].text
    company.presses("5", PHONE)
    assert "3/5" in only.wordings[-1].text


def test_a_question_in_doubt_is_not_sent_again_while_what_follows_is_in_doubt_too() -> None:
    company = Company("09:00")
    company.stage.doubts = lambda message: message.edits is None
    company.closes()
    company.waits(minutes=31)
    assert company.says("你好") == []
    assert company.stage.chats[PHONE].messages == []
    company.stage.doubts = lambda _message: False
    assert "1/5" in company.says("你好")[0]
    assert company.interview.misses == 0


def test_where_messages_are_not_edited_a_stop_has_one_answer(company: Company) -> None:
    can = company.stage.policy.capabilities
    plain = {**can, PHONE.channel: replace(can[PHONE.channel], edits=False, buttons=False)}
    company.stage.adopt(replace(company.stage.policy, capabilities=plain))
    company.says("4")
    assert len(company.says("退订")) == 1


def test_an_anonymous_survey_keeps_the_words_and_nobody_takes_over() -> None:
    company = Company("09:00", survey__default="anonymous_pulse")
    company.closes()
    company.waits(minutes=31)
    for words in ("我要投诉", "转人工"):
        (told,) = company.says(words)
        assert "没法找您跟进" in told
    assert (company.issues, company.team()) == ([], [])
    assert len(company.stage.chats[PHONE].messages) == 1
    assert isinstance(company.stage.rows.listed(Issue), list)
    assert _said(company) == ["我要投诉", "转人工"]


@pytest.mark.parametrize(("words", "event"), [("解决了", "confirmed"), ("还没解决", "not_solved")])
def test_words_of_a_closures_buttons_answer_the_closure_also_while_a_survey_is_open(
    company: Company, words: str, event: str
) -> None:
    _resolved(company)
    before = company.interview
    company.says(words)
    assert event in [name for name, _ in company.events]
    assert (company.interview.ratings, company.interview.texts) == (before.ratings, before.texts)


def test_a_complaint_beside_a_number_and_after_the_end_is_no_silence(company: Company) -> None:
    assert "非常抱歉" in company.says("3分，你们就是骗子")[0]
    assert [issue.kind for issue in company.issues] == [IssueKind.COMPLAINT]


def test_a_second_wording_keeps_what_an_earlier_message_said(company: Company) -> None:
    company.says("2，等了很久")
    company.says("上一步")
    typed = company.stage.hear(PHONE, Person("p1", "王女士"), Text("2，师傅还抽烟"))
    company.stage.hear(PHONE, Person("p1", "王女士"), Text("师傅一直抽烟", edited=True), typed)
    assert company.interview.answers[0].text == "等了很久\n师傅一直抽烟"


def test_a_step_whose_message_is_refused_for_good_stands_in_the_message_above(company: Company) -> None:
    company.stage.refuses = lambda message: message.purpose is Purpose.REPLY and message.edits is None
    company.says("4")
    (only,) = company.stage.chats[PHONE].messages
    assert "2/5" in only.wordings[-1].text
    assert only.wordings[-1].rows


def test_after_an_undo_the_next_low_rating_is_told_anew(company: Company) -> None:
    company.says("都是1分")
    company.waits(minutes=2)
    company.presses("撤销", PHONE)
    company.presses("1", PHONE)
    company.waits(minutes=2)
    assert [name for name, _ in company.events] == ["opened", "corrected", "joined"]


def test_not_yet_after_a_typed_stop_says_how_it_stands(company: Company) -> None:
    company.presses("不再评价", PHONE)
    company.says("退订")
    assert "已退订" in company.presses("先不退", PHONE)[0]


def test_an_answer_to_the_teams_question_is_no_opt_out(company: Company) -> None:
    company.says("转人工")
    company.desk(lambda context, issue: ask_customer(context, issue, Actor("李工"), "还要继续给您发进度吗？"))
    company.says("不要再发了")
    assert company.events[-1] == ("answered", "不要再发了")
    assert company.stage.rows.listed(Customer)[0].opted_out_at is None
    company.says("退订")
    assert company.stage.rows.listed(Customer)[0].opted_out_at is not None


def _counted(company: Company) -> bool:
    """Return whether the interview would be a row among the anonymous answers if it ended now."""
    return spoken(company.interview) is not None


@pytest.mark.parametrize("wishes", ["转人工", "你们谁啊", "谢谢", "好的", "转人工 好的 谢谢"])
def test_whoever_only_refuses_or_asks_in_an_anonymous_survey_is_counted_nowhere(wishes: str) -> None:
    company = Company("09:00", survey__default="anonymous_pulse")
    company.closes()
    company.waits(minutes=31)
    for words in wishes.split():
        company.says(words)
        assert not _counted(company)
    assert _said(company) == wishes.split()
    company.says("算了")
    assert company.stage.rows.listed(AnonymousAnswers) == []


@pytest.mark.parametrize("words", ["你们太敷衍了", "4"])
def test_whoever_says_something_in_an_anonymous_survey_is_counted(words: str) -> None:
    company = Company("09:00", survey__default="anonymous_pulse")
    company.closes()
    company.waits(minutes=31)
    company.says(words)
    assert _counted(company)


def test_a_complaint_in_the_comment_is_apologized_for(company: Company) -> None:
    company.says("都是5分")
    assert "非常抱歉给您添麻烦了" in company.says("你们就是骗子")[0]
    assert [issue.kind for issue in company.issues] == [IssueKind.COMPLAINT]


def test_where_people_answer_as_well_no_text_is_met_by_silence(company: Company) -> None:
    can = company.stage.policy.capabilities
    plain = {**can, PHONE.channel: replace(can[PHONE.channel], edits=False, buttons=False, staffed=True)}
    company.stage.adopt(replace(company.stage.policy, capabilities=plain))
    for words in ("你们师傅姓什么来着", "发票怎么开", "抬头写公司名"):
        assert len(company.says(words)) == 1


# -- what the team need not read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["好的", "嗯", "收到", "谢谢", "thanks", "你们谁啊", "人工", "转人工", "恢复", "got it"]
)
@pytest.mark.parametrize("open_survey", [True, False])
def test_small_talk_and_wishes_that_were_understood_are_no_line_of_the_card(
    company: Company, words: str, *, open_survey: bool
) -> None:
    company.says("我要投诉，锁还是打不开")
    if not open_survey:
        company.says("算了")
    assert len(company.says(words)) >= 1
    card = company.stage.chats[company.stage.policy.team[0]].messages[0].wordings[-1].text
    assert [line for line in card.splitlines() if "客户说" in line] == ["客户说：“我要投诉，锁还是打不开”"]
    assert ("客户想找人工" in card) == words.endswith("人工")


def test_small_talk_is_an_answer_where_the_team_asked(company: Company) -> None:
    company.says("转人工")
    company.desk(lambda context, issue: ask_customer(context, issue, Actor("李工"), "明天上午来可以吗？"))
    company.says("好的")
    assert "客户说：“好的”" in company.stage.chats[company.stage.policy.team[0]].messages[0].wordings[-1].text


def test_small_talk_is_no_miss(company: Company) -> None:
    for words in ("好的", "嗯", "收到"):
        assert company.says(words)[0].startswith("好的。这一题方便的话打个分")
    assert (company.issues, company.interview.misses, _said(company)) == ([], 0, ["好的", "嗯", "收到"])

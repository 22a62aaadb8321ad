"""Words at both ends of how much they say: a story reaches the team at once, a courtesy is for nobody to read."""

import pytest

from bot.channels.sandbox.channel import PHONE, TEAM
from dialogs.interview.model import InterviewState
from dialogs.issue.model import IssueKind
from storage.model.records import Customer
from tests.support.stage.company import Company

SAD = "我约的是上午九点，请了一天假在家里等，结果等到下午五点才来人，中间打电话也没人接"
GLAD = "师傅一边修一边给我讲怎么保养，还把旧的零件都收走了，走之前还试了好几遍"


# -- stories ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("story", "answer"), [(SAD, "让您费心了，抱歉。"), (GLAD, "谢谢您说得这么仔细")])
def test_a_story_is_answered_with_the_question_and_is_on_a_card_at_once(
    company: Company, story: str, answer: str
) -> None:
    shown = company.says(story)[0]
    assert shown.startswith(answer)
    assert "方便的话，这一题打个分：1 到 5" in shown
    assert [issue.kind for issue in company.issues] == [IssueKind.MANUAL]
    card = company.stage.chats[TEAM].messages[-1].wordings[-1].text
    assert "客户有话要说，机器人没听懂" in card
    assert story in card
    company.says("4")
    assert company.interview.ratings == {"response_speed": 4}


def test_a_second_story_joins_the_first_and_is_said_to_be_passed_on(company: Company) -> None:
    company.says(SAD)
    assert company.says(GLAD)[0].startswith("收到，已转给同事")
    assert len(company.issues) == 1
    assert company.events[-1] == ("customer_wrote", GLAD)


def test_a_story_with_an_alert_word_is_a_complaint(company: Company) -> None:
    assert "非常抱歉给您添麻烦了" in company.says(SAD + "，我要退款")[0]
    assert [issue.kind for issue in company.issues] == [IssueKind.COMPLAINT]


def test_whoever_was_passed_on_reads_so_at_the_end(company: Company) -> None:
    company.says("转人工")
    for _ in range(5):
        company.says("4")
    assert "您说的事，同事已经收到，会联系您。" in company.says("跳过")[0]


@pytest.mark.parametrize(("before", "answer"), [("我要投诉", "您说的事，同事已经收到"), ("4", "这次就不打扰了")])
def test_whoever_ends_it_after_a_complaint_reads_who_has_it(company: Company, before: str, answer: str) -> None:
    company.says(before)
    assert answer in company.says("算了")[0]
    assert company.interview.state is InterviewState.EXPIRED


# -- numbers where a sentence is asked for ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["1", "一", "1分", "①", "1！"])
def test_a_number_where_a_reason_is_asked_calls_nobody_however_often(company: Company, number: str) -> None:
    company.says("1")
    for _ in range(3):
        shown = company.says(number)[0]
        assert shown.startswith("刚才的分记下了，这一步是写一句原因。")
        assert "哪里让您不满意" in shown
    company.says("师傅来晚了")
    assert company.interview.answers[0].text == "师傅来晚了"
    assert number in company.interview.texts
    assert [issue.kind for issue in company.issues] == []


@pytest.mark.parametrize("words", ["等了3天", "2个师傅都没修好", "太慢了"])
def test_words_with_a_figure_are_a_reason(company: Company, words: str) -> None:
    company.says("1")
    company.says(words)
    assert company.interview.answers[0].text == words


# -- courtesies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["好的", "嗯", "好的，知道了", "好的 谢谢", "谢谢", "ok, thanks", "收到，麻烦了"])
def test_a_courtesy_after_the_opt_out_promises_nothing_and_is_on_no_card(company: Company, words: str) -> None:
    company.says("我要投诉")
    company.says("我要退订")
    before = list(company.events)
    assert company.says(words) in (["好的！"], ["不客气！"])
    assert company.events == before
    assert company.stage.rows.listed(Customer)[0].opted_out_at is not None


@pytest.mark.parametrize("words", ["好的，我明天在家", "还没好", "你好，空调又坏了"])
def test_what_says_more_is_passed_on(company: Company, words: str) -> None:
    company.says("我要投诉")
    company.says("算了")
    before = len(company.events)
    company.says(words)
    assert company.events[before:] == [("customer_wrote", words)]


def test_a_courtesy_is_no_reason_why_it_is_not_solved(company: Company) -> None:
    for words in ("1", "师傅来晚了", "4", "4", "4", "4", "跳过"):
        company.says(words)
    company.presses("认领")
    company.presses("处理完成")
    company.writes("已经换了新的")
    company.presses("发送")
    company.presses("还没解决", PHONE)
    before = list(company.events)
    assert company.says("好的") == ["好的！"]
    assert company.events == before
    company.says("还在漏水")
    assert company.events[-1] == ("customer_wrote", "还在漏水")

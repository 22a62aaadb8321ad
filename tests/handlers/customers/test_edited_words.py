"""An edited message is read anew: it replaces its own words and no others, and is answered where that is called for."""

import pytest

from bot.channels.sandbox.channel import PHONE
from dialogs.interview.model import Interview
from dialogs.issue.model import IssueKind
from dialogs.messages import Person, Text
from storage.model.records import Customer
from tests.support.stage.company import Company

MEI = Person("p1", "王女士")
SORRY = "非常抱歉给您添麻烦了。已经转给负责的同事，会尽快联系您。"


@pytest.fixture
def company() -> Company:
    asked = Company("09:00", survey__quarantine="0s")
    asked.closes()
    asked.waits(minutes=31)
    return asked


def _interview(company: Company) -> Interview:
    return company.stage.rows.listed(Interview)[-1]


def _types(company: Company, words: str) -> str:
    return company.stage.hear(PHONE, MEI, Text(words))


def _edits(company: Company, message: str, words: str) -> list[str]:
    """Reword a message; gives what comes up on the phone."""
    company.stage.happened.clear()
    company.stage.hear(PHONE, MEI, Text(words, edited=True), message)
    return company.phone()


def _is_out(company: Company) -> bool:
    return company.stage.rows.listed(Customer)[0].opted_out_at is not None


@pytest.mark.parametrize("edited", ["来晚了", "来晚了\n还很凶", "一共三句\n来晚了\n还很凶"])
@pytest.mark.parametrize("typed", ["等了很久", "等了很久\n也没人打电话", "等了很久\n\n没人打电话\n没人道歉"])
def test_words_of_several_lines_are_replaced_as_a_whole_and_earlier_messages_stay(
    company: Company, typed: str, edited: str
) -> None:
    _types(company, "2，楼下没人接\n师傅迷路")
    _types(company, "上一步")
    message = _types(company, f"2，{typed}")
    assert _interview(company).answers[0].text == f"楼下没人接\n师傅迷路\n{typed}"
    _edits(company, message, f"2，{edited}")
    assert _interview(company).answers[0].text == f"楼下没人接\n师傅迷路\n{edited}"


@pytest.mark.parametrize("edited", ["都好", "都好\n没别的要求"])
def test_a_comment_of_several_lines_is_replaced_as_a_whole(company: Company, edited: str) -> None:
    for value in "55555":
        _types(company, value)
    message = _types(company, "师傅很好\n走之前还扫了地")
    _edits(company, message, edited)
    assert _interview(company).comment == edited


def test_the_reason_beside_one_rating_for_all_stays_when_what_follows_it_is_reworded(company: Company) -> None:
    _types(company, "都是4分，师傅很好\n也很快")
    message = _types(company, "就是价格\n贵了点")
    _edits(company, message, "就是贵")
    assert _interview(company).comment == "师傅很好\n也很快\n就是贵"


@pytest.mark.parametrize("first", ["都是5分", "都是5分，很好"])
def test_an_edit_of_one_rating_for_all_rates_them_anew(company: Company, first: str) -> None:
    message = _types(company, first)
    _edits(company, message, "都是3分，等太久")
    interview = _interview(company)
    assert set(interview.ratings.values()) == {3}
    assert (interview.comment, len(interview.ratings)) == ("等太久", 5)


def test_an_edit_of_words_that_were_no_answer_may_be_one(company: Company) -> None:
    message = _types(company, "五粉")
    assert "2/5" in _edits(company, message, "5分")[0]
    assert _interview(company).ratings == {"response_speed": 5}
    assert "五粉" in _interview(company).texts


def test_an_old_message_that_is_edited_rates_nothing_later(company: Company) -> None:
    message = _types(company, "五粉")
    company.waits(minutes=1)
    _types(company, "4")
    _edits(company, message, "5分")
    assert _interview(company).ratings == {"response_speed": 4}
    assert _interview(company).texts == ("5分",)


@pytest.mark.parametrize("words", ["别再给我发了", "退订", "我要退订"])
@pytest.mark.parametrize("first", ["2，等了很久", "你们师傅姓什么来着", ""])
def test_an_edit_into_a_stop_is_an_opt_out(company: Company, first: str, words: str) -> None:
    message = _types(company, first) if first else "unknown"
    answered = _edits(company, message, words)
    assert _is_out(company)
    assert any("已退订" in text for text in answered)


@pytest.mark.parametrize("words", ["你们这是欺骗消费者", "我要投诉", "2，我要投诉你们"])
@pytest.mark.parametrize("first", ["2，等了很久", "你们师傅姓什么来着"])
def test_an_edit_into_a_complaint_is_answered_and_reaches_the_team_once(
    company: Company, first: str, words: str
) -> None:
    message = _types(company, first)
    assert any(SORRY in text for text in _edits(company, message, words))
    assert [issue.kind for issue in company.issues] == [IssueKind.COMPLAINT]
    assert any(words.removeprefix("2，") in text for text in _interview(company).texts)
    assert _edits(company, message, f"{words}！") == []
    assert len(company.issues) == 1


def test_a_complaint_in_place_of_a_message_that_nobody_knows_is_taken_like_a_new_one(company: Company) -> None:
    company.says("退订")
    company.says("恢复")
    assert _edits(company, "unknown", "我要投诉")
    assert [issue.kind for issue in company.issues] == [IssueKind.COMPLAINT]


def test_a_new_wording_of_what_an_anonymous_survey_has_forgotten_is_heard_by_nobody() -> None:
    company = Company("09:00", survey__default="anonymous_pulse")
    company.closes()
    company.waits(minutes=31)
    message = _types(company, "你们太敷衍了")
    _types(company, "算了")
    assert _edits(company, message, "我要投诉你们") == []
    assert (company.issues, company.team()) == ([], [])


def test_any_other_edit_of_a_message_that_nobody_knows_changes_nothing(company: Company) -> None:
    before = _interview(company)
    assert _edits(company, "unknown", "5") == []
    assert _interview(company) == before

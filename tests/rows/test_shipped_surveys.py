"""The shipped surveys as customers get them in a chat: questions, definitions, words, numbers, remark and comment."""

from pathlib import Path

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.channels.telegram.present import request_for
from bot.channels.wechat.outbound.present import text_messages
from bot.cli import main
from config.locale.phrases import load_phrases
from config.surveys.load import SHIPPED, read_surveys
from dialogs.interview.model import Interview, InterviewState
from dialogs.issue.model import IssueKind
from scoring.values import replace
from storage.model.records import OutboxMessage
from tests.support.stage.company import Company

ALL = read_surveys()


def asked(survey: str = "") -> Company:
    """Return a company whose customer was just asked the first question of a survey, or of the default one."""
    company = Company("09:00", **({"survey__default": survey} if survey else {}))
    company.closes()
    company.waits(minutes=31)
    return company


def interview(company: Company) -> Interview:
    return company.stage.rows.listed(Interview)[-1]


def shown(company: Company) -> str:
    """Return what the last message to the customer says now."""
    return company.stage.chats[PHONE].messages[-1].wordings[-1].text


def _rates(company: Company, value: int) -> None:
    """Rate the question asked, and say how important it is where that is asked, too."""
    company.says(str(value))
    if interview(company).state is InterviewState.WEIGHING:
        company.says("4")


@pytest.mark.row("S0-19")
@pytest.mark.parametrize("survey", sorted(ALL.keys() - {"feedback"}))
def test_each_dimension_is_asked_with_its_name_and_its_definition_in_one_line(survey: str) -> None:
    company = asked(survey)
    for question in ALL[survey].questions:
        lines = [line for line in shown(company).splitlines() if question.name["zh-Hans"] in line]
        assert lines[-1].endswith(f"{question.name['zh-Hans']}：{question.definition['zh-Hans']}")
        _rates(company, ALL[survey].scale.highest)
    assert interview(company).state is InterviewState.COMMENTING


@pytest.mark.row("S0-12")
def test_the_matrix_takes_buttons_digits_and_words_from_very_poor_to_very_good() -> None:
    company = asked("feedback_importance")
    assert "1 很差 · 2 差 · 3 一般 · 4 较好 · 5 很好" in shown(company)
    company.says("较好")
    company.says("一般般")
    company.says("跳过")
    company.says("５")
    company.presses("1", PHONE)
    company.says("跳过")
    company.says("收据没有给")
    assert interview(company).ratings == {
        "reception_attitude": 4,
        "solving_speed": 3,
        "solving_result": 5,
        "service_efficiency": 1,
    }
    assert interview(company).comment == "收据没有给"
    names = [question.name["zh-Hans"] for question in ALL["feedback_importance"].questions]
    assert names == ["接待态度", "解决速度", "解决效果", "办事效率"]


@pytest.mark.row("S0-12")
@pytest.mark.parametrize(("word", "value"), [("很好", 5), ("较好", 4), ("一般", 3), ("差", 2), ("很差", 1)])
def test_each_word_of_the_matrix_is_a_rating(word: str, value: int) -> None:
    company = asked("feedback_importance")
    company.says(word)
    assert interview(company).ratings == {"reception_attitude": value}


@pytest.mark.row("S0-22")
def test_ten_points_are_two_rows_of_five_in_telegram_and_a_number_to_type_in_wechat() -> None:
    company = asked("ten_point")
    (first,) = company.stage.rows.listed(OutboxMessage)
    keys = request_for(first, "").params["reply_markup"]["inline_keyboard"]
    assert [[key["text"] for key in row] for row in keys[:2]] == [list("12345"), ["6", "7", "8", "9", "10"]]
    (typed,) = text_messages(first)
    assert "1–10" in typed.content or "1 到 10" in typed.content
    names = [question.name["zh-Hans"] for question in ALL["ten_point"].questions]
    assert names == ["响应速度", "服务质量", "沟通", "问题解决得怎么样", "整体感受"]
    assert all(question.definition["zh-Hans"] for question in ALL["ten_point"].questions)


@pytest.mark.row("S0-22")
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *((numeral, value) for value, numeral in enumerate("一二三四五六七八九十", 1)),
        ("１０", 10),
        ("７", 7),
        ("10", 10),
    ],
)
def test_a_number_of_ten_may_be_typed_in_full_width_and_in_chinese(typed: str, value: int) -> None:
    company = asked("ten_point")
    company.says(typed)
    assert interview(company).ratings == {"response_speed": value}


@pytest.mark.row("S0-23")
@pytest.mark.parametrize(("words", "comment"), [("1", "1"), ("两分钟就修好，太差了才怪", None), ("跳过", "")])
def test_the_comment_is_open_may_be_skipped_and_has_no_score(words: str, comment: str | None) -> None:
    company = asked("ten_point")
    for value in ("10", "9", "8", "9", "10"):
        company.says(value)
    ratings = interview(company).ratings
    company.says(words)
    assert interview(company).state is InterviewState.COMPLETED
    assert (interview(company).comment or "") == (words if comment is None else comment)
    assert interview(company).ratings == ratings
    assert float(interview(company).score or 0) == 9.2


@pytest.mark.row("S0-27")
def test_the_customer_form_reads_its_words_and_its_digits_alike() -> None:
    company = asked("customer_5")
    assert "1 极差 · 2 较差 · 3 一般 · 4 较好 · 5 极好" in shown(company)
    for words in ("极差", "跳过", "较差", "跳过", "一般", "跳过", "较好", "极好"):
        company.says(words)
    assert [answer.value for answer in interview(company).answers] == [1, 2, 3, 4, 5]
    typed = asked("customer_5")
    for words in ("1", "跳过", "2", "跳过", "3", "跳过", "4", "5"):
        typed.says(words)
    assert interview(typed).ratings == interview(company).ratings


@pytest.mark.row("S0-28")
def test_the_customer_form_asks_why_at_three_or_less_and_takes_a_skip() -> None:
    company = asked("customer_5")
    assert [question.name["zh-Hans"] for question in ALL["customer_5"].questions[:3]] == [
        "响应速度",
        "专业水平",
        "服务态度",
    ]
    company.says("4")
    assert interview(company).state is InterviewState.RATING
    company.says("3")
    assert interview(company).state is InterviewState.REMARKING
    company.says("换了两次零件才对")
    company.says("2")
    assert interview(company).state is InterviewState.REMARKING
    company.says("跳过")
    told = {answer.question: (answer.value, answer.text) for answer in interview(company).answers}
    assert told == {
        "response_speed": (4, None),
        "professionalism": (3, "换了两次零件才对"),
        "staff_attitude": (2, None),
    }


@pytest.mark.row("S2-20")
def test_the_default_survey_asks_five_dimensions_with_their_definitions_and_a_remark() -> None:
    company = asked()
    assert interview(company).survey[0] == "after_service"
    for name, definition in (
        ("响应速度", "回应、动手快不快"),
        ("问题解决得怎么样", "毛病找得准不准，解决得彻不彻底"),
        ("服务态度", "说话客不客气，耐不耐心，肯不肯帮忙"),
        ("方便程度", "预约、上门、付款，省不省心"),
        ("后续关怀", "修好以后的提醒和保修说明，贴不贴心"),
    ):
        assert f"{name}：{definition}" in shown(company)
        company.says("2" if name == "服务态度" else "5")
        if name == "服务态度":
            company.says("说话很冲")
    answers = {answer.question: (answer.value, answer.text) for answer in interview(company).answers}
    assert answers["attitude"] == (2, "说话很冲")
    assert len(answers) == 5
    assert ALL["after_service"].scale.values == (1, 2, 3, 4, 5)


@pytest.mark.row("S2-09")
@pytest.mark.parametrize("survey", sorted(ALL))
def test_a_shipped_survey_has_ratings_of_several_degrees_and_open_words(survey: str) -> None:
    assert len(ALL[survey].scale.values) >= 3
    if survey != "feedback":
        company = asked(survey)
        for _ in ALL[survey].questions:
            _rates(company, ALL[survey].scale.highest)
        assert interview(company).state is InterviewState.COMMENTING


@pytest.mark.row("S2-09")
def test_a_survey_of_yes_or_no_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (SHIPPED / "ten_point.toml").read_text("utf-8").replace("highest = 10", "highest = 2")
    (tmp_path / "binary.toml").write_text(text, "utf-8")
    assert main(["survey", "check", str(tmp_path / "binary.toml")]) == 1
    assert "Two points only say yes or no. Use at least three" in capsys.readouterr().err


@pytest.mark.row("S4-20")
def test_the_shipped_questions_ask_for_all_that_a_survey_is_made_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["survey", "check", *map(str, sorted(SHIPPED.glob("*.toml")))]) == 0
    capsys.readouterr()
    topics = {topic for survey in ALL.values() for question in survey.questions for topic in question.topics}
    assert {"speed", "attitude", "solve", "skill", "heard", "care"} <= topics
    company = asked("quality_5")
    for _ in range(5):
        company.says("5")
    assert "还有什么想对我们说的吗" in shown(company)  # what to improve


@pytest.mark.row("S0-31")
def test_the_end_thanks_and_has_the_owners_hotline(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "zh-Hans.toml").write_text(
        '[done]\ncontact = "有事请打 400-800-1234，或回复「人工」。"\n', "utf-8"
    )
    company = asked()
    company.stage.adopt(replace(company.stage.policy, phrases=load_phrases(tmp_path)))
    for words in ("5", "5", "5", "5", "5", "跳过"):
        company.says(words)
    assert "谢谢您" in shown(company)
    assert shown(company).endswith("有事请打 400-800-1234，或回复「人工」。")
    company.says("人工")
    (issue,) = company.issues
    assert issue.kind is IssueKind.MANUAL

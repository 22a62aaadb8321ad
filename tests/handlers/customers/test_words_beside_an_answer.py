"""What is typed beside a rating or instead of one, before the survey, and edited afterwards: nothing of it is lost."""

import pytest

from bot.channels.sandbox.channel import PHONE
from dialogs.messages import Person, Text
from tests.support.stage.company import Company

MEI = Person("p1", "王女士")


@pytest.mark.parametrize(
    ("words", "value"), [("师傅很好很耐心", 5), ("太慢了等了半天", 1), ("very good service", 5), ("响应很快", 5)]
)
def test_a_rating_in_words_that_say_more_keeps_them(company: Company, words: str, value: int) -> None:
    company.says(words)
    (answer,) = company.interview.answers
    assert (answer.value, answer.text) == (value, words)


@pytest.mark.parametrize(
    "words", ["很好", "非常好", "4分", "给你4分吧", "很差", "not good at all", "一般般吧", "非常满意"]
)
def test_a_rating_that_is_nothing_but_one_has_no_remark(company: Company, words: str) -> None:
    company.says(words)
    assert company.interview.texts == ()


def test_a_low_rating_in_words_is_asked_about_and_the_reason_joins_it(company: Company) -> None:
    assert "哪里让您不满意" in company.says("太慢了等了半天")[0]
    company.says("师傅还走错了楼")
    assert company.interview.answers[0].text == "太慢了等了半天\n师傅还走错了楼"


@pytest.mark.parametrize("words", ["不知道，没用过", "skip this one, never used it"])
def test_a_skip_with_its_reason_keeps_it(company: Company, words: str) -> None:
    company.says(words)
    assert (company.interview.skipped, company.interview.texts) == (("response_speed",), (words,))


@pytest.mark.parametrize("words", ["跳过", "跳过吧", "不知道", "没用过", "skip!"])
def test_a_skip_that_is_nothing_but_one_is_no_text(company: Company, words: str) -> None:
    company.says(words)
    assert (company.interview.skipped, company.interview.texts) == (("response_speed",), ())


@pytest.mark.parametrize("step", ["remark", "comment"])
def test_a_skip_with_its_reason_is_a_remark_or_the_comment(company: Company, step: str) -> None:
    for value in "2" if step == "remark" else "55555":
        company.says(value)
    company.says("不知道，没用过")
    assert company.interview.texts == ("不知道，没用过",)


@pytest.mark.parametrize(
    ("first", "edited", "value", "text"),
    [
        ("2，等了很久", "5，其实很快", 5, "其实很快"),
        ("2，等了很久", "5", 5, None),
        ("2，等了很久", "等了整整三天", 2, "等了整整三天"),
        ("2，等了很久", "太慢了", 2, "太慢了"),
        ("4", "5", 5, None),
        ("4", "3，等了很久", 3, "等了很久"),
    ],
)
def test_an_edit_corrects_the_rating_of_its_message(
    company: Company, first: str, edited: str, value: int, text: str | None
) -> None:
    message = company.stage.hear(PHONE, MEI, Text(first))
    company.stage.hear(PHONE, MEI, Text(edited, edited=True), message)
    (answer,) = company.interview.answers
    assert (answer.value, answer.text) == (value, text)
    assert "★" * value + "☆" * (5 - value) in company.stage.chats[PHONE].messages[-1].wordings[-1].text


def test_an_edit_to_a_bare_number_keeps_what_an_earlier_message_said(company: Company) -> None:
    company.says("2，等了很久")
    company.says("上一步")
    message = company.stage.hear(PHONE, MEI, Text("2，师傅还抽烟"))
    company.stage.hear(PHONE, MEI, Text("3", edited=True), message)
    (answer,) = company.interview.answers
    assert (answer.value, answer.text) == (3, "等了很久")


def test_words_that_wake_a_waiting_ask_are_kept_in_it() -> None:
    company = Company("09:00")
    company.stage.holds = lambda _message: True
    company.closes()
    company.waits(minutes=31)
    company.stage.holds = lambda _message: False
    company.says("空调又坏了，昨天等了一整天也没人来")
    assert company.interview.texts == ("空调又坏了，昨天等了一整天也没人来",)


def test_the_longest_message_of_a_platform_is_kept_whole(company: Company) -> None:
    company.says("2")
    told = "等" * 4096
    company.says(told)
    assert company.interview.texts == (told,)

"""What customers send instead of words: it answers nothing, is no word of theirs, and the team hears what came."""

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, Resolution
from dialogs.interview.model import Interview
from dialogs.messages import Media, Person, Text
from storage.model.records import IssueEvent
from tests.support.stage.company import Company

MEI = Person("p1", "王女士")
WITH_SOMETHING_IN_IT = [one for one in Media if one is not Media.STICKER]
PASSED_ON = "您的话已经转"


def sends(company: Company, media: Media, words: str = "", replies_to: str = "") -> list[str]:
    """Let the customer send something; gives what comes up on the phone."""
    company.stage.happened.clear()
    company.stage.hear(PHONE, MEI, Text(words, replies_to, media=media))
    return company.phone()


def complained() -> Company:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for words in ("1", "太慢了", "5", "5", "5", "5", "跳过"):
        company.says(words)
    company.waits(minutes=2)
    return company


@pytest.mark.parametrize("media", list(Media))
def test_at_no_step_it_is_an_answer_nor_handed_to_anybody(media: Media) -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for answer in ("", "2", "慢", "5", "5", "5", "5"):
        if answer:
            company.says(answer)
        for _ in range(4):
            told = sends(company, media)
            assert told
            assert not any(PASSED_ON in text for text in told)
    (interview,) = company.stage.rows.listed(Interview)
    assert (interview.state.value, interview.comment, interview.misses) == ("commenting", None, 0)
    assert next((one.value, one.text) for one in interview.answers) == (2, "慢")
    assert [issue.text for issue in company.issues if issue.text] == []


def test_the_words_under_a_picture_are_the_answer() -> None:
    company = Company()
    company.closes()
    company.waits(minutes=30)
    for words in ("5", "5", "5", "5", "5"):
        company.says(words)
    sends(company, Media.IMAGE, "还在漏水")
    assert company.stage.rows.listed(Interview)[0].comment == "还在漏水"


@pytest.mark.parametrize("media", WITH_SOMETHING_IN_IT)
def test_while_an_issue_is_in_hand_the_card_says_what_came_and_where_it_is(media: Media) -> None:
    company = complained()
    what = company.stage.policy.phrases.say("zh-Hans", f"media.{media.value}")
    (told,) = sends(company, media)
    assert what in told
    assert PASSED_ON not in told
    (card,) = company.team()
    assert f"发来{what}" in card
    assert "这里看不到" in card
    assert company.stage.rows.listed(IssueEvent)[-1].event == "customer_wrote"


def test_a_sticker_about_an_issue_is_not_called_words_and_changes_no_card() -> None:
    company = complained()
    told = sends(company, Media.STICKER)
    assert told
    assert not any(PASSED_ON in text for text in told)
    assert company.team() == []


def test_a_picture_in_answer_to_the_team_is_told_and_leaves_the_question_open() -> None:
    company = complained()
    company.desk(lambda context, issue: commands.ask_customer(context, issue, Actor("陈工"), "麻烦拍一下铭牌？"))
    company.closes("43", "洗衣机")
    sends(company, Media.IMAGE)
    assert any("发来一张图片" in text for text in company.team())
    assert company.issues[0].question == "麻烦拍一下铭牌？"
    company.says("型号是 AC-300")
    assert company.issues[0].question is None


def test_a_voice_after_the_outcome_reaches_the_team_as_a_voice() -> None:
    company = complained()
    company.desk(lambda context, issue: commands.resolve_issue(context, issue, Actor("陈工"), Resolution("修好了")))
    company.stage.happened.clear()
    sends(company, Media.VOICE)
    assert any("发来一段语音" in text for text in company.team())


def test_whoever_has_no_issue_is_not_told_that_anybody_knows() -> None:
    company = Company()
    company.closes()
    told = sends(company, Media.VOICE)
    assert told
    assert not any("同事" in text for text in told)

"""What cannot be taken as the words for a customer is answered, and nothing is lost without a word."""

import pytest

from dialogs.messages import Address, Media, Person, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Member, OutboxMessage
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company
from tests.support.stage.world import Appeared

GROUP = Address("telegram", "-100")
LI, STRANGER = Person("901", "李工"), Person("77", "赵先生")
GROUP_ITSELF, A_CHANNEL, TELEGRAM = Person("", "客服一组"), Person("", "公告"), Person("")
ANONYMOUS_ROLES = [GROUP_ITSELF, A_CHANNEL, TELEGRAM]
HIDDEN, REFUSED = "保持匿名", "只有团队成员可以操作"


@pytest.fixture
def company() -> Company:
    """A company whose colleague was asked for the sentence that a customer will read."""
    company = Company()
    company.stage.policy = replace(company.stage.policy, team=(GROUP,))
    company.stage.rows.write(Changes((Member("李工", "agent", LI.id),)))
    company.closes()
    for words in ("意见反馈", "2", "空调还在漏水，一直没人来", "跳过"):
        company.says(words)
    company.stage.hear(GROUP, LI, Tap(Verb.RESOLVE, company.issues[-1].id), "t0")
    return company


def answers(company: Company, person: Person, said: Text) -> list[OutboxMessage]:
    """Let somebody write in the group; return what comes up there."""
    company.stage.happened.clear()
    company.stage.hear(GROUP, person, said)
    return [each.message for each in company.stage.happened if isinstance(each, Appeared)]


def reply(company: Company, words: str = "修好了", media: Media | None = None) -> Text:
    return Text(words, company.stage.chats[GROUP].asking(), media=media)


@pytest.mark.parametrize("person", ANONYMOUS_ROLES)
def test_who_replies_as_the_group_is_told_how_to_go_on_and_led_to_the_page(company: Company, person: Person) -> None:
    (told,) = answers(company, person, reply(company))
    assert HIDDEN in told.prompt.text
    assert told.prompt.link is not None
    assert "/t/" in told.prompt.link.url
    assert (company.issues[0].draft, company.issues[0].claimed_by) == (None, "李工")
    (preview,) = answers(company, LI, reply(company))  # as themselves
    assert "修好了" in preview.prompt.text


@pytest.mark.parametrize("person", ANONYMOUS_ROLES)
@pytest.mark.parametrize("command", ["/issues", "/report", "/campaign new", "/pause_surveys"])
def test_a_command_of_nobody_in_particular_is_answered(company: Company, person: Person, command: str) -> None:
    (told,) = answers(company, person, Text(command))
    assert HIDDEN in told.prompt.text
    assert told.prompt.link is None


def test_a_sentence_that_is_edited_is_previewed_anew(company: Company) -> None:
    asked = company.stage.chats[GROUP].asking()
    answers(company, LI, Text("修好乐", asked))
    (preview,) = answers(company, LI, Text("修好了", asked, edited=True))
    assert "修好了" in preview.prompt.text
    assert company.issues[0].draft == "修好了"
    assert answers(company, LI, Text("修好了", asked, edited=True)) == []
    (told,) = answers(company, STRANGER, Text("别发", asked, edited=True))
    assert REFUSED in told.prompt.text


@pytest.mark.parametrize("person", [*ANONYMOUS_ROLES, STRANGER, LI])
def test_talk_in_the_group_is_left_alone(company: Company, person: Person) -> None:
    card = company.stage.chats[GROUP].messages[0].receipt
    talk = [Text("大家中午吃什么？"), Text("这个我看看", card), Text("看看", "t99"), Text("", media=Media.IMAGE)]
    for said in [*talk, *(replace(one, edited=True) for one in talk)]:
        assert answers(company, person, said) == []
    assert company.issues[0].draft is None


def test_who_may_not_work_on_issues_is_told_so(company: Company) -> None:
    (told,) = answers(company, STRANGER, reply(company))
    assert REFUSED in told.prompt.text
    assert company.issues[0].draft is None


@pytest.mark.parametrize("media", list(Media))
def test_a_picture_or_voice_instead_of_the_sentence_is_asked_for_once_more(company: Company, media: Media) -> None:
    (told,) = answers(company, LI, reply(company, "", media))
    assert "用文字再回复一次" in told.prompt.text
    assert company.issues[0].draft is None


def test_a_sentence_about_what_is_gone_is_answered(company: Company) -> None:
    asked = next(one for one in company.stage.rows.listed(OutboxMessage) if one.prompt.asks)
    other = replace(asked, id="out_other", receipt="t77", about=replace(company.issues[0].ref, id="iss_gone"))
    company.stage.rows.write(Changes((other,)))
    (told,) = answers(company, LI, Text("修好了", "t77"))
    assert "找不到" in told.prompt.text

"""After typed words the next step stands below them; a tap changes the survey's message in place."""

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers import deliveries
from bot.ports import Sent
from dialogs.interview.model import Interview
from dialogs.messages import Person, Prompt, Tap
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision
from tests.support.stage.company import Company

_STEPS = ("2", "师傅来晚了", "4", "什么什么", "5", "跳过", "上一步", "跳过", "5", "都挺好")
"""Words for each kind of step: a rating, a remark, what is not understood, skip, back, the comment."""


@pytest.fixture
def company() -> Company:
    asked = Company("09:00")
    asked.closes()
    asked.waits(minutes=31)
    return asked


def _buttons(company: Company) -> list[int]:
    """Return the places, counted from the last message of the chat, of those that have buttons."""
    messages = company.stage.chats[PHONE].messages
    return [place - len(messages) for place, one in enumerate(messages) if one.wordings[-1].rows]


def _wording(company: Company, place: int) -> Prompt:
    return company.stage.chats[PHONE].messages[place].wordings[-1]


def test_the_next_step_is_a_new_message_and_the_one_above_has_no_buttons(company: Company) -> None:
    for count, words in enumerate(_STEPS, 1):
        company.says(words)
        assert len(company.stage.chats[PHONE].messages) == 1 + count
        assert _buttons(company) == ([] if count == len(_STEPS) else [-1])
        (interview,) = company.stage.rows.listed(Interview)
        above = _wording(company, -2).text
        assert "响应速度 ★★☆☆☆" in above
        assert above.count("\n") == len(interview.answers) - 1
        assert above != _wording(company, -1).text


def test_a_tap_edits_in_place_and_so_does_one_under_the_newest_message(company: Company) -> None:
    company.presses("4", PHONE)
    assert len(company.stage.chats[PHONE].messages) == 1
    company.says("5")
    company.presses("5", PHONE)
    assert len(company.stage.chats[PHONE].messages) == 2
    assert "服务态度 ★★★★★" in _wording(company, -1).text


def test_the_edit_of_the_message_above_comes_behind_the_new_one_and_is_nothing_else_than_an_edit(
    company: Company,
) -> None:
    company.says("5")
    *_, below, above = company.stage.rows.listed(OutboxMessage)
    assert (below.edits, below.prompt.only_edits) == (None, False)
    assert (above.prompt.only_edits, above.prompt.rows) == (True, ())
    assert above.edits is not None


# -- two messages with buttons ----------------------------------------------------------------------------------------


def _press(company: Company, place: int, label: str) -> None:
    """Press a button of a message, also where its wording now has none any more."""
    message = [one for one in company.stage.rows.listed(OutboxMessage) if one.edits is None and one.address == PHONE][
        place
    ]
    tap = next(b.means for row in message.prompt.rows for b in row if b.label.startswith(label))
    assert isinstance(tap, Tap)
    company.stage.hear(PHONE, Person("p1", "王女士"), tap, message.id)


@pytest.mark.parametrize("words", ["什么什么", "5"])
def test_a_press_on_the_message_above_shows_in_the_newest_and_the_one_above_loses_its_buttons(
    company: Company, words: str
) -> None:
    company.stage.refuses = lambda message: message.prompt.only_edits
    company.says(words)
    company.stage.refuses = lambda _message: False
    assert _buttons(company) == [-2, -1]
    _press(company, 0, "4")
    assert _buttons(company) == [-1]
    assert "2/5" in _wording(company, -1).text
    company.says("3")
    assert _buttons(company) == [-1]


def test_a_press_on_a_message_in_doubt_makes_it_the_one_that_shows_the_survey(company: Company) -> None:
    def arrives_unknown(message: OutboxMessage) -> bool:
        if message.edits is None:
            company.stage.chats[PHONE].show(message.id, message.prompt)
        return message.edits is None

    company.stage.doubts = arrives_unknown
    company.says("5")
    company.stage.doubts = lambda _message: False
    assert _buttons(company) == [-2, -1]
    _press(company, 1, "4")
    assert _buttons(company) == [-1]
    assert "3/5" in _wording(company, -1).text
    company.says("3")
    assert _buttons(company) == [-1]


def test_a_press_on_the_message_above_before_the_newest_is_known_to_have_arrived_is_put_right_when_it_is(
    company: Company,
) -> None:
    company.says("什么什么")
    below = [one for one in company.stage.rows.listed(OutboxMessage) if one.edits is None][-1]
    (interview,) = company.stage.rows.listed(Interview)
    company.stage.rows.write(Changes((replace(interview, shown=""),)))
    _press(company, 0, "4")
    assert _buttons(company) == [-2, -1]
    company.stage.decide(lambda context: Decision(deliveries.settle(context, below, Sent(below.receipt)), None))
    assert _buttons(company) == [-1]
    assert "2/5" in _wording(company, -1).text


def test_the_message_before_a_reminder_loses_its_buttons_to_it(company: Company) -> None:
    company.waits(hours=25)
    assert len(company.stage.chats[PHONE].messages) == 2
    assert _buttons(company) == [-1]
    company.presses("4", PHONE)
    assert "2/5" in _wording(company, -1).text
    assert _buttons(company) == [-1]
    for words in ("5", "5", "5", "5", "都挺好"):
        company.says(words)
    assert _buttons(company) == []


def test_the_message_before_a_reminder_that_never_goes_out_loses_its_buttons_to_typed_words(company: Company) -> None:
    company.stage.is_away = True
    company.waits(hours=25)
    company.stage.is_away = False
    assert _buttons(company) == [-1]
    company.says("4")
    assert _buttons(company) == [-1]
    assert "2/5" in _wording(company, -1).text


def test_a_late_tap_on_the_message_above_corrects_it_and_shows_that_in_the_newest(company: Company) -> None:
    company.says("5")
    receipt, tap = company.stage.chats[PHONE].button("3", "late")
    company.stage.hear(PHONE, Person("p1", "王女士"), tap, receipt)
    assert _buttons(company) == [-1]
    assert "响应速度 ★★★☆☆" in _wording(company, -1).text
    company.says("4")
    assert _buttons(company) == [-1]

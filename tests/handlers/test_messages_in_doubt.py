"""A survey whose messages are in doubt: a press proves that its message is there, and the next step is shown there."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.sandbox.channel import PHONE
from bot.handlers import deliveries
from bot.ports import Sent
from dialogs.interview.model import step_of
from dialogs.messages import Person, Tap, Verb
from storage.model.records import OutboxMessage
from storage.unit_of_work.writer import Decision
from tests.support.examples import tries
from tests.support.stage.company import Company

ARRIVES, UNNOTICED, LOST = "arrives", "arrives, and nobody hears of it", "is lost, and nobody hears of it"
CUT_OFF, CUT_SHORT = "arrives, and the product dies", "is lost, and the product dies"
FATES = (ARRIVES, UNNOTICED, LOST, CUT_OFF, CUT_SHORT)
EDITS = (ARRIVES, CUT_OFF, CUT_SHORT)
"""What becomes of an edit: one that nobody hears of is simply sent again."""
STARTS, WAITS, WRITES, WRITES_OTHER, PRESSES, PRESSES_ABOVE = "starts", "waits", "4", "什么什么", "presses", "above"
DEEDS = (STARTS, WAITS, WRITES, WRITES_OTHER, PRESSES, PRESSES_ABOVE)
WHO = Person("p1", "王女士")


class Life:
    """A customer who is asked, where each new message and each edit meets its own fate; afterwards all arrive."""

    def __init__(self, new: Sequence[str], edits: Sequence[str] = ()) -> None:
        """Ask the first question."""
        self.company = Company("09:00")
        self._new, self._edits = list(new), list(edits)
        self._fates: dict[str, str] = {}
        self._pressed = 0
        self.stage = self.company.stage
        self.stage.arrives_unnoticed = lambda message: self._fate(message) == UNNOTICED
        self.stage.doubts = lambda message: self._fate(message) in (LOST, CUT_SHORT)
        self.stage.dies_at = lambda message: self._fate(message, drops=True) in (CUT_OFF, CUT_SHORT)
        self.company.closes()
        self.company.waits(minutes=31)

    def _fate(self, message: OutboxMessage, *, drops: bool = False) -> str:
        """Return the fate of this try; it ends with the question whether the product dies."""
        if message.address != PHONE:
            return ARRIVES
        fates = self._new if message.edits is None else self._edits
        if message.id not in self._fates:
            self._fates[message.id] = fates.pop(0) if fates else ARRIVES
        fate = self._fates[message.id]
        if drops:
            del self._fates[message.id]
        return fate

    def does(self, deed: str) -> None:
        """Let the customer do something, or time pass; one who sees nothing to press does nothing."""
        if deed == STARTS:
            self.stage.starts_again()
        elif deed == WAITS:
            self.ends()
            self.company.waits(hours=25)
        elif deed in (WRITES, WRITES_OTHER):
            self._pressed = 0
            self.company.says(deed)
        else:
            seen = self.buttons()
            place = -2 if deed == PRESSES_ABOVE else -1
            if len(seen) >= -place:
                self.presses(*seen[place])

    def presses(self, place: int, receipt: str, tap: Tap) -> None:
        """Let the customer press this button."""
        self._pressed = place
        self.stage.hear(PHONE, WHO, tap, receipt)

    def ends(self) -> None:
        """Start again until nothing is left that was cut off."""
        while self.stage.is_down:
            self.stage.starts_again()

    def buttons(self) -> list[tuple[int, str, Tap]]:
        """Return of each message that has them, from above, its place in the chat, its id there and its button 4."""
        return [
            (place, shown.receipt, choice.means)
            for place, shown in enumerate(self.stage.chats[PHONE].messages)
            for row in shown.wordings[-1].rows
            for choice in row
            if (choice.means.verb, choice.means.value) == (Verb.RATE, 4)
        ]

    @property
    def steps(self) -> list[str]:
        """The steps that the messages with buttons show, from above."""
        return [tap.step for _, _, tap in self.buttons()]

    @property
    def is_shown(self) -> bool:
        """Whether the step stands in the message pressed last, or below it."""
        step = step_of(self.company.interview)
        return any(tap.step == step for place, _, tap in self.buttons() if place >= self._pressed)

    @property
    def is_proven(self) -> bool:
        """Whether a message is known to be there: the platform said so, or it was pressed on."""
        messages = self.stage.rows.listed(OutboxMessage)
        return bool(self.company.interview.shown) or any(
            one.receipt for one in messages if one.edits is None and one.address == PHONE
        )


def lived(new: Sequence[str], edits: Sequence[str], deeds: Sequence[str]) -> Life:
    """Return a life after these deeds, with nothing left cut off."""
    life = Life(new, edits)
    for deed in deeds:
        life.does(deed)
    life.ends()
    return life


@given(
    new=st.lists(st.sampled_from(FATES), max_size=4),
    edits=st.lists(st.sampled_from(EDITS), max_size=3),
    deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=4).filter(lambda deeds: deeds.count(WAITS) < 2),
)
@tries(400)
@example([CUT_OFF, CUT_SHORT], [], [WRITES, PRESSES])
@example([CUT_OFF, CUT_OFF], [ARRIVES], [WAITS, PRESSES_ABOVE, PRESSES])
@example([ARRIVES, CUT_SHORT], [], [WRITES, PRESSES])
@example([ARRIVES, ARRIVES, CUT_SHORT], [CUT_SHORT, CUT_SHORT], [WRITES, WRITES, PRESSES_ABOVE])
@example([UNNOTICED, UNNOTICED], [CUT_SHORT], [WRITES, PRESSES, PRESSES_ABOVE, PRESSES])
@example([ARRIVES, CUT_SHORT, LOST], [], [WRITES, WRITES])
def test_the_step_is_shown_wherever_a_message_is_known_to_be_there(
    new: list[str], edits: list[str], deeds: list[str]
) -> None:
    life = lived(new, edits, deeds)
    if life.is_proven:
        assert life.is_shown, life.steps
    # The doubt itself stays: no message is sent a second time.
    sent = [one.attempts for one in life.stage.rows.listed(OutboxMessage) if one.edits is None]
    assert max(sent) <= 1


@pytest.mark.parametrize(
    ("question", "step"), [(CUT_OFF, CUT_SHORT), (UNNOTICED, CUT_SHORT), (ARRIVES, CUT_SHORT), (UNNOTICED, LOST)]
)
def test_a_press_on_the_question_shows_the_step_whose_message_is_lost(question: str, step: str) -> None:
    """The customer has written the first answer; the message with the next step may come, or never."""
    life = lived([question, step], [], [WRITES, PRESSES])
    assert life.steps == ["problem_solving"]


def test_a_press_that_is_too_late_for_anything_else_still_shows_where_the_survey_is() -> None:
    life = lived([UNNOTICED, LOST], [], [WRITES])
    assert life.steps == ["response_speed"], "nobody knows that the question is there"
    life.does(PRESSES)
    assert life.steps == ["problem_solving"]
    life.does(PRESSES)
    assert life.steps == ["attitude"]


@pytest.mark.parametrize("deed", [PRESSES, PRESSES_ABOVE])
def test_of_question_and_reminder_in_doubt_the_one_that_was_pressed_shows_the_step(deed: str) -> None:
    life = lived([UNNOTICED, CUT_OFF], [], [WAITS, deed])
    steps = ["response_speed", "problem_solving"]
    assert life.steps == (steps if deed == PRESSES else steps[::-1])
    life.does(PRESSES_ABOVE if deed == PRESSES else PRESSES)
    assert life.steps in (["problem_solving"], ["attitude"]), "the other one loses its buttons"


def test_a_message_that_arrives_after_the_one_above_it_was_pressed_takes_the_step_over() -> None:
    life = Life([UNNOTICED, CUT_OFF])
    life.does(WRITES)
    life.does(PRESSES_ABOVE)
    below = [one for one in life.stage.rows.listed(OutboxMessage) if one.edits is None and one.address == PHONE][-1]
    life.stage.is_down = False
    life.stage.decide(lambda context: Decision(deliveries.settle(context, below, Sent(below.id)), None))
    assert life.steps == ["problem_solving"]
    assert life.buttons()[-1][1] == below.id

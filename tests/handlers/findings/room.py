"""A team's group and its people's own chats on Telegram, where findings are spoken of."""

from collections.abc import Sequence

from dialogs.messages import Address, Person, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Member
from storage.unit_of_work.changes import Changes, Record
from tests.support.stage.company import Company
from tests.support.stage.world import Appeared, Stage, Toasted

__all__ = ["AGENT", "GROUP", "LEAD", "OTHER_LEAD", "ROSTER", "STRANGER", "Room"]

GROUP = Address("telegram", "-100")
LEAD, OTHER_LEAD = Person("13", "王经理"), Person("15", "赵组长")
AGENT, STRANGER = Person("11", "李工"), Person("77", "路人")
ROSTER = (Member("王经理", "lead", "13"), Member("赵组长", "lead", "15"), Member("李工", "agent", "11"))


class Room:
    """What people type and press there, and what they see of it."""

    def __init__(self, *rows: Record, roster: Sequence[Member] = ROSTER) -> None:
        """Begin with these rows and people."""
        self.stage: Stage = Company().stage
        self.stage.adopt(replace(self.stage.policy, team=(GROUP,), channels=("telegram",), team_locale="zh-Hans"))
        self.stage.rows.write(Changes((*roster, *rows)))

    def types(self, words: str, by: Person = LEAD, place: Address = GROUP, replies_to: str = "") -> list[str]:
        """Let somebody type; gives what comes up in that chat."""
        self.stage.happened.clear()
        self.stage.hear(place, by, Text(words, replies_to))
        return self._seen(place)

    def presses(self, label: str, by: Person = LEAD, place: Address = GROUP, how: str = "") -> list[str]:
        """Let somebody press the newest such button; gives what comes up, toasts last."""
        message, tap = self.stage.chats[place].button(label, how)
        return self.taps(tap, message, by, place)

    def taps(self, tap: Tap, message: str, by: Person = LEAD, place: Address = GROUP) -> list[str]:
        """Let somebody press a button that they may have made up."""
        self.stage.happened.clear()
        self.stage.hear(place, by, tap, message)
        return self._seen(place)

    def replies(self, words: str, by: Person = LEAD, place: Address = GROUP) -> list[str]:
        """Let somebody answer the last question that asks for words."""
        return self.types(words, by, place, self.stage.chats[place].asking())

    def buttons(self, place: Address = GROUP) -> list[str]:
        """Return the buttons under the newest message that has some."""
        newest = next(message for message in reversed(self.stage.chats[place].messages) if message.wordings[-1].rows)
        return [choice.label for row in newest.wordings[-1].rows for choice in row]

    def _seen(self, place: Address) -> list[str]:
        came = (each.message for each in self.stage.happened if isinstance(each, Appeared))
        texts = [message.prompt.text for message in came if message.address == place]
        return texts + [each.text for each in self.stage.happened if isinstance(each, Toasted)]


def tap_of(finding: str, step: str, value: int = 0) -> Tap:
    """Return a press of a button under a finding's card."""
    return Tap(Verb.FINDING, finding, step, value)

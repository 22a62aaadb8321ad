"""What a killed product leaves behind, and whether it makes good: counted from outside and in its own file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.journeys.crowd import QUESTIONS, Told
from tests.journeys.town import Json, Town

__all__ = ["Reckoning", "Wreckage"]

PLACES = 64
"""Messages that the sender has under way at most (`Sender.free`)."""
NEW = "edits IS NULL AND purpose <> 'alert'"
"""What must not go twice: neither an edit nor a card for the team."""


@dataclass(slots=True)
class Wreckage:
    """The account of all kills of one town's product. In flight at a kill were new messages to customers that

    - `handled`: Telegram has taken, and the file does not say so: the answer was not read, or not written down;
    - `unsent`: were leased, and Telegram has seen nothing of them.
    """

    town: Town
    kills: Counter[str] = field(default_factory=Counter)
    handled: int = 0
    unsent: int = 0
    in_doubt: int = 0
    _may_be_in_doubt: int = 0

    def look(self, how: str) -> None:
        """Look at the dead: what Telegram was told we have must stand in the file, and nothing was sent unknown."""
        self.kills[how] += 1
        assert _acknowledged(self.town) - _kept(self.town) == set(), f"lost at a kill ({how})"
        assert self._count("unknown").total() <= self._may_be_in_doubt
        self.in_doubt = self._count("unknown").total()
        leased, arrived = self._count("leased"), self._unmarked() - self._count("unknown")
        assert arrived - leased == Counter(), "Telegram has messages that the file does not know to be on their way"
        assert leased.total() <= PLACES
        self._may_be_in_doubt = self.in_doubt + leased.total()
        self.handled += arrived.total()
        self.unsent += (leased - arrived).total()

    def _count(self, status: str) -> Counter[str]:
        """Count the new messages in this status, by chat."""
        found = self.town.ledger.rows(f"SELECT chat FROM outbox WHERE {NEW} AND status = ?", status)  # noqa: S608 (our own words)
        return Counter(chat for (chat,) in found)

    def _unmarked(self) -> Counter[str]:
        """Count the messages that Telegram has and the file has no receipt of, by chat."""
        known = set(self.town.ledger.rows("SELECT chat, receipt FROM outbox WHERE receipt <> ''"))
        private = (chat for chat in self.town.telegram.world.chats.values() if chat.kind == "private")
        messages = (message for chat in private for message in chat.messages.values() if message.by_bot)
        return Counter(str(m.chat_id) for m in messages if (str(m.chat_id), str(m.id)) not in known)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The end of the story: what was said beside what is kept. An answer is a rating, a remark or a comment."""

    said: "Counter[tuple[object, ...]]"
    kept: "Counter[tuple[object, ...]]"

    @property
    def lost(self) -> int:
        """Count the answers that are not kept."""
        return (self.said - self.kept).total()

    @property
    def doubled(self) -> int:
        """Count the answers that are kept and were not said, or kept more often than said."""
        return (self.kept - self.said).total()

    @classmethod
    def of(cls, town: Town, told: list[Told]) -> "Reckoning":
        """Compare what the crowd has said with the product's answer log."""
        asked = "JOIN interviews i ON i.id = l.response JOIN invitations v ON v.id = i.invitation"
        logged = town.ledger.rows(f"SELECT v.ticket, l.question, l.value, l.text FROM answer_logs l {asked}")  # noqa: S608 (our own words)
        return cls(Counter(line for one in told for line in _lines(one)), Counter(logged))


def _lines(told: Told) -> Iterator[tuple[object, ...]]:
    for question, rating in zip(QUESTIONS, told.ratings, strict=True):
        yield told.ticket, question, rating, None
    if told.remark is not None:
        yield told.ticket, QUESTIONS[0], told.ratings[0], told.remark
    yield told.ticket, "comment", None, told.comment


def _acknowledged(town: Town) -> set[str]:
    """Name the updates that the product answered with 200, or confirmed by polling behind them."""
    updates = town.telegram.bot.updates
    return {f"telegram:{number}" for number in updates.made if number not in updates.waiting}


def _kept(town: Town) -> set[str]:
    return {key for (key,) in town.ledger.rows("SELECT key FROM inbox")}

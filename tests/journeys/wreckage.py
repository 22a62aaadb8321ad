"""What a killed product leaves behind: counted in the fake Telegram and in the product's own file."""

from collections import Counter
from dataclasses import dataclass, field

from tests.journeys.town import Town

__all__ = ["Wreckage"]

PLACES = 64
"""Messages that the sender has under way at most (`Sender.free`)."""
NEW = "SELECT chat FROM outbox WHERE edits IS NULL AND purpose <> 'alert' AND status = ?"
"""What must not go twice: neither an edit nor a card for the team."""


@dataclass(slots=True)
class Wreckage:
    """The account of all kills of one town's product.

    In flight at a kill are the new messages to customers that are leased in the file: `handled` are those that
    Telegram has (taken, or being taken; the answer was not read or not written down), `unsent` those of which it has
    seen nothing. What comes into doubt by a kill is at most what was in flight.
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
        leased, arrived = self._count("leased"), self.unmarked() - self._count("unknown")
        assert arrived - leased == Counter(), "Telegram has messages that the file does not know to be on their way"
        assert leased.total() <= PLACES
        self._may_be_in_doubt = self.in_doubt + leased.total()
        self.handled += arrived.total()
        self.unsent += (leased - arrived).total()

    def unmarked(self) -> Counter[str]:
        """Count the messages that Telegram has and the file has no receipt of, by chat."""
        known = set(self.town.ledger.rows("SELECT chat, receipt FROM outbox WHERE edits IS NULL AND receipt <> ''"))
        private = (chat for chat in self.town.telegram.world.chats.values() if chat.kind == "private")
        messages = (message for chat in private for message in chat.messages.values() if message.by_bot)
        return Counter(str(m.chat_id) for m in messages if (str(m.chat_id), str(m.id)) not in known)

    def _count(self, status: str) -> Counter[str]:
        """Count the new messages in this status, by chat."""
        return Counter(chat for (chat,) in self.town.ledger.rows(NEW, status))


def _acknowledged(town: Town) -> set[str]:
    """Name the updates that the product answered with 200, or confirmed by polling behind them."""
    updates = town.telegram.bot.updates
    return {f"telegram:{number}" for number in updates.made if number not in updates.waiting}


def _kept(town: Town) -> set[str]:
    return {key for (key,) in town.ledger.rows("SELECT key FROM inbox")}

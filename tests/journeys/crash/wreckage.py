"""What a killed product leaves behind: counted in the fake Telegram and in the product's own file, at every kill."""

import re
from collections import Counter
from dataclasses import dataclass, field
from inspect import signature

from bot.delivery.sender import Sender
from tests.support.town.town import Town
from tests.support.town.words import said

__all__ = ["Wreckage"]

PLACES: int = signature(Sender).parameters["free"].default
"""Messages that the sender has under way at most."""
OUTBOX = """
SELECT o.id, o.chat, o.status, o.attempts, o.receipt, o.edits IS NULL AND o.purpose <> 'alert',
    o.edits IS NOT NULL AND o.receipt = '' AND r.receipt = ''
FROM outbox o LEFT JOIN outbox r ON r.id = o.edits
"""


def _with_ticket(key: str) -> re.Pattern[str]:
    before, after = said(key, subject="|", agent="李工").split("|")
    return re.compile(f"{re.escape(before)}(t\\d+){re.escape(after)}")


INVITING, REMINDING = _with_ticket("invite.about_both"), _with_ticket("remind.about_both")


@dataclass(frozen=True, slots=True)
class _Row:
    """A message in the file: `is_new` must not go twice; an edit `goes_anew` where nothing is known to be edited."""

    id: str
    chat: str
    status: str
    attempts: int
    receipt: str
    is_new: bool
    goes_anew: bool


@dataclass(slots=True)
class Wreckage:
    """The account of all kills of one town's product; `closed` are the tickets that it has said to know.

    In flight at a kill is what is leased in the file. New messages among that may be in doubt afterwards, and nothing
    else may: `handled` are those that Telegram has (taken, or being taken; the answer was not read or not written
    down), `unsent` those of which it has seen nothing. Edits and cards in flight are to be `repeated`.
    `doubted` is whatever a kill put in doubt; `invited` and `reminded` count by ticket what reached Telegram.
    """

    town: Town
    closed: set[str]
    kills: Counter[str] = field(default_factory=Counter)
    handled: int = 0
    unsent: int = 0
    doubted: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    open: list[int] = field(default_factory=list)
    invited: Counter[str] = field(default_factory=Counter)
    reminded: Counter[str] = field(default_factory=Counter)
    _in_doubt: set[str] = field(default_factory=set)
    _in_flight: set[str] = field(default_factory=set)
    _gone_anew: Counter[str] = field(default_factory=Counter)
    _read: int = 0

    def __str__(self) -> str:
        """Return the figures."""
        kills = ", ".join(f"{count} {how}" for how, count in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({kills}), {min(self.open)} to {max(self.open)} interviews open at each; "
            f"new messages in flight at these: {self.handled} with Telegram, {self.unsent} unsent; "
            f"{len(self.doubted)} different ones in doubt"
        )

    def look(self, how: str) -> None:
        """Look at the dead: count, and hold what must hold."""
        self.kills[how.partition(":")[0]] += 1
        self.open.append(self.town.open_interviews())
        self.hold(how)

    def hold(self, how: str) -> None:
        """Hold what must hold at any moment at which nobody writes."""
        self._hold_what_was_heard(how)
        rows = [_Row(*row) for row in self.town.ledger.rows(OUTBOX)]
        self._hold_doubts([row for row in rows if row.is_new])
        self._hold_arrivals(rows)
        assert [row for row in rows if row.status == "unknown" and not row.is_new] == [], "an edit or card in doubt"
        self.repeated.update(row.id for row in rows if row.status == "leased" and not row.is_new)

    def _hold_what_was_heard(self, how: str) -> None:
        """Whatever was answered with 200, or confirmed by polling behind it, is kept, with what follows; once."""
        heard, rows = _acknowledged(self.town), self.town.ledger.rows
        assert heard - {key for (key,) in rows("SELECT key FROM inbox WHERE outcome = 'done'")} == set(), (
            f"words lost at a kill ({how})"
        )
        assert self.closed - {ticket for (ticket,) in rows("SELECT ticket FROM invitations")} == set(), (
            f"closings lost at a kill ({how})"
        )
        answers = Counter(key for (key,) in rows("SELECT caused_by FROM answer_logs"))
        assert heard - answers.keys() == set(), f"answers lost at a kill ({how})"
        assert [key for key, count in answers.items() if count > 1] == [], f"answers doubled at a kill ({how})"

    def _hold_doubts(self, new: list[_Row]) -> None:
        """A kill leaves in doubt no more than was in flight, all of that, and none of it is ever sent again."""
        by = {status: {row.id for row in new if row.status == status} for status in ("leased", "unknown", "sent")}
        assert by["unknown"] <= self._in_doubt | self._in_flight, "in doubt, and was not in flight"
        assert self._in_flight <= by["leased"] | by["unknown"] | by["sent"], "was in flight, and is not in doubt"
        assert [row for row in new if row.attempts > 1] == [], "sent again, and may have arrived"
        assert len(by["leased"]) <= PLACES, "more under way than there are places"
        self._in_doubt, self._in_flight = by["unknown"], by["leased"]
        self.doubted |= by["leased"]

    def _hold_arrivals(self, rows: list[_Row]) -> None:
        """Telegram has no message twice, and none that the file does not know to have gone, or to be on its way."""
        self._read_calls()
        assert {*self.invited.values(), *self.reminded.values()} <= {1}, "a question arrived twice"
        self._gone_anew.update(row.chat for row in rows if row.status == "leased" and row.goes_anew)
        leased = Counter(row.chat for row in rows if row.status == "leased" and row.is_new)
        known = Counter(row.chat for row in rows if row.status == "unknown" and row.is_new) + self._gone_anew
        arrived = self._unmarked({(row.chat, row.receipt) for row in rows}) - known
        assert arrived - leased == Counter(), "Telegram has messages that the file does not know to be on their way"
        self.handled += arrived.total()
        self.unsent += (leased - arrived).total()

    def _unmarked(self, receipts: set[tuple[str, str]]) -> Counter[str]:
        """Count the messages that Telegram has and the file has no receipt of, by chat."""
        private = (chat for chat in self.town.telegram.world.chats.values() if chat.kind == "private")
        messages = (message for chat in private for message in chat.messages.values() if message.by_bot)
        return Counter(str(m.chat_id) for m in messages if (str(m.chat_id), str(m.id)) not in receipts)

    def _read_calls(self) -> None:
        calls = self.town.telegram.log[self._read :]
        self._read += len(calls)
        for text in (call.values["text"] for call in calls if call.method == "sendMessage"):
            self.invited.update(INVITING.findall(text))
            self.reminded.update(REMINDING.findall(text))


def _acknowledged(town: Town) -> set[str]:
    """Name the updates that the product answered with 200, or confirmed by polling behind them."""
    updates = town.telegram.bot.updates
    return {f"telegram:{number}" for number in updates.made.keys() - updates.waiting.keys() - updates.forgotten}

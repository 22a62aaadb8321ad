"""What the team reads of a ticket's clock: that a target's time is nearly over, or is; and the line on its card."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.issue.card_text import short_number
from dialogs.messages import Person, Prompt
from dialogs.phrases import Phrases
from dialogs.sanitize import defanged, one_line
from scoring.metrics.ticket_clocks import TicketClock
from scoring.values import Value, replace

__all__ = ["ClockText"]

_LONGEST_NAME = 40
_LONGEST_SUBJECT = 80

NamedTicket = tuple[str, str, str, str]
"""Source, id, subject, and the address of its page."""


class ClockText(Value):
    """What is told at a moment of a clock, in a language."""

    clock: TicketClock
    now: datetime
    phrases: Phrases
    locale: str
    zone: ZoneInfo

    def message(self, ticket: NamedTicket, people: Sequence[Person] = (), issue: str = "") -> Prompt:
        """Return the warning, or after its end that the time was not kept; the latter calls `people`.

        `issue` is the id of the issue about the ticket, empty for none.
        """
        values = {"ticket": self._ticket(ticket, issue), "what": self._what(), "due": self._due()}
        if self._is_late:
            text = self._say("clock.late", **values)
        else:
            text = self._say(
                "clock.warning", **values, left=self.phrases.span(self.locale, self.clock.due_at - self.now)
            )
        called = tuple(replace(person, name=defanged(person.name, _LONGEST_NAME)) for person in people)
        names = self._say("holder.between").join(person.name for person in called if person.name)
        if names:
            text = self._say("holder.in_group", name=names, text=text)
        return Prompt("\n".join(filter(None, (text, ticket[-1]))), notifies=called)

    def card_line(self) -> str:
        """Return the line on the card of the ticket's issue."""
        return self._say("clock.card_late" if self._is_late else "clock.card", what=self._what(), due=self._due())

    def _ticket(self, ticket: NamedTicket, issue: str) -> str:
        source, number, subject, _ = ticket
        name, about = one_line(f"{source}/{number}", _LONGEST_SUBJECT), defanged(subject, _LONGEST_SUBJECT)
        named = self._say("clock.ticket", ticket=name)
        if about:
            named = self._say("clock.ticket_subject", ticket=name, subject=about)
        return self._say("clock.of_issue", number=short_number(issue), ticket=named) if issue else named

    def _what(self) -> str:
        """Return what has to happen in time."""
        first, last = self.clock.target.ends or ("", "")
        if ".." not in self.clock.target.metric:
            return self._say(f"clock.moment.{last}")
        start, end = (self._say(f"clock.moment.{name}") for name in (first, last))
        return self._say("clock.between", start=start, end=end)

    @property
    def _is_late(self) -> bool:
        return self.clock.due_at <= self.now

    def _due(self) -> str:
        return self.phrases.moment(self.locale, self.clock.due_at, self.zone)

    def _say(self, key: str, **values: object) -> str:
        return self.phrases.say(self.locale, key, **values)

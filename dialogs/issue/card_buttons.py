"""The buttons of an issue's card: few on the card itself, the rest under More, and the choice of a colleague.

A card can be shown anew further down, or in a chat of somebody's own: the buttons of such a copy say so by their value,
so that a press changes the message that was pressed.
"""

from collections.abc import Sequence
from hashlib import blake2b

from dialogs.issue.model import Issue, IssueState
from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import one_line
from scoring.values import Value

__all__ = ["LESS", "MYSELF", "CardButtons", "CardRows", "person_key"]

CardRows = tuple[tuple[Choice, ...], ...]

LESS, MYSELF = "less", "me"
"""Steps of buttons: More shown as the plain card again; assigned to whoever presses."""

_IN_A_ROW = 3
_LONGEST_NAME = 16


def person_key(name: str) -> str:
    """Return by what a button names a colleague: a name may be longer than a button holds."""
    return blake2b(name.encode(), digest_size=6).hexdigest()


class CardButtons(Value):
    """Makes the buttons of one issue in a language; `is_copy` where the card is not the one that is kept up to date."""

    issue: Issue
    phrases: Phrases
    locale: str
    is_copy: bool = False

    def plain(self) -> CardRows:
        """Return the buttons that a card has by itself: none once the issue is settled."""
        more = self._button("button.more", Verb.MORE)
        if self.issue.state is IssueState.OPEN:
            return ((self._claim(), self._resolve(), more),)
        if self.issue.state is IssueState.CLAIMED:
            talk = tuple(choice for row in self._talk() for choice in row)
            return ((self._resolve(),), (*talk, more)) if talk else ((self._resolve(), more),)
        return ()

    def more(self) -> CardRows:
        """Return all that can be done with an issue that is with the team."""
        pass_on = (self._button("button.assign", Verb.ASSIGN), self._button("button.merge", Verb.MERGE))
        less = self._button("button.less", Verb.MORE, LESS)
        if self.issue.state is IssueState.OPEN:
            return ((self._claim(), self._resolve()), pass_on, (less,))
        if self.issue.state is IssueState.CLAIMED:
            release, take = self._button("button.release", Verb.RELEASE), self._take()
            return ((self._resolve(),), *self._talk(), (release, *pass_on), (*self._contact(), take, less))
        return ()

    def people(self, names: Sequence[str]) -> CardRows:
        """Return a button for each colleague, for taking it oneself, and for leaving it."""
        each = [self._to(name) for name in names]
        rows = (tuple(each[at : at + _IN_A_ROW]) for at in range(0, len(each), _IN_A_ROW))
        return (*rows, (self._take(), self._button("button.less", Verb.MORE, LESS)))

    def _to(self, name: str) -> Choice:
        tap = Tap(Verb.ASSIGN, self.issue.id, person_key(name), int(self.is_copy))
        return Choice(one_line(name, _LONGEST_NAME), tap)

    def _claim(self) -> Choice:
        return self._button("button.claim", Verb.CLAIM)

    def _resolve(self) -> Choice:
        return self._button("button.resolve", Verb.RESOLVE)

    def _take(self) -> Choice:
        return self._button("button.take", Verb.ASSIGN, MYSELF)

    def _contact(self) -> tuple[Choice, ...]:
        return (self._button("button.contact", Verb.CONTACT),) if self.issue.customers else ()

    def _talk(self) -> CardRows:
        """Return the buttons for a progress note and, while no question is open, for a question."""
        if not self.issue.customers:
            return ()
        progress = self._button("talk.button_progress", Verb.PROGRESS)
        return (
            ((progress, self._button("talk.button_question", Verb.QUESTION)),)
            if self.issue.question is None
            else ((progress,),)
        )

    def _button(self, key: str, verb: Verb, step: str = "") -> Choice:
        return Choice(self.phrases.say(self.locale, key), Tap(verb, self.issue.id, step, int(self.is_copy)))

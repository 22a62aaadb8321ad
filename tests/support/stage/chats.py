"""What people see: chats of messages, some of them edited since, and the buttons under them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dialogs.messages import Choice, Prompt, Tap

__all__ = ["Chat", "Message", "OutOfSightError"]


class OutOfSightError(AssertionError):
    """A script presses a button or answers a question that nobody can see."""


@dataclass(slots=True)
class Message:
    """One message of a chat under the channel's id of it; the last of its wordings is what stands there."""

    receipt: str
    wordings: list[Prompt]


@dataclass(slots=True)
class Chat:
    """A chat as one of its members sees it, oldest message first."""

    messages: list[Message] = field(default_factory=list)

    def show(self, receipt: str, prompt: Prompt) -> Prompt | None:
        """Show a message; return what it said before if it was there already."""
        known = next((message for message in self.messages if message.receipt == receipt), None)
        if known is None:
            self.messages.append(Message(receipt, [prompt]))
            return None
        known.wordings.append(prompt)
        return known.wordings[-2]

    def button(self, label: str, how: str = "") -> tuple[str, Tap]:
        """Find a button, on the newest message first: its message and what it means.

        `late` is one that an edit has taken away meanwhile, as slow phones and slow people press; `above` one that
        stands on an older message than the newest that has such a button.
        """
        seen = list(self.late_buttons() if how == "late" else self.buttons())
        hits = [(receipt, choice.means) for receipt, choice in seen if choice.label == label]
        if how == "above":
            hits = [hit for hit in hits if hit[0] != hits[0][0]]
        if not hits:
            others = " ".join(f"[{choice.label}]" for _, choice in seen) or "none at all"
            raise OutOfSightError(f"nobody sees a button [{label}]; there is {others}")
        return hits[0]

    def buttons(self) -> Iterator[tuple[str, Choice]]:
        """Return the buttons that can be pressed, newest message first."""
        for message in reversed(self.messages):
            yield from ((message.receipt, choice) for choice in _choices(message.wordings[-1]))

    def late_buttons(self) -> Iterator[tuple[str, Choice]]:
        """Return the buttons that stood there once, the latest first."""
        for message in reversed(self.messages):
            for wording in reversed(message.wordings[:-1]):
                yield from ((message.receipt, choice) for choice in _choices(wording))

    def asking(self) -> str:
        """Find the last message that asks for a typed answer."""
        asking = (message.receipt for message in reversed(self.messages) if message.wordings[-1].asks)
        found = next(asking, None)
        if found is None:
            raise OutOfSightError("nobody was asked for a typed answer")
        return found


def _choices(prompt: Prompt) -> Iterator[Choice]:
    for row in prompt.rows:
        yield from row

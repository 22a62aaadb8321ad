"""One turn of a conversation: what was said, by whom, in which language, and the ways to answer."""

from datetime import datetime, timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import answer_to
from bot.handlers.common.policy import Policy
from dialogs.admin.lists import AdminLocale
from dialogs.fixed_replies import FixedReply
from dialogs.ids import derive
from dialogs.interview.model import Interview
from dialogs.messages import Address, Inbound, Prompt, Text
from dialogs.phrases import Phrases
from dialogs.understanding.commands import storable
from scoring.values import Value, replace
from storage.model.records import Customer, OutboxMessage
from storage.unit_of_work.changes import Acknowledgement, Changes
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["TurnContext", "people_in"]

_LATE = timedelta(seconds=10)
"""From receiving a message to deciding it: longer than any batch waits, and than the clocks of two processes differ."""


class TurnContext(Value):
    """What a decision about one inbound message takes; `people` are the customers reached in its chat."""

    context: DecisionContext
    inbound: Inbound
    people: tuple[Customer, ...]

    def after(self, changes: Changes) -> "TurnContext":
        """Return the turn with rows and people as they will be after these changes."""
        if not changes.records:
            return self
        context = self.context.after(changes)
        return TurnContext(context, self.inbound, people_in(context, self.inbound))

    def is_overtaken(self, at: datetime | None) -> bool:
        """Return whether something newer, of `at`, was decided first: this waited while it could not be stored."""
        is_late = self.context.now - self.inbound.at > _LATE
        return is_late and at is not None and self.inbound.at < at

    @property
    def policy(self) -> Policy:
        """The owner's settings."""
        return self.context.policy

    @property
    def snapshot(self) -> Snapshot:
        """The rows."""
        return self.context.snapshot

    @property
    def place(self) -> Address:
        """The chat in which it was said."""
        return self.inbound.place

    @property
    def key(self) -> str:
        """The unique key of what was said, which names the cause of what follows."""
        return self.inbound.key

    @property
    def words(self) -> str:
        """What was typed, as it can be stored; empty where nothing was."""
        return storable(self.inbound.said.text) if isinstance(self.inbound.said, Text) else ""

    @property
    def replied_to(self) -> OutboxMessage | None:
        """Our message that was replied to, where `Needs.receipts` or `Needs.quoted` asked for it."""
        said, channel, chat = self.inbound.said, self.place.channel, self.place.chat
        if not isinstance(said, Text) or not said.replies_to:
            return None
        known = self.snapshot.message_with(channel, chat, said.replies_to)
        return known or (self.snapshot.message_saying(self.place, said.quoted) if said.quoted else None)

    def answers(self, interview: Interview) -> bool:
        """Return whether it was said in reply to a message of this interview."""
        said, asked = self.inbound.said, self.replied_to
        shown = said.replies_to if isinstance(said, Text) else ""
        return bool(shown) and (shown == interview.shown or (asked is not None and asked.about == interview.ref))

    @property
    def phrases(self) -> Phrases:
        """The phrases of every language."""
        return self.context.policy.phrases

    @property
    def is_in_team_chat(self) -> bool:
        """Whether it was said in one of the team's chats."""
        return self.inbound.place in self.context.policy.team

    @property
    def can_edit(self) -> bool:
        """Whether a message of ours changes in place in this chat."""
        return self.context.policy.can(self.inbound.place.channel).edits

    @property
    def locale(self) -> str:
        """The language: the team's in its chat; else the customer's, what their app says, or the owner's."""
        if self.is_in_team_chat:
            return self.policy.team_speaks
        known = next((customer.locale for customer in self.people if customer.locale), "")
        return self.phrases.locale(known or self.inbound.sender.locale or self.policy.locale)

    @property
    def admin_locale(self) -> AdminLocale:
        """The language and the clocks in which the team reads lists and cards."""
        return AdminLocale(self.phrases, self.locale, self.policy.timezone)

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the language of the chat."""
        return self.phrases.say(self.locale, key, **values)

    def answer(self, prompt: Prompt, what: str = "reply") -> OutboxMessage:
        """Return the answer in this chat; `what` tells it from other answers to the same message."""
        return answer_to(self.context, self.inbound, prompt, what)

    def reply(self, prompt: Prompt) -> Changes:
        """Answer with a message."""
        return Changes((self.answer(prompt),))

    def reply_with(self, fixed: FixedReply) -> Changes:
        """Answer with a fixed reply."""
        return self.reply(Prompt(self.say(fixed)))

    def toast(self, key: str, *, alert: bool = False, **values: object) -> Changes:
        """Answer a press with a phrase shown over the chat; an `alert` has to be closed by hand."""
        return Changes(
            acknowledgements=(
                Acknowledgement(self.place.channel, self.inbound.callback, self.say(key, **values), alert=alert),
            )
        )

    def toast_or_reply(self, key: str) -> Changes:
        """Answer a press with a phrase over the chat, or with a message where the channel has no such answer."""
        return self.toast(key) if self.inbound.callback else self.reply(Prompt(self.say(key)))

    def pressed(self) -> tuple[str, str]:
        """Return the outbox id of the message pressed, and its channel's id where the receipt is not stored yet."""
        channel, chat, message = self.place.channel, self.place.chat, self.inbound.message
        ours = self.snapshot.message_with(channel, chat, message)
        if ours is not None and ours.edits is None:
            return ours.id, ""
        shown = ours.edits if ours is not None else None  # an edit is shown under the id of what it edits
        return shown or derive("out", "pressed", channel, chat, message), message

    def edit_pressed(self, prompt: Prompt) -> Changes:
        """Edit the message that was pressed."""
        edits, receipt = self.pressed()
        edit = replace(self.answer(prompt), id=derive("out", "edit", self.key), edits=edits, receipt=receipt)
        return Changes((edit,))


def people_in(context: DecisionContext, inbound: Inbound) -> tuple[Customer, ...]:
    """Return the customers who are reached in the chat of a message; a family may share one.

    Nobody is reached in a group, nor by what somebody says who is not the person of a private chat.
    """
    place, ids = inbound.place, context.policy.can(inbound.place.channel).chat_ids
    is_other = ids is not None and ids.are_people and inbound.sender.id != place.chat
    if is_other or context.policy.address_problem(place):
        return ()
    contacts = context.snapshot.contacts_at(place)
    people = (context.snapshot.customer(contact.customer) for contact in contacts)
    return tuple(customer for customer in people if customer is not None)

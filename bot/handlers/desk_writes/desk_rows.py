"""The rows of the outbox that go into tickets: the channel is the help desk, the chat is the ticket."""

from datetime import datetime
from hashlib import sha256

from bot.handlers.common.context import DecisionContext
from dialogs.ids import derive
from dialogs.issue.model import TicketKey
from dialogs.messages import DeskStep, DeskWrite, Prompt
from storage.model.records import OutboxMessage, Purpose

__all__ = ["desk_row", "desk_text"]

_SIGNS = 8
"""Of the digest that tells one text of ours from another in the same ticket."""


def desk_row(  # noqa: PLR0913 (what tells one message into a ticket from another)
    context: DecisionContext,
    ticket: TicketKey,
    customer: str,
    prompt: Prompt,
    seed: str,
    *,
    expires_at: datetime,
    obeys_opt_out: bool = False,
) -> OutboxMessage:
    """Return a message into a ticket of a customer; `seed` is what caused it.

    It bears the customer, so that nothing of it is left once they are erased.
    """
    source, number = ticket
    step = prompt.desk.step if prompt.desk is not None else DeskStep.NOTE
    return OutboxMessage(
        id=derive("out", "desk", step, source, number, seed),
        channel=source,
        chat=number,
        purpose=Purpose.DESK,
        prompt=prompt,
        created_at=context.now,
        not_before=context.now,
        customer=customer,
        obeys_opt_out=obeys_opt_out,
        expires_at=expires_at,
    )


def desk_text(text: str, seed: str) -> Prompt:
    """Return a note with a mark of its own at the end, by which it is found again in the ticket."""
    marker = f"huifang-{sha256(seed.encode()).hexdigest()[:_SIGNS]}"
    return Prompt(f"{text}\n({marker})", desk=DeskWrite(DeskStep.NOTE, marker))

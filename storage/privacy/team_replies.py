"""Messages to people of the team that name a person, such as a list of issues; they belong to no issue, no customer."""

from collections.abc import Iterator

from sqlalchemy import case, select

from dialogs.messages import Prompt
from storage.connection.slices import KeyOrder
from storage.connection.store import Store
from storage.model.records import OutboxMessage, Purpose
from storage.privacy.personal_data import PersonalData
from storage.privacy.redaction import PersonRedactor
from storage.schema import tables as t
from storage.schema.literals import ONE, is_one_of
from storage.unit_of_work import selects as s

__all__ = ["REPLIES", "REPLY_ORDER", "find_team_replies"]

_HARMLESS = "\N{ZERO WIDTH SPACE}"
_ROWS = 1000
_CLIPPED = 20
"""Characters of a subject that a list shows of it at least."""
_SHORTEST, _SHORTEST_QUOTE = 2, 4

_outbox = t.outbox.c
_is_theirs = is_one_of(_outbox.purpose, Purpose.REPLY, Purpose.ALERT)
_is_reply = _is_theirs & _outbox.customer.is_(None) & _outbox.about.is_(None)
REPLY_ORDER = KeyOrder(t.prompts.c.message)
# Neither a join nor EXISTS: a database may begin those with the messages, which are far more.
REPLIES = select(t.prompts.c.message).where(
    select(case((_is_reply, ONE))).where(_outbox.id == t.prompts.c.message).scalar_subquery() == ONE
)


async def find_team_replies(store: Store, person: PersonalData) -> list[str]:
    """Return the ids of such messages; read slice by slice.

    Of answers those that have the person's name, or a subject of theirs, and of all those about a finding in which the
    person is quoted or named.
    """
    findings = list(_findings(person))
    names = {Purpose.REPLY: [*_names(person), *findings], Purpose.ALERT: findings}
    found, theirs = list[str](), {message.id for message in person.messages}
    async for part in REPLY_ORDER.slices(store, _ROWS):
        async with store.reading() as session:
            values = part.parameters | {"limit": _ROWS}
            keys = [key for (key,) in await session.fetch(REPLY_ORDER.portion(REPLIES, part), **values)]
            replies = await session.records(OutboxMessage, s.MESSAGES, keys=keys) if keys else []
        ours = (reply for reply in replies if reply.id not in theirs)
        found += [reply.id for reply in ours if _has(reply.prompt, names[reply.purpose])]
    return found


def _names(person: PersonalData) -> Iterator[str]:
    customer = person.customer
    known = (customer.name, customer.phone, *(ticket.subject for ticket in person.tickets))
    for name in (*known, *(issue.title for issue in person.issues)):
        if len(name) >= _SHORTEST:
            yield " ".join(name.split())[:_CLIPPED]


def _findings(person: PersonalData) -> Iterator[str]:
    """Yield how the findings in which the person is quoted or named begin, and what they had said of them."""
    redactor = PersonRedactor(person, "")
    changed = [finding.text for finding in person.findings if redactor.finding(finding) != finding]
    for text in (*changed, *(voice.said for voice in person.voices)):
        begins = " ".join(text.split())[:_CLIPPED]
        if len(begins) >= _SHORTEST_QUOTE:
            yield begins


def _has(prompt: Prompt, names: list[str]) -> bool:
    shown = prompt.text.replace(_HARMLESS, "")
    return any(name in shown for name in names)

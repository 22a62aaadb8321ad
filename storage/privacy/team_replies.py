"""Messages to people of the team that name a person, such as a list of issues; they belong to no issue, no customer."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import case, select

from dialogs.messages import Prompt
from storage.connection.slices import KeyOrder
from storage.connection.store import Store
from storage.model.records import OutboxMessage, Purpose
from storage.privacy.personal_data import PersonalData
from storage.privacy.redaction import HARMLESS, PersonRedactor
from storage.schema import tables as t
from storage.schema.literals import ONE, is_one_of
from storage.unit_of_work import selects as s

__all__ = ["REPLIES", "REPLY_ORDER", "find_team_replies"]

_ROWS = 1000
_CLIPPED = 20
"""Characters of a subject that a list shows of it at least."""
_SHORTEST, _SHORTEST_QUOTE = 2, 4
_HALF = {0xFF10 + digit: 0x30 + digit for digit in range(10)}
_QUOTATION, _LEFT_OUT = re.compile("\u201c([^\u201d]+)\u201d"), re.compile(r"\u2026|\*\*\*")

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

    Of answers those that have the person's name, or a subject of theirs; and of all those about a finding in which the
    person is quoted or named, and those that quote what the person wrote, without what was masked in it.
    """
    findings, texts = list(_findings(person)), list(_texts(person))
    names = {Purpose.REPLY: [*_names(person), *findings], Purpose.ALERT: findings}
    found, theirs = list[str](), {message.id for message in person.messages}
    async for part in REPLY_ORDER.slices(store, _ROWS):
        async with store.reading() as session:
            values = part.parameters | {"limit": _ROWS}
            keys = [key for (key,) in await session.fetch(REPLY_ORDER.portion(REPLIES, part), **values)]
            replies = await session.records(OutboxMessage, s.MESSAGES, keys=keys) if keys else []
        ours = (reply for reply in replies if reply.id not in theirs)
        found += [one.id for one in ours if _has(one.prompt, names[one.purpose]) or _quotes(one.prompt, texts)]
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
    shown = prompt.text.replace(HARMLESS, "")
    return any(name in shown for name in names)


def _texts(person: PersonalData) -> Iterator[str]:
    """Yield what the person wrote, as it is quoted: with single spaces, digits in half width."""
    for interview in person.interviews:
        for text in interview.texts:
            yield " ".join(text.translate(_HALF).split())


def _quotes(prompt: Prompt, texts: Sequence[str]) -> bool:
    """Return whether something between quotation marks was taken out of one of these texts."""
    for quoted in _QUOTATION.findall(prompt.text.replace(HARMLESS, "")):
        parts = [part.strip() for part in _LEFT_OUT.split(quoted) if len(part.strip()) >= _SHORTEST]
        if parts and any(all(part in text for part in parts) for text in texts):
            return True
    return False

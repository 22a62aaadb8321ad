"""The export of a person's data (GDPR, article 15): their own rows, and of shared rows their share."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import select

from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from scoring.values import replace
from storage.connection.store import Store
from storage.dialects import among
from storage.model.filled_forms import AssessmentFile
from storage.model.records import InboxRow, IssueEvent, OutboxMessage, Purpose
from storage.privacy.named_deliveries import find_deliveries
from storage.privacy.personal_data import PersonalData, load_personal_data
from storage.schema import tables as t

__all__ = ["export_personal_data"]

_Json = dict[str, Any]
_HASHES = select(t.outbox.c.id, t.outbox.c.text_hash).where(
    among("messages", t.outbox.c.id), t.outbox.c.text_hash.is_not(None)
)
_CONTENTS = select(t.files.c.hash, t.files.c.content).where(among("hashes", t.files.c.hash))
_CAMPAIGNS = "/api/v1/campaigns"
_UNCHANGED = (
    "customer", "contacts", "tickets", "tokens", "invitations", "answers", "closings", "ratings", "exclusions",
    "attempts", "windows", "grants", "targets",
    "requests", "assessments", "voices", "readings",
)  # fmt: skip


async def export_personal_data(store: Store, customer: str) -> _Json | None:
    """Return everything that is stored about a person as JSON values, by kind; None if there is no such customer.

    An issue that concerns several customers is returned without the others' ids and texts.
    """
    async with store.reading() as session:
        found = await load_personal_data(session, customer)
        if found is None:
            return None
        messages = [message.id for message in found.messages]
        hashes: dict[str, bytes] = dict(await session.fetch(_HASHES, messages=messages)) if messages else {}
        held = [one.hash for one in found.sheet_files]
        contents = dict(await session.fetch(_CONTENTS, hashes=held)) if held else {}
    deliveries = [row async for part in find_deliveries(store, found.names) for row in part.rows]
    told = {name: msgspec.to_builtins(getattr(found, name)) for name in _UNCHANGED}
    shared = {issue.id for issue in found.issues if len(issue.customers) > 1}
    return told | {
        "sheet_files": [_file(one, contents.get(one.hash, b"")) for one in found.sheet_files],
        "messages": [_message(message, hashes.get(message.id)) for message in found.messages],
        "interviews": [_interview(interview) for interview in found.interviews],
        "issues": [_issue(issue, customer) for issue in found.issues],
        "timeline": [
            msgspec.to_builtins(line) for line in found.events if line.issue not in shared or _is_theirs(line, found)
        ],
        "cards": [_card(card, found) for card in found.cards],
        "deliveries": [_delivery(row, shared) for row in {row.key: row for row in deliveries}.values()],
    }


def _message(message: OutboxMessage, text_hash: bytes | None) -> _Json:
    """Return a message, with the hash of its words, which stays when they are gone.

    A note in a ticket is the team's, and so is the page that it leads to.
    """
    if message.purpose is Purpose.DESK:
        message = replace(message, prompt=replace(message.prompt, link=None))
    told: _Json = msgspec.to_builtins(message)
    return told if text_hash is None else told | {"text_sha256": text_hash.hex()}


def _file(file: AssessmentFile, content: bytes) -> _Json:
    """Return a file that was shown as evidence, with what it holds in Base64."""
    told: _Json = msgspec.to_builtins(file)
    return told | {"content": msgspec.to_builtins(content)}


def _interview(interview: Interview) -> _Json:
    told: _Json = msgspec.to_builtins(interview)
    answers = [msgspec.to_builtins(msgspec.structs.asdict(answer)) for answer in interview.answers]  # with empty fields
    return told | {"answers": answers, "assessed": [str(subject) for subject in interview.assessed]}


def _issue(issue: Issue, customer: str) -> _Json:
    alone = (
        issue if len(issue.customers) == 1 else replace(issue, title="", text="", quotes=(), tickets=(), responses=())
    )
    told: _Json = msgspec.to_builtins(replace(alone, claimant=None))
    told["reasons"] = [str(reason) for reason in alone.reasons]
    return told | {name: [one for one in told[name] if one == customer] for name in ("customers", "told", "confirmed")}


def _is_theirs(line: IssueEvent, found: PersonalData) -> bool:
    return line.by in (found.customer.id, found.customer.name) or (line.text or "").startswith(f"{found.customer.id}: ")


def _card(card: OutboxMessage, found: PersonalData) -> _Json:
    """Return what the team was shown; of a card that collects several customers only the lines that name the person."""
    alone = {issue.ref for issue in found.issues if issue.customers == (found.customer.id,) and issue.kind != "call"}
    names = [name for name in (found.customer.id, found.customer.name) if name]
    lines = card.prompt.text.split("\n")
    if card.about not in alone:
        lines = [line for line in lines if any(name in line for name in names)]
    return {
        "id": card.id,
        "about": card.about.id if card.about is not None else "",
        "sent_at": msgspec.to_builtins(card.sent_at),
        "text": "\n".join(lines),
    }


def _delivery(row: InboxRow, shared: Collection[str]) -> _Json:
    """Return a delivery, and its answer unless that is about others, too: a shared issue, a campaign's audience."""
    names_others = row.door.startswith(_CAMPAIGNS) or any(f'"{issue}"' in row.answer for issue in shared)
    told: _Json = msgspec.to_builtins(replace(row, raw=b"", answer="" if names_others else row.answer))
    return told | {"raw": row.raw.decode(errors="replace")}

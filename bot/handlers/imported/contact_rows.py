"""A row of contacts: a customer with what is known of them, and one or more of their chats."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow, told_moment
from dialogs.messages import Address
from scoring.values import replace
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.import_records import NamedRecord, RowMistake
from storage.model.records import Contact, ContactState, Customer

__all__ = ["chat_mistakes", "contact_keys", "erased_mistakes", "judge_contact", "named_chats"]

Cells = Mapping[str, Any]
Chat = tuple[str, str]
_PERSON = ("name", "locale", "timezone", "tier", "phone", "email", "postal_address")
_OF_CHAT = ("state", "bound_at", "last_received_at")


def contact_keys(_terms: ImportTerms, cells: Cells, keys: RowKeys) -> None:
    """Add what a row is about."""
    customer = cells["customer"]
    keys.customers.add(customer)
    keys.people.add(customer)
    if _chats(cells):
        keys.contacts.add(customer)


def judge_contact(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the records of a row, or what is wrong with it; it fills what is empty, and overwrites nothing."""
    before = stored.customers.get(cells["customer"])
    mistakes = tuple(_mistakes(terms, cells, before, stored))
    if mistakes:
        return RefusedRow(mistakes)
    told = _told(terms, cells)
    if before is None:
        return TakenRow((Customer(cells["customer"], **told), *_contacts(cells, stored)))
    after = replace(before, **{name: value for name, value in told.items() if not getattr(before, name)})
    named = (Customer, (before.id,), tuple(name for name in told if getattr(before, name)))
    chats = named_chats(before.id, _chats(cells), stored)
    return TakenRow(tuple(_contacts(cells, stored)), () if after == before else ((before, after),), (named, *chats))


def named_chats(customer: str, chats: Iterable[Chat], stored: StoredRows) -> Iterator[NamedRecord]:
    """Yield those of a customer's chats that are there already."""
    known = ((customer, *chat) for chat in dict.fromkeys(chats))
    return ((Contact, key, ()) for key in known if key in stored.contacts)


def erased_mistakes(customer: str, stored: StoredRows) -> Iterator[RowMistake]:
    """Yield what is wrong where a customer was erased."""
    if customer in stored.erased:
        yield RowMistake("customer", "", "was erased, and nothing of them is kept", "take the row out")


def chat_mistakes(terms: ImportTerms, channel: str, chat: str) -> Iterator[RowMistake]:
    """Yield what is wrong with a chat in which a customer is to be asked."""
    known = [name for name, can in terms.policy.capabilities.items() if can.binding]
    if channel not in known:
        yield RowMistake("contacts", channel, "is no channel", f"write {', '.join(known)}")
    elif problem := terms.policy.address_problem(Address(channel, chat)):
        yield RowMistake("contacts", chat, problem, "correct the address")


def _told(terms: ImportTerms, cells: Cells) -> dict[str, Any]:
    """Return what a row says of a customer; who has opted out at a moment that nobody knows has done so by now."""
    told = {name: cells[name] for name in _PERSON if name in cells}
    out = cells.get("opted_out_at") or (terms.now if cells.get("opted_out") else None)
    return told | ({"opted_out_at": out} if out is not None else {})


def _chats(cells: Cells) -> list[Chat]:
    listed: list[Chat] = list(cells.get("contacts", ()))
    alone = (cells.get("channel", ""), cells.get("address", ""))
    return list(dict.fromkeys([alone, *listed] if all(alone) else listed))


def _contacts(cells: Cells, stored: StoredRows) -> Iterator[Contact]:
    """Yield the chats that are not there yet; how they stand is told of the one in a column of its own."""
    customer, alone = cells["customer"], (cells.get("channel"), cells.get("address"))
    for chat in _chats(cells):
        if (customer, *chat) not in stored.contacts:
            stands = {name: cells[name] for name in _OF_CHAT if name in cells} if chat == alone else {}
            if "state" in stands:
                stands["state"] = ContactState(stands["state"])
            yield Contact(customer, *chat, **stands)


def _mistakes(terms: ImportTerms, cells: Cells, before: Customer | None, stored: StoredRows) -> Iterator[RowMistake]:
    yield from erased_mistakes(cells["customer"], stored)
    for channel, chat in _chats(cells):
        yield from chat_mistakes(terms, channel, chat)
    if ("channel" in cells) is not ("address" in cells):
        given, lacking = ("channel", "address") if "channel" in cells else ("address", "channel")
        yield RowMistake(lacking, "", f"is empty, and there is a {given}", "fill in both, or none")
    for name in ("opted_out_at", "bound_at", "last_received_at"):
        if name in cells and cells[name] > terms.now:
            yield RowMistake(name, told_moment(terms, cells[name]), "lies ahead", "correct the date")
    if cells.get("opted_out") is False and ("opted_out_at" in cells or (before is not None and before.opted_out_at)):
        fix = "leave it empty: only the customer takes an opt-out back"
        yield RowMistake("opted_out", "", "is no, and this customer has opted out", fix)
    for name in _PERSON if before is not None else ():
        kept = getattr(before, name)
        if kept and name in cells and cells[name] != kept:
            fix = "leave it out: what is stored stays"
            yield RowMistake(name, cells[name], f"this customer is stored with {kept} there", fix)

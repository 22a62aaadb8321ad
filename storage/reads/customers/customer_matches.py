"""Finds customers who can be asked by a telephone number or an e-mail address."""

from collections.abc import Collection

from sqlalchemy import select

from storage.connection.store import Store
from storage.dialects import among
from storage.schema import tables as t
from storage.schema.literals import EMPTY

__all__ = ["find_reached"]

_customer, _contact = t.customers.c, t.contacts.c
_has_chat = select(_contact.customer).where(_contact.customer == _customer.id).exists()
_BY_PHONE = select(_customer.id).where(_customer.phone != EMPTY, among("phones", _customer.phone), _has_chat)
_BY_EMAIL = select(_customer.id).where(_customer.email != EMPTY, among("emails", _customer.email), _has_chat)
_ITSELF = select(_customer.id).where(among("ids", _customer.id), _has_chat)


async def find_reached(store: Store, own: str, phones: Collection[str], emails: Collection[str]) -> set[str]:
    """Return those who have a chat: the customer `own`, and those with one of these numbers and addresses."""
    async with store.reading() as session:
        found = [*(await session.fetch(_ITSELF, ids=[own]))]
        found += await session.fetch(_BY_PHONE, phones=sorted(phones)) if phones else []
        found += await session.fetch(_BY_EMAIL, emails=sorted(emails)) if emails else []
    return {customer for (customer,) in found}

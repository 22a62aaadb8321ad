"""Data requests of people: hands out what is held about somebody, and erases it."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Erased, NotFound
from bot.handlers.common.tombstones import anonymous_id, is_anonymous
from bot.handlers.customers import data_requests
from bot.handlers.customers.data_requests import Erasure
from bot.ports import SecretSource
from bot.receiver import Receiver
from dialogs import data_requests as shown
from dialogs.ids import Ref, RefKind
from dialogs.personal_report import ReportReader
from dialogs.time.zones import find_zone
from storage.connection.store import Store
from storage.model.errors import DecisionFailed, Unavailable, WriteConflict
from storage.model.registers import Request, RequestKind
from storage.privacy.erasure import ErasureTask, erase
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer

__all__ = [
    "DataRequestDependencies",
    "erase_customer",
    "export_person",
    "find_access_request",
    "fulfil",
    "held_about",
    "personal_file",
    "report_reader",
]


class DataRequestDependencies(Protocol):
    """What data requests are served with; `bot.wiring.services.Services` has all of it."""

    @property
    def receiver(self) -> Receiver: ...  # noqa: D102 (says its type)
    @property
    def reader(self) -> Reader: ...  # noqa: D102 (as above)
    @property
    def writer(self) -> Writer: ...  # noqa: D102 (as above)
    @property
    def store(self) -> Store: ...  # noqa: D102 (as above)
    @property
    def secrets(self) -> SecretSource: ...  # noqa: D102 (as above)


logger = logging.getLogger(__name__)
_TRIES = 40
_BETWEEN = 0.25
"""Seconds between two tries to truncate the write-ahead log, which waits for readers to finish."""


async def export_person(reader: Reader, customer: str, now: datetime) -> bytes:
    """Return everything held about a person as readable JSON (UTF-8). Raises LookupError for an unknown customer."""
    return _readable(await _held(reader, customer), now)


async def _held(reader: Reader, customer: str) -> dict[str, Any]:
    held = await reader.person(customer)
    if held is None:
        raise LookupError(f"There is no customer {customer}.")
    return held


def _readable(held: Mapping[str, Any], now: datetime) -> bytes:
    written = msgspec.json.encode({"made_at": now, **held})
    return msgspec.json.format(written, indent=2) + b"\n"


async def find_access_request(reader: Reader, request: str) -> Request:
    """Return a request for somebody's data. Raises LookupError where there is none, or no longer."""
    found = await reader.request(request)
    if found is None or found.kind is not RequestKind.ACCESS or is_anonymous(found.customer):
        raise LookupError("There is no such request, or its person was forgotten.")
    return found


async def held_about(reader: Reader, request: str) -> dict[str, Any]:
    """Return what is held about the person of a request. Raises LookupError where there is none, or no longer."""
    found = await find_access_request(reader, request)
    return await _held(reader, found.customer)


def personal_file(held: Mapping[str, Any], now: datetime) -> tuple[str, bytes]:
    """Return the name and content of the file with what is held about a person."""
    return f"huifang-data-{now.date().isoformat()}.json", _readable(held, now)


def report_reader(held: Mapping[str, Any], policy: Policy, locale: str = "") -> ReportReader:
    """Return how a person is told what is held about them: in `locale`, else in the language that is known of them."""
    customer = held["customer"]
    return ReportReader(
        policy.phrases,
        policy.phrases.locale(locale or customer["locale"] or policy.locale),
        find_zone(customer["timezone"]) or policy.timezone,
        policy.surveys,
        policy.privacy,
    )


async def erase_customer(hands: DataRequestDependencies, customer: str, door: str) -> Request | NotFound | Erased:
    """Erase a customer, and return the finished request, or why it cannot be done."""
    wanted = Erasure(customer, f"{RefKind.REQUEST}_{hands.secrets.token()}", door)
    needs = data_requests.forget_needs(customer, hands.receiver.policy)
    asked = await hands.receiver.do(needs, lambda context: data_requests.forget_now(context, wanted))
    if isinstance(asked, Request):
        await fulfil(hands, asked.ref)
    return asked


async def fulfil(hands: DataRequestDependencies, request: Ref) -> None:
    """Erase the person of a request; then redraw the team's open cards without them."""
    await _erase(hands, request.id)
    await hands.receiver.wake(request)


async def _erase(hands: DataRequestDependencies, request: str) -> None:
    found = await hands.reader.request(request)
    if found is None or found.kind is not RequestKind.ERASURE or found.done_at is not None:
        return
    if not is_anonymous(found.customer):
        policy = hands.receiver.policy
        blank = shown.blank(policy.phrases, policy.phrases.locale(policy.locale))
        edits = frozenset(name for name, can in policy.capabilities.items() if can.edits)
        anonymous = anonymous_id(hands.secrets.token())
        erasing = ErasureTask(found.customer, anonymous, policy.links.key, request, blank, edits)
        try:
            await erase(hands.store, hands.writer, erasing)
        except (WriteConflict, Unavailable):
            raise
        except Exception as error:
            raise DecisionFailed(f"{type(error).__name__} while forgetting") from error
    await _scrub(hands)
    logger.info("a customer was erased, as %s asked", request)


async def _scrub(hands: DataRequestDependencies) -> None:
    for _ in range(_TRIES):
        if await hands.store.scrub():
            return
        await asyncio.sleep(_BETWEEN)
    logger.warning("the write-ahead log still holds what was erased: a reader does not finish")

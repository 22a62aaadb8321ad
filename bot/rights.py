"""What the shell does for people's rights: it hands out what is kept of somebody, and forgets them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from bot.desks import Desk
from bot.handlers import rights
from bot.handlers.answers import Gone, NotFound
from bot.handlers.rights import NAMELESS, Erasure
from storage.erasure import Erasing, erase
from storage.errors import Conflict, DecisionFailed, Unavailable
from storage.reader import Reader
from storage.registers import Request, RequestKind

__all__ = ["attach", "export", "forget", "waking"]

Wake = Callable[[str, str], Awaitable[None]]

_LOG = logging.getLogger(__name__)
_TRIES = 40
_BETWEEN = 0.25
"""Seconds between two tries to cut the log off; whoever reads is gone by then."""


async def export(reader: Reader, customer: str, now: datetime) -> bytes:
    """Give everything held about a person as readable JSON (UTF-8); LookupError if there is no such customer."""
    held = await reader.person(customer)
    if held is None:
        raise LookupError(f"There is no customer {customer}.")
    written = msgspec.json.encode({"made_at": now, **held})
    return msgspec.json.format(written, indent=2) + b"\n"


async def attach(reader: Reader, request: str, now: datetime) -> tuple[str, bytes]:
    """Give the file that somebody asked for, its name first; LookupError where there is nothing (any more) to give."""
    found = await reader.request(request)
    if found is None or found.kind is not RequestKind.ACCESS or found.customer.startswith(NAMELESS):
        raise LookupError("There is no such request, or its person was forgotten.")
    return f"huifang-data-{now.date().isoformat()}.json", await export(reader, found.customer, now)


async def forget(desk: Desk, customer: str, door: str) -> Request | NotFound | Gone:
    """Forget a customer, and return when it is done; tells what stands in the way."""
    wanted = Erasure(customer, f"req_{desk.dice.token()}", door)
    needs = rights.forget_needs(customer, desk.receiver.policy)
    asked = await desk.receiver.do(needs, lambda scene: rights.forget_now(scene, wanted))
    if isinstance(asked, Request):
        await _fulfil(desk, asked.id)
    return asked


def waking(desk: Desk, others: Wake) -> Wake:
    """Give what does what is due: people's requests here, everything else by `others`."""

    async def wake(kind: str, key: str) -> None:
        await (_fulfil(desk, key) if kind == "request" else others(kind, key))

    return wake


async def _fulfil(desk: Desk, request: str) -> None:
    """Forget whoever wishes it; then the team sees their open cards without them."""
    await _erase(desk, request)
    await desk.receiver.wake("request", request)


async def _erase(desk: Desk, request: str) -> None:
    found = await desk.reader.request(request)
    if found is None or found.kind is not RequestKind.ERASURE or found.done_at is not None:
        return
    if not found.customer.startswith(NAMELESS):
        key = desk.receiver.policy.links.key
        erasing = Erasing(found.customer, f"{NAMELESS}{desk.dice.token()}", key, request)
        try:
            await desk.writer.perform(lambda session, now: erase(session, now, erasing))
        except (Conflict, Unavailable):
            raise
        except Exception as error:
            raise DecisionFailed(f"{type(error).__name__} while forgetting") from error
    await _scrub(desk)
    _LOG.info("somebody was forgotten, as %s asked", request)


async def _scrub(desk: Desk) -> None:
    for _ in range(_TRIES):
        if await desk.store.scrub():
            return
        await asyncio.sleep(_BETWEEN)
    _LOG.warning("the database's log still holds what was erased: somebody reads without an end")

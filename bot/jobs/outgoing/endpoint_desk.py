"""What people do with endpoints of outgoing webhooks, whichever door they come by: API or command line."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec

from bot.channels.http_client.guarded_address import ForbiddenTargetError
from bot.channels.http_client.guarded_post import GuardedPoster
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.outgoing.delivery_outcome import HookAnswer
from bot.handlers.outgoing.endpoint_commands import NewEndpoint, endpoint_needs, note_delivery, remove_endpoint
from bot.handlers.outgoing.file_endpoints import file_endpoint_needs, keep_endpoints
from bot.jobs.outgoing.signed_request import signed_request
from bot.ports import Clock
from bot.receiver import Receiver
from dialogs.ids import derive
from scoring.values import Value, field
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.outgoing.hook_records import HookDelivery, HookDeliveryStatus, HookEndpoint, HookEventType
from storage.outgoing.delivery_claims import drop_deliveries, drop_undelivered, make_all_due, make_due
from storage.reads.outgoing.hook_reads import HookReads
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Writer

__all__ = ["EndpointDesk"]

_LOOKS_EVERY = 0.05
"""Seconds between two looks at whether anything is still being sent to an endpoint that was removed."""
_UNDER_WAY = Conflict("It is being sent at this moment.")


class EndpointDesk(Value, eq=False):
    """Works on endpoints; `poster` guards where they lead. `called` wakes this process's sender."""

    store: Store
    writer: Writer
    receiver: Receiver
    clock: Clock
    poster: GuardedPoster
    called: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def reads(self) -> HookReads:
        """Return what reads endpoints and deliveries."""
        return HookReads(self.store)

    async def url_problem(self, url: str) -> Invalid | None:
        """Return why nothing is sent to a URL, None where it may be one of an endpoint."""
        try:
            await self.poster.check(url)
        except ForbiddenTargetError as refused:
            return Invalid("url", str(refused))
        return None

    async def release_waiting(self, endpoint: str) -> None:
        """Send everything that waits for an endpoint, which is enabled again, from now on."""
        await self.writer.perform(lambda session, now: make_all_due(session, now, endpoint))
        self.called.set()

    async def keep(self, entries: Sequence[NewEndpoint]) -> list[str]:
        """Make the endpoints of the file match its entries; return for each that is sent nothing why that is so."""
        known = [one.id for one in await self.reads.endpoints() if one.is_from_file]
        gone = await self.receiver.do(
            file_endpoint_needs(entries, known), lambda context: keep_endpoints(context, entries, known)
        )
        for endpoint in gone:
            await self._clear(endpoint)
        wrong = [(entry.name, await self.url_problem(entry.url)) for entry in entries]
        return [f"the URL of {name!r} {why.problem}" for name, why in wrong if why is not None]

    async def remove(self, endpoint: str, by: str) -> HookEndpoint | NotFound | Conflict:
        """Remove an endpoint; when this returns, nothing is sent to it any more, nor was it kept for it."""
        removed = await self.receiver.do(
            endpoint_needs(endpoint), lambda context: remove_endpoint(context, endpoint, by)
        )
        if isinstance(removed, HookEndpoint):
            await self._clear(endpoint)
        return removed

    async def _clear(self, endpoint: str) -> None:
        """Wait until nothing is being sent to an endpoint that was removed, and drop what waits for it."""
        while await self.reads.is_under_way(endpoint, self.clock.now()):  # noqa: ASYNC110 (by another process, too)
            await asyncio.sleep(_LOOKS_EVERY)
        await self.writer.perform(partial(_dropped, endpoint))

    async def replay(self, endpoint: str, number: int, by: str) -> HookDelivery | NotFound | Conflict:
        """Send a delivery once more, whether it arrived or not; in front of what follows of its subject."""
        found = await self._delivery(endpoint, number)
        if not isinstance(found, HookDelivery):
            return found
        await self._note(found, "replayed", by)
        await self.writer.perform(lambda session, now: make_due(session, now, [number]))
        self.called.set()
        return await self.reads.delivery(number) or _no_delivery(endpoint, number)

    async def drop(self, endpoint: str, number: int, by: str) -> HookDelivery | NotFound | Conflict:
        """Drop a delivery that does not arrive: it is sent no more, and what follows of its subject goes."""
        found = await self._delivery(endpoint, number)
        if not isinstance(found, HookDelivery):
            return found
        if found.state is HookDeliveryStatus.DELIVERED:
            return Conflict("It has arrived: there is nothing to drop.")
        await self._note(found, "dropped", by)
        if not await self.writer.perform(lambda session, now: drop_undelivered(session, now, number)):
            return _UNDER_WAY
        self.called.set()
        return found

    async def _delivery(self, endpoint: str, number: int) -> HookDelivery | NotFound | Conflict:
        """Return a delivery to an endpoint that nobody is sending."""
        found = await self.reads.delivery(number)
        if found is None or found.endpoint != endpoint:
            return _no_delivery(endpoint, number)
        is_under_way = found.state is HookDeliveryStatus.SENDING and found.due_at > self.clock.now()
        return _UNDER_WAY if is_under_way else found

    async def _note(self, delivery: HookDelivery, what: str, by: str) -> None:
        await self.receiver.do(Needs(), lambda context: Decision(note_delivery(context, delivery, what, by), None))

    async def ping(self, endpoint: str) -> HookAnswer | NotFound:
        """Post a test event to an endpoint at once, and return what came back; nothing of it is kept."""
        found = await self.reads.endpoint(endpoint)
        if found is None:
            return NotFound(f"webhook endpoint {endpoint}")
        now, began = self.clock.now(), self.clock.monotonic()
        event = derive("evt", HookEventType.TEST, endpoint, now.isoformat())
        request = signed_request(found, event, _test_body(found, now), self.receiver.policy.links.key, now)
        answer = await self.poster.post(request.url, request.headers, request.body)
        took = round(1000 * (self.clock.monotonic() - began))
        return HookAnswer(answer.status, answer.answer, answer.retry_after, answer.problem, took)


def _no_delivery(endpoint: str, number: int) -> NotFound:
    return NotFound(f"delivery {number} to {endpoint}")


def _test_body(endpoint: HookEndpoint, now: datetime) -> str:
    data = {"endpoint": endpoint.id, "name": endpoint.name}
    return msgspec.json.encode({"type": HookEventType.TEST, "timestamp": now, "data": data}).decode()


async def _dropped(endpoint: str, session: Session, _now: datetime) -> None:
    await drop_deliveries(session, endpoint)

"""Writes into the tickets of one help desk, as a channel whose chats are tickets.

Three calls for each message: look at the ticket, look whether the text stands in it already, write. So a message that
was written when the process died, or whose answer never came, is not written again.
"""

import json
import logging
from datetime import datetime, timedelta

from bot.channels.http_client.client import HttpAnswer, HttpCall, HttpClient, HttpLimits, JsonPayload
from bot.channels.http_client.errors import CallError, NeverLeftError
from bot.connectors.desk_api import DeskAccount, DeskApi, DeskCall, NotWritable, SeenTicket
from bot.connectors.payload import BrokenPayload, Payload, read_payload
from bot.delivery.desk_writes.desk_remedies import again_after, given_up, remedy_of, wants_operator
from bot.ports import Binding, Blocked, Clock, Delivery, Retry, Sent
from bot.process.alarms import Alarms
from dialogs.messages import DeskWrite, Prompt
from storage.model.records import OutboxMessage

__all__ = ["TicketWriter", "probe_desk"]

logger = logging.getLogger(__name__)
_LIMITS = HttpLimits(connections=4, connect=5.0, answer=15.0)
"""Three calls take at most a minute, and a lease lasts longer."""
_CLOCKS_DIFFER = timedelta(days=1)
_TOLD = {"user-agent": "huifang", "accept": "application/json"}


class _Stop(Exception):  # noqa: N818 (it is what the message became)
    """Nothing more is called: this is what the message has become."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery)
        self.delivery = delivery


class TicketWriter:
    """The channel of one help desk."""

    def __init__(self, name: str, api: DeskApi, account: DeskAccount, clock: Clock, alarms: Alarms) -> None:
        """Call `api` as `account`; an alarm is raised while the token is refused."""
        self.name = name
        self._api, self._account, self._clock, self._alarms = api, account, clock, alarms
        self._client = HttpClient(_LIMITS)

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Write one message into its ticket. Never raises."""
        del edits
        write = message.prompt.desk
        try:
            outcome = await self._written(message, write) if write is not None else given_up("it is for no ticket")
        except _Stop as stop:
            outcome = stop.delivery
        if isinstance(outcome, Blocked):
            logger.warning("nothing more is written into %s/%s: %s", self.name, message.chat, outcome.why)
        return outcome

    async def _written(self, message: OutboxMessage, write: DeskWrite) -> Delivery:
        told = await self._call(self._api.look(message.chat, write.step), message)
        ticket = self._api.seen(message.chat, write.step, told, self._account)
        if ticket is None:
            return given_up("the ticket is not there")
        if isinstance(ticket, NotWritable):
            return given_up(ticket.why)
        if write.marker and await self._stands(ticket, message, write.marker):
            return Sent("")
        written = await self._call(self._api.write(ticket, write.step, _text(message.prompt)), message)
        return Sent(written.text("id"))

    async def _stands(self, ticket: SeenTicket, message: OutboxMessage, marker: str) -> bool:
        """Return whether the text stands in the ticket already."""
        told = await self._call(self._api.texts(ticket, message.created_at - _CLOCKS_DIFFER), message)
        return any(marker in text for text in self._api.listed(told))

    async def _call(self, call: DeskCall, message: OutboxMessage) -> Payload:
        """Return what a call was answered. Raises _Stop where that is no success."""
        answer = await self._client.fetch(_request(self._api, self._account, call), _whole)
        if isinstance(answer, CallError):  # what was written all the same is found before it is written again
            why = f"{self.name} gave no answer ({answer.label})"
            raise _Stop(Retry(again_after(message.attempts), why, pauses_all=True))
        remedy = remedy_of(answer, message.attempts, self._clock.now())
        self._tell(answer, remedy)
        if remedy is not None:
            raise _Stop(remedy)
        try:
            return read_payload(answer.body) if answer.body.strip() else Payload(None)
        except BrokenPayload:
            raise _Stop(Retry(again_after(message.attempts), f"{self.name} answered with no JSON")) from None

    def _tell(self, answer: HttpAnswer, remedy: Delivery | None) -> None:
        name = f"hooks.{self.name}.api_token"
        if wants_operator(answer, remedy) and isinstance(remedy, Retry):
            self._alarms.sound(name, f"{self.name} takes no call of ours, {remedy.why}; `huifang doctor` tries it")
        elif remedy is None:
            self._alarms.mended(name, f"{self.name} takes our calls again")

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Ignore it: there are no buttons."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Raise LookupError: a ticket is no chat."""
        del token, expires_at
        raise LookupError("customers open no chat in a help desk")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


async def probe_desk(name: str, api: DeskApi, account: DeskAccount, now: datetime) -> str:
    """Return why an API does not take the token, by a call that changes nothing; empty where it does."""
    client = HttpClient(_LIMITS)
    try:
        answer = await client.fetch(_request(api, account, api.probe()), _whole)
    finally:
        await client.close()
    if isinstance(answer, CallError):
        why = "no connection can be made" if isinstance(answer, NeverLeftError) else "it was called, and kept silent"
        return f"{name} gave no answer at {account.url}: {why}"
    remedy = remedy_of(answer, 0, now)
    return "" if remedy is None else f"{name} answered HTTP {answer.status}"


def _request(api: DeskApi, account: DeskAccount, call: DeskCall) -> HttpCall:
    body = JsonPayload(json.dumps(call.body).encode()) if call.body is not None else None
    headers = {**_TOLD, **api.headers(account)}
    return HttpCall(f"{account.url}{call.path}", body, method=call.method, headers=headers)


def _text(prompt: Prompt) -> str:
    return prompt.text if prompt.link is None else f"{prompt.text}\n{prompt.link.label} {prompt.link.url}"


def _whole(answer: HttpAnswer) -> HttpAnswer:
    return answer

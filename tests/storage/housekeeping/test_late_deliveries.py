"""What is delivered once more, long after its row was deleted, changes nothing: by every door, on either database."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.channels.registry import capabilities_of
from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.inbound.parse import parse_update
from bot.channels.telegram.inbound.webhook import TelegramWebhook
from bot.channels.webhooks import Webhook
from bot.channels.wechat.inbound.webhook import WebhookDependencies, WechatWebhook
from bot.channels.wechat.outbound.message_quota import WechatQuota
from bot.chat_migrations import Moves
from bot.http.app import create_app
from bot.jobs.retention import RetentionJob, housekeeping_periods, retention_periods
from bot.process.alarms import Alarms
from bot.receiver import Receiver, ReceiverOptions
from bot.wiring.policy import make_policy
from config.locale.phrases import load_phrases
from config.settings.loading import load_settings
from config.settings.settings import RetentionSettings
from config.surveys.load import read_surveys
from dialogs.interview.model import Interview
from dialogs.messages import Tap, Verb
from storage.connection.store import Store
from storage.model.records import Customer, InboxRow
from storage.schema.tables import METADATA, inbox
from storage.unit_of_work.selects import INBOX, all_of
from storage.unit_of_work.writer import Writer
from tests.channels.wechat.inbound.post import OPENID, envelopes, pushed
from tests.support.web.house import KEY, TELEGRAM_SECRET, URL, House, open_house
from tests.support.web.tickets import ticket
from tests.support.wechat import Account, Sealed, seal

CHAT = 10001
A_DAY = timedelta(hours=25)
OURS: dict[str, Any] = {"id": "c-1", "name": "王女士", "contacts": [{"channel": "telegram", "address": str(CHAT)}]}
SETTINGS = RetentionSettings()
POLICY = make_policy(load_settings({"HUIFANG_TELEGRAM__TOKEN": "1:a"}), read_surveys(), {}, load_phrases())
Kept = dict[str, list[str]]


@dataclass(slots=True)
class Town:
    """The product's doors, and the platforms before them, which remember what they delivered."""

    house: House
    client: httpx.AsyncClient
    job: RetentionJob
    account: Account
    sent: list[tuple[str, bytes, Mapping[str, str], Mapping[str, str]]] = field(default_factory=list)

    async def delivers(
        self, path: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Deliver something, and remember it."""
        self.sent.append((path, body, headers, query or {}))
        return await self.client.post(path, content=body, headers=headers, params=dict(query or {}))

    async def telegram(self, number: int, **said: Any) -> None:  # noqa: ANN401 (JSON as it is sent)
        """Deliver an update."""
        body = json.dumps({"update_id": number, **said}).encode()
        secret = {"x-telegram-bot-api-secret-token": TELEGRAM_SECRET}
        assert (await self.delivers("/hooks/telegram", body, secret)).status_code == 200

    async def types(self, number: int, text: str) -> None:
        """Let the customer type something."""
        chat, sender = {"id": CHAT, "type": "private"}, {"id": CHAT, "is_bot": False, "first_name": "王"}
        await self.telegram(
            number, message={"message_id": number, "chat": chat, "from": sender, "date": 1, "text": text}
        )

    async def taps(self, number: int, tap: Tap) -> None:
        """Let the customer press a button."""
        sender = {"id": CHAT, "is_bot": False, "first_name": "王"}
        shown = {"message_id": 77, "chat": {"id": CHAT, "type": "private"}, "date": 1}
        query = {"id": str(number), "from": sender, "message": shown, "data": CALLBACK_DATA.encode(tap)}
        await self.telegram(number, callback_query=query)

    async def desk(self, event: str, status: str) -> httpx.Response:
        """Let the help desk tell of its ticket."""
        data = {"source": "zendesk", "ticket": "42", **ticket(status=status, customer=OURS)}
        body = json.dumps({"type": "ticket.updated", "timestamp": "2026-11-22T03:00:00Z", "data": data})
        return await self.delivers("/hooks/tickets", body.encode(), self.house.signed(body, event))

    def pushes(self, xml: str) -> Sealed:
        """Seal a push of WeChat's."""
        return seal(self.account, xml, OPENID)

    async def time_passes(self, time: timedelta = A_DAY) -> None:
        """Let time pass, and the day's work be done."""
        self.house.clock.passes(time)
        await self.job.look()

    async def customer(self) -> Customer:
        """Return the one customer."""
        async with self.house.store.reading() as session:
            (found,) = await session.records(Customer, all_of(Customer))
        return found

    async def interview(self) -> Interview:
        """Return the one interview."""
        async with self.house.store.reading() as session:
            (found,) = await session.records(Interview, all_of(Interview))
        return found


@pytest.fixture
async def town(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_house(tmp_path, url) as house:
        writer = house.web.receiver._writer  # noqa: SLF001 (the one of this house)
        receiver = Receiver(writer, house.clock, POLICY, Moves(), ReceiverOptions({"wechat": WechatQuota()}))
        alarms = Alarms(house.clock)

        async def take(raw: bytes) -> object:
            return await receiver.receive(parse_update(raw, house.clock.now(), "bot"), "telegram", raw)

        wechat = WebhookDependencies(
            receiver.receive, receiver.keep_unread, house.web.reader.answer, lambda: False, alarms.sound, alarms.mended
        )
        webhooks: dict[str, Webhook] = {
            "telegram": TelegramWebhook(TELEGRAM_SECRET, take),
            "wechat": WechatWebhook(envelopes(), wechat, house.clock),
        }
        app = create_app(replace(house.web, receiver=receiver, webhooks=webhooks))
        job = RetentionJob(
            house.store, writer, house.web.reader, house.clock, retention_periods(SETTINGS), alarms,
            housekeeping_periods(SETTINGS, capabilities_of()),
        )  # fmt: skip
        headers = {"authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, headers=headers) as client:
            yield Town(house, client, job, Account(lambda: house.clock.now().timestamp()))


async def everything(store: Store) -> Kept:
    """Return every row of every table."""
    async with store.reading() as session:
        return {
            table.name: sorted(map(repr, await session.fetch(select(*table.columns))))
            for table in METADATA.sorted_tables
        }


async def test_an_update_of_telegram_is_known_when_its_row_is_gone(town: Town) -> None:
    await town.desk("event-1", "closed")
    asked = await town.client.post("/api/v1/tickets/zendesk/42/survey", json={})
    assert asked.status_code == 200, asked.text
    interview = await town.interview()
    town.sent.clear()
    await town.taps(501, Tap(Verb.RATE, interview.id, interview.at, 1))
    await town.taps(502, Tap(Verb.RATE, interview.id, interview.at, 5))
    await town.types(503, "/stop")
    await town.types(504, "/start")
    await town.types(505, "/help")
    await town.types(506, "我要投诉，空调又坏了")
    await town.time_passes()
    async with town.house.store.reading() as session:
        assert await session.fetch(select(inbox.c.key)) == [("telegram:gone",)]
        (customer,) = await session.records(Customer, all_of(Customer))
    assert customer.opted_out_at is None
    before = await everything(town.house.store)
    for path, body, headers, _ in list(town.sent):
        assert (await town.client.post(path, content=body, headers=headers)).status_code == 200
    assert await everything(town.house.store) == before


async def test_a_new_update_is_taken_as_before(town: Town) -> None:
    await town.desk("event-1", "closed")
    await town.types(501, "/help")
    await town.types(502, "/help")
    await town.time_passes()
    await town.types(503, "/stop")
    assert (await town.customer()).opted_out_at is not None


async def test_numbers_that_begin_anew_after_a_silence_are_new(town: Town) -> None:
    await town.desk("event-1", "closed")
    await town.types(501, "/help")
    await town.types(509, "/help")
    await town.time_passes()
    await town.time_passes(timedelta(days=7))
    await town.types(505, "/stop")
    await town.time_passes()
    await town.types(506, "/start")
    async with town.house.store.reading() as session:
        assert sorted(await session.fetch(select(inbox.c.key))) == [("telegram:506",), ("telegram:gone",)]
    assert (await town.customer()).opted_out_at is None


async def test_an_event_of_a_help_desk_is_known_for_ever(town: Town) -> None:
    await town.desk("event-1", "closed")
    await town.desk("event-2", "reopened")
    await town.time_passes(timedelta(days=400))
    async with town.house.store.reading() as session:
        assert await session.fetch(select(inbox.c.key)) == []
    before = await everything(town.house.store)
    for (path, body, _, _), event in zip(list(town.sent), ("event-1", "event-2"), strict=True):
        headers = town.house.signed(body.decode(), event)  # as a sender signs its retries
        again = await town.client.post(path, content=body, headers=headers)
        assert (again.status_code, again.text) == (200, "{}")
    assert await everything(town.house.store) == before


async def test_a_push_of_wechat_is_refused_when_its_row_is_gone(town: Town) -> None:
    sealed = town.pushes(pushed(Content="我要投诉"))
    first = await town.delivers("/hooks/wechat", sealed.body, {}, sealed.query)
    assert first.status_code == 200
    await town.time_passes()
    before = await everything(town.house.store)
    assert before["inbox"] == []
    ((path, body, headers, query),) = town.sent
    again = await town.client.post(path, content=body, headers=headers, params=dict(query))
    assert again.status_code == 401
    assert await everything(town.house.store) == before


async def test_requests_are_known_by_what_they_did(town: Town) -> None:
    put = partial(town.client.put, "/api/v1/tickets/zendesk/42", json=ticket(customer=OURS))
    asks = partial(town.client.post, "/api/v1/tickets/zendesk/42/survey", json={}, headers={"idempotency-key": "once"})
    assert (await put()).status_code == 201
    assert (await asks()).status_code == 200
    await town.time_passes()
    before = await everything(town.house.store)
    assert before["inbox"] == []
    assert (await put()).status_code == 200
    assert (await asks()).status_code == 409
    after = await everything(town.house.store)
    assert len(after.pop("inbox")) == 1, "the refusal is kept for a day"
    before.pop("inbox")
    assert after == before


async def test_another_bot_is_heard_from_its_first_day_on(town: Town) -> None:
    await town.desk("event-1", "closed")
    await town.types(900_000_001, "/help")
    await town.time_passes()
    await town.types(300_000_001, "/help")  # the token is another bot's now, whose numbers are lower
    await town.time_passes()
    await town.types(300_000_002, "/stop")
    assert (await town.customer()).opted_out_at is not None


async def test_what_was_kept_unread_is_no_repetition_of_what_was_deleted_around_it(town: Town) -> None:
    await town.desk("event-1", "closed")
    clock = town.house.clock
    writer = Writer(town.house.store, clock.now)
    receiver = Receiver(writer, clock, POLICY, Moves())
    sender = {"id": CHAT, "is_bot": False, "first_name": "王"}
    said = {"message_id": 502, "chat": {"id": CHAT, "type": "private"}, "from": sender, "date": 1, "text": "/stop"}
    raw = json.dumps({"update_id": 502, "message": said}).encode()
    await town.types(501, "/help")
    kept = await receiver.keep_unread("telegram", raw, "that version could not read it")
    await town.types(503, "/help")
    await town.time_passes()
    async with town.house.store.reading() as session:
        (row,) = await session.records(InboxRow, INBOX, keys=[kept])
    await receiver.receive_again(parse_update(raw, clock.now(), "bot"), row)
    await writer.stop()
    assert (await town.customer()).opted_out_at is not None

"""WeChat's door over HTTP, with real decisions on a real database behind it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels.descriptor import Connection
from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.wechat.connect import keys_of, read_kept_push, token_note
from bot.channels.wechat.descriptor import WECHAT
from bot.channels.wechat.inbound.webhook import WebhookDependencies, WechatWebhook
from bot.channels.wechat.outbound.message_quota import WechatQuota
from bot.chat_migrations import Moves
from bot.http.app import create_app
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.ports import Parsed
from bot.process.alarms import Alarms
from bot.receiver import Receiver, ReceiverOptions
from bot.wiring.channels import notes_in
from config.settings.channels.wechat import WechatSettings
from config.settings.settings import Settings
from storage.model.records import InboxOutcome, InboxRow
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.channels.wechat.inbound.post import OPENID, envelopes, message_key, pushed
from tests.support.web.house import URL, House, open_house
from tests.support.wechat import (
    AES_KEY,
    APP_ID,
    APP_SECRET,
    TOKEN,
    Account,
    Customer,
    Sealed,
    seal,
    sign,
)
from tests.support.wechat.pushes.replies import Reply, read_reply

DOOR = "/hooks/wechat"
SETTINGS = WechatSettings.model_validate(
    {"app_id": APP_ID, "app_secret": APP_SECRET, "token": TOKEN, "aes_key": AES_KEY}
)
NUMBER = "24681012345678901"
KEY = message_key(OPENID, NUMBER)


@dataclass(slots=True)
class Street:
    """A house with WeChat's door, and the platform before it."""

    house: House
    client: httpx.AsyncClient
    account: Account
    writer: Writer
    receiver: Receiver

    async def post(self, sealed: Sealed | None = None) -> httpx.Response:
        """Deliver a push, a text unless told otherwise."""
        sealed = sealed or self.sealed()
        return await self.client.post(DOOR, params=dict(sealed.query), content=sealed.body)

    def sealed(self, xml: str = "") -> Sealed:
        """Seal a push as the platform does."""
        return seal(self.account, xml or pushed(), OPENID)

    def reply(self, answer: httpx.Response) -> Reply:
        """Read an answer as the platform does."""
        return read_reply(self.account, self.account.customers[OPENID], answer.content)

    async def row(self, key: str = KEY) -> InboxRow | None:
        """Return what is kept of a delivery."""
        look = Job(Needs(inbox=frozenset({key})), lambda rows, _now: Decision(Changes(), rows.inbox_row(key)))
        return await self.writer.decide(look)

    async def failed(self) -> list[InboxRow]:
        """Return what is kept as failed."""
        return [kept.row for kept in (await self.house.web.reader.failed_deliveries(None, None, 10)).items]

    async def tries_again(self, read: Callable[[bytes], Sequence[Parsed]] | None = None) -> None:
        """Do what is done at a start, by this version's reader or another one."""
        connections = {"wechat": Connection(channel=SandboxChannel(URL), read=read or self.reads)}
        alarms, reader = Alarms(self.house.clock), self.house.web.reader
        failed = FailedDeliveries(receiver=self.receiver, reader=reader, alarms=alarms, connections=connections)
        await failed.retry_all()

    def reads(self, raw: bytes) -> Sequence[Parsed]:
        """Read a push as this version does."""
        return read_kept_push(self.house.clock, raw)

    async def keeps(self, row: InboxRow) -> None:
        """Put a row into the inbox."""
        await self.writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes((row,)), None)))


@pytest.fixture
async def street(folder: Path) -> AsyncIterator[Street]:
    async with open_house(folder) as house:
        writer = Writer(house.store, house.clock.now)
        receiver = Receiver(
            writer, house.clock, house.web.receiver.policy, Moves(), ReceiverOptions({"wechat": WechatQuota()})
        )
        alarms: list[str] = []
        dependencies = WebhookDependencies(
            receiver.receive,
            receiver.keep_unread,
            house.web.reader.answer,
            lambda: False,
            lambda name, _: alarms.append(name),
            lambda _name, _text: None,
        )
        webhook = WechatWebhook(envelopes(), dependencies, house.clock)
        app = create_app(replace(house.web, webhooks={"wechat": webhook}))
        account = Account(lambda: house.clock.now().timestamp())
        account.customers[OPENID] = Customer(OPENID, "王女士", "u")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
            yield Street(house, client, account, writer, receiver)
        await writer.stop()


async def test_the_platform_makes_sure_of_us(street: Street) -> None:
    stamp = str(street.account.now())
    query = {"timestamp": stamp, "nonce": "486452656", "echostr": "<b>1234</b>"}
    answer = await street.client.get(DOOR, params=query | {"signature": sign(TOKEN, stamp, "486452656")})
    assert (answer.status_code, answer.text) == (200, "<b>1234</b>")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    refused = await street.client.get(DOOR, params=query | {"signature": "0" * 40})
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")


async def test_a_push_is_stored_before_it_is_answered_and_its_xml_is_not_kept(street: Street) -> None:
    answer = await street.post()
    assert (answer.status_code, street.reply(answer)) == (200, Reply("transfer"))
    assert answer.headers["content-type"] == "application/xml"
    row = await street.row()
    assert row is not None
    assert (row.door, row.raw, row.outcome) == ("wechat", b"", InboxOutcome.DONE)


async def test_the_same_push_again_is_stored_once_and_answered_alike(street: Street) -> None:
    sealed = street.sealed()
    first, again = await street.post(sealed), await street.post(sealed)
    assert first.content == again.content
    anew = await street.post()
    assert street.reply(anew) == street.reply(first)
    row = await street.row()
    assert row is not None
    assert await street.house.web.reader.answer(KEY) == row.answer == '{"transfer":true}'


async def test_an_event_that_nobody_answers_is_acknowledged(street: Street) -> None:
    answer = await street.post(street.sealed(pushed(MsgType="event", Event="unsubscribe", Content="", MsgId="")))
    assert (answer.status_code, answer.text) == (200, "success")


async def test_nobody_else_changes_a_row(street: Street) -> None:
    good = street.sealed()
    stale = seal(street.account, pushed(), OPENID, at=street.account.now() - 301)
    deliveries = [
        (401, Sealed({**good.query, "msg_signature": "0" * 40}, good.body)),
        (401, stale),
        (400, Sealed({}, b"")),
        (400, Sealed({}, pushed().encode())),
        (400, Sealed(good.query, b"\xff\xfe garbage")),
        (400, Sealed(good.query, b'<!DOCTYPE xml [<!ENTITY a "b">]>' + good.body)),
        (400, Sealed(good.query, good.body.replace(b"</xml>", b"<Encrypt>AAAA</Encrypt></xml>"))),
        (413, Sealed(good.query, good.body + b" " * 65_536)),
        (400, seal(street.account, '<!DOCTYPE xml [<!ENTITY a "b">]>' + pushed(), OPENID)),
        (400, seal(replace(street.account, app_id="wx0"), pushed(), OPENID)),
    ]
    for status, sealed in deliveries:
        answer = await street.post(sealed)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert await street.row() is None


async def test_two_followers_may_send_the_same_number_and_both_are_heard(street: Street) -> None:
    other = "oHf4k3Fake000000000000000002"
    street.account.customers[other] = Customer(other, "李先生", "u2")
    for openid in (OPENID, other, other):
        assert (await street.post(seal(street.account, pushed(FromUserName=openid), openid))).status_code == 200
    for openid in (OPENID, other):
        row = await street.row(message_key(openid, NUMBER))
        assert row is not None
        assert row.outcome is InboxOutcome.DONE


@pytest.mark.parametrize(
    ("ago", "told"), [(0, Reply("text", "2/5")), (59, Reply("text", "2/5")), (61, Reply("transfer"))]
)
async def test_a_push_repeated_across_the_upgrade_is_decided_once_and_answered_alike(
    street: Street, ago: int, told: Reply
) -> None:
    at = street.house.clock.now() - timedelta(seconds=ago)
    await street.keeps(InboxRow(f"wechat:{NUMBER}", "wechat", b"", at, answer='{"text":"2/5"}'))
    assert [street.reply(await street.post()) for _ in range(2)] == [told, told]


async def test_what_cannot_be_read_is_kept_with_its_words_and_decided_once_it_can(street: Street) -> None:
    broken = pushed().replace("<MsgId>", "<MsgNumber>").replace("</MsgId>", "</MsgNumber>")
    for _ in range(2):
        answer = await street.post(street.sealed(broken))
        assert (answer.status_code, answer.text) == (200, "success")
    (kept,) = await street.failed()
    assert (kept.door, kept.raw, kept.why) == ("wechat", broken.encode(), "<MsgId> is missing or wrong")

    def read_by_a_later_version(raw: bytes) -> Sequence[Parsed]:
        return read_kept_push(street.house.clock, raw.replace(b"MsgNumber", b"MsgId"))

    await street.tries_again()
    assert len(await street.failed()) == 1
    await street.tries_again(read_by_a_later_version)
    assert await street.failed() == []
    row = await street.row()
    assert row is not None
    assert (row.outcome, row.answer) == (InboxOutcome.DONE, '{"transfer":true}')


async def test_other_ways_to_knock_are_refused(street: Street) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await street.client.request(method, DOOR)).status_code == 405


async def test_while_wechat_is_off_the_door_says_how_to_switch_it_on(house: House) -> None:
    async with house.client(key=None) as client:
        for answer in (await client.get(DOOR), await client.post(DOOR, content=b"<xml/>")):
            assert answer.status_code == 404
            assert "wechat.app_id" in answer.json()["detail"]


async def test_what_could_not_be_decided_is_decided_at_the_next_start(street: Street) -> None:
    now = street.house.clock.now()
    await street.keeps(InboxRow(KEY, "wechat", pushed().encode(), now, InboxOutcome.FAILED, why="Bug"))
    await street.tries_again()
    row = await street.row()
    assert row is not None
    assert (row.outcome, row.answer) == (InboxOutcome.DONE, '{"transfer":true}')


async def test_the_token_is_kept_in_the_database(street: Street) -> None:
    note = token_note(notes_in(street.writer))
    assert await note.load() is None
    for value in ("first", "second"):
        await note.save(value)
        assert await token_note(notes_in(street.writer)).load() == value


def test_without_an_app_id_there_is_no_account() -> None:
    assert not WECHAT.is_on(Settings())
    assert WECHAT.is_on(Settings(wechat=SETTINGS))
    keys = keys_of(SETTINGS)
    assert (keys.app_id, keys.app_secret, keys.api_base) == (APP_ID, APP_SECRET, "https://api.weixin.qq.com")


async def test_an_unknown_delivery_has_no_answer(house: House) -> None:
    assert await house.web.reader.answer("wechat:0") == ""

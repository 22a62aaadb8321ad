"""Any other group through Apprise: the card in words with its link, no address in a log, nothing that blocks."""

import asyncio
import io
import logging
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.channels.descriptor import MadeFile
from bot.channels.notify.channel import NotifyChannel, open_targets, unreadable
from bot.channels.notify.target import NotifyTarget
from bot.ports import Blocked, Delivery, Refused, Retry, Sent, Unknown
from bot.process.system import SystemClock
from bot.signed_links import LinkPurpose
from config.errors import ConfigErrors
from dialogs.messages import FileRef, Link, Prompt
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import OutboxMessage
from tests.channels.wecom.alerts import BASE, LINKS, RATED, alarm, alert, calls, overdue, wrote
from tests.dialogs.samples import NOW

# Apprise reads all its plugins when it first looks for one, and the one for mail wants this module.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SECRETS = ("word-of-the-user", "path-token-77", "query-token-99")


@dataclass(slots=True)
class Service:
    """A service that takes notifications as JSON, with a status and after a while that the test sets."""

    url: str = ""
    status: int = 200
    waits: float = 0.0
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        if self.waits:
            await asyncio.sleep(self.waits)
        self.heard.append(await request.json())
        return web.Response(status=self.status)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service that listens."""
    ours = Service()
    app = web.Application()
    app.router.add_post("/{path:.*}", ours.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    user, path, query = SECRETS
    ours.url = f"json://me:{user}@127.0.0.1:{runner.addresses[0][1]}/{path}?+x-key={query}"
    yield ours
    await runner.cleanup()


@pytest.fixture
async def channel(service: Service) -> AsyncIterator[NotifyChannel]:
    """A channel with one target, patient for a second."""
    channel = NotifyChannel([NotifyTarget(service.url, patience=1.0)])
    yield channel
    await channel.close()


def to(chat: str, message: OutboxMessage, attempts: int = 0) -> OutboxMessage:
    return replace(message, channel="notify", chat=chat, attempts=attempts)


async def test_the_card_arrives_in_words_with_its_signed_link(channel: NotifyChannel, service: Service) -> None:
    assert isinstance(await channel.send(to("1", alert()), ""), Sent)
    (heard,) = service.heard
    assert (heard["title"], heard["type"]) == ("🔴 严重 #K3F2A 评分偏低", "failure")
    lines = heard["message"].splitlines()
    assert "工单 desk/42「空调不制冷」" in lines
    label, _, url = lines[-1].partition(" ")
    assert label == "打开处理"
    assert LINKS.read(url.removeprefix(f"{BASE}/t/"), NOW) == (LinkPurpose.TEAM, RATED.id)


async def test_what_is_not_severe_is_a_warning(channel: NotifyChannel, service: Service) -> None:
    await channel.send(to("1", alert(replace(RATED, severity=Severity.NORMAL))), "")
    await channel.send(to("1", alarm()), "")
    assert [heard["type"] for heard in service.heard] == ["warning", "warning"]


async def test_one_line_is_title_and_text(channel: NotifyChannel, service: Service) -> None:
    await channel.send(to("1", overdue()), "")
    (heard,) = service.heard
    assert heard["message"].startswith(heard["title"])
    assert BASE in heard["message"]


async def test_customers_to_ring_have_a_link_each(channel: NotifyChannel, service: Service) -> None:
    await channel.send(to("1", calls(3)), "")
    urls = [line.partition(" ")[2] for line in service.heard[0]["message"].splitlines()[-3:]]
    opened = [LINKS.read(url.removeprefix(f"{BASE}/t/"), NOW)[1][-5:] for url in urls]
    assert opened == ["00002", "00001", "00000"]


@pytest.mark.parametrize("evil", ["<!channel> come", "@everyone", "<@U123>", "https://evil.example/x"])
async def test_what_a_customer_writes_mentions_nobody(channel: NotifyChannel, service: Service, evil: str) -> None:
    await channel.send(to("1", wrote(evil)), "")
    (heard,) = service.heard
    assert evil not in heard["message"]
    assert "<" not in heard["message"]


@pytest.mark.parametrize(("attempts", "expected"), [(0, 1.0), (1, 2.0), (4, 16.0)])
async def test_a_failure_is_tried_again_later_and_later(
    channel: NotifyChannel, service: Service, attempts: int, expected: float
) -> None:
    service.status = 500
    outcome = await channel.send(to("1", alert(), attempts), "")
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.pauses_all) == (expected, False)
    assert "500" in outcome.why


async def test_after_half_a_minute_the_operator_hears_which_address_fails_and_why(
    channel: NotifyChannel, service: Service
) -> None:
    service.status = 401
    outcome = await channel.send(to("1", alert(), attempts=5), "")
    assert isinstance(outcome, Refused)
    assert outcome.alarm == "notify.1"
    assert outcome.why.startswith("notify.urls, entry 1: ")
    assert "401" in outcome.why


async def test_while_a_target_thinks_the_loop_goes_on(channel: NotifyChannel, service: Service) -> None:
    service.waits = 0.4
    sending, turns = asyncio.ensure_future(channel.send(to("1", alert()), "")), 0
    while not sending.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert isinstance(await sending, Sent)
    assert turns > 2, "a loop that stands still while the target thinks turns once before and once after"


async def test_one_that_hangs_is_in_doubt_and_holds_up_no_other(service: Service) -> None:
    port = service.url.rpartition("@127.0.0.1:")[2].partition("/")[0]
    swift = Service()
    targets = [NotifyTarget(f"json://127.0.0.1:{port}/", 0.2), NotifyTarget(service.url, 2.0)]
    channel = NotifyChannel(targets)
    service.waits = 0.6
    slow = asyncio.ensure_future(channel.send(to("1", alert()), ""))
    outcomes: list[Delivery] = [await slow]
    service.waits = 0.0
    outcomes.append(await channel.send(to("1", alert(), attempts=1), ""))
    outcomes.append(await channel.send(to("2", alert()), ""))
    assert [type(outcome) for outcome in outcomes] == [Unknown, Retry, Sent]
    assert swift.heard == []
    await channel.close()
    await asyncio.sleep(0.5)


async def test_an_entry_that_is_gone_from_the_settings_ends_its_messages(channel: NotifyChannel) -> None:
    assert isinstance(await channel.send(to("2", alert()), ""), Blocked)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that would be logged if everything were; pytest's own log reads loggers that speak to nobody, too."""
    lines, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(lines), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


async def test_no_part_of_an_address_reaches_a_log_or_an_error(
    channel: NotifyChannel, service: Service, log: io.StringIO
) -> None:
    outcomes = []
    for status in (200, 401, 404, 500):
        service.status = status
        outcomes.append(await channel.send(to("1", alert(), attempts=9), ""))
    gone = NotifyChannel([NotifyTarget(f"json://me:{SECRETS[0]}@127.0.0.1:1/{SECRETS[1]}", 1.0)])
    outcomes.append(await gone.send(to("1", alert(), attempts=9), ""))
    await gone.close()
    for secret in SECRETS:
        assert secret not in log.getvalue()
        assert secret not in repr(outcomes)


def test_an_address_that_apprise_cannot_read_stops_the_start_without_showing_it() -> None:
    urls = ("json://127.0.0.1/", "nonsense://secret-token-5", "mailto://")
    with pytest.raises(ConfigErrors) as caught:
        open_targets(urls, "huifang.toml")
    told = str(caught.value)
    assert "huifang.toml: notify.urls: Apprise cannot read entry 2." in told
    assert "entry 3" in told
    assert "secret-token-5" not in told
    assert unreadable(urls[:1]) == []


async def test_nobody_opens_a_chat_there(channel: NotifyChannel) -> None:
    with pytest.raises(LookupError, match="for the team"):
        await channel.binding("token", SystemClock().now())


# -- files ------------------------------------------------------------------------------------------------------------

PICTURE = FileRef("ab" * 32, "上周.png", "image/png", 8, Link("打开文件", "https://huifang.example/a/TOKEN"))


async def _read(prompt: Prompt) -> MadeFile:
    assert prompt.file is not None
    return MadeFile(prompt.file.name, b"\x89PNG\r\n\x1a\n", prompt.file.media_type)


async def _gone(_prompt: Prompt) -> MadeFile:
    raise LookupError("it is not kept any more")


def with_picture(**fields: Any) -> OutboxMessage:  # noqa: ANN401 (fields of FileRef)
    return to("1", replace(alarm(), prompt=Prompt("回访简报", file=replace(PICTURE, **fields))))


async def test_a_picture_goes_with_the_words_where_the_service_takes_files(service: Service) -> None:
    channel = NotifyChannel([NotifyTarget(service.url, patience=1.0)], _read)
    assert isinstance(await channel.send(with_picture(), ""), Sent)
    await channel.close()
    (heard,) = service.heard
    assert heard["message"] == "回访简报"
    (file,) = heard["attachments"]
    assert (file["filename"], file["mimetype"]) == ("上周.png", "image/png")
    assert b64decode(file["base64"]) == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("size", [8, 10_000_001])
async def test_a_file_that_is_too_large_or_kept_no_more_is_a_link(service: Service, size: int) -> None:
    channel = NotifyChannel([NotifyTarget(service.url, patience=1.0)], _gone)
    assert isinstance(await channel.send(with_picture(size=size), ""), Sent)
    await channel.close()
    (heard,) = service.heard
    assert heard["message"].splitlines() == ["回访简报", "打开文件 https://huifang.example/a/TOKEN"]
    assert not heard.get("attachments")


async def test_a_service_without_files_gets_a_link(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    target = NotifyTarget(service.url, patience=1.0)
    assert target.takes_files
    assert not NotifyTarget("dingtalk://aaaaaaaaaaaaaaaaaaaa").takes_files
    monkeypatch.setattr(NotifyTarget, "takes_files", False)
    channel = NotifyChannel([target], _read)
    assert isinstance(await channel.send(with_picture(), ""), Sent)
    await channel.close()
    assert service.heard[0]["message"].endswith("https://huifang.example/a/TOKEN")

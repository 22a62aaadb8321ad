"""A start logs a line for each channel: who the bot is, whether its team is found, how messages come; no secret."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.channels.notify.descriptor import NOTIFY
from bot.wiring.container import open_container
from config.settings.loading import load_settings, secrets_of
from tests.support.botapi import TOKEN, FakeTelegram
from tests.support.botapi.proxy import Proxy
from tests.support.botapi.world import BOT_NAME
from tests.support.database.migrated import copy_migrated
from tests.support.town.town import GROUP, eventually
from tests.support.wechat import AES_KEY, APP_ID, APP_SECRET

WECHAT = {"APP_ID": APP_ID, "APP_SECRET": APP_SECRET, "TOKEN": "push-word-51a7", "AES_KEY": AES_KEY}
SETTINGS = {
    "HUIFANG_TELEGRAM__TOKEN": TOKEN,
    "HUIFANG_TELEGRAM__TEAM_CHAT": str(GROUP),
    "HUIFANG_TELEGRAM__WEBHOOK_SECRET": "made-up-b7c2",
    "HUIFANG_WECOM__ROBOT_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush-0f1e",
    "HUIFANG_HTTP__PUBLIC_URL": "https://care.example",
    "HUIFANG_WECHAT__TEMPLATE_ID": "t1",
    "HUIFANG_WECHAT__TEMPLATE_FIELDS": '{"thing1": "{subject}"}',
    **{f"HUIFANG_WECHAT__{key}": value for key, value in WECHAT.items()},
}


async def _lines(folder: Path, caplog: pytest.LogCaptureFixture, environ: dict[str, str]) -> dict[str, str]:
    """Return what the start of a service says of each channel."""
    caplog.clear()
    settings = load_settings(environ, None, folder)
    async with open_container(settings) as container:
        names = list(container.connections)
        for name, connection in container.connections.items():
            if connection.set_up is not None:
                await _has_said(name, connection.set_up, caplog)
    said = [record.getMessage() for record in caplog.records]
    assert [line for line in said for secret in secrets_of(settings) if secret and secret in line] == []
    lines = [line for line in said if line.partition(": ")[0] in names]
    assert [line.partition(": ")[0] for line in lines].sort() == names.sort()
    return dict(line.split(": ", 1) for line in lines)


async def _has_said(name: str, set_up: Callable[[], Awaitable[None]], caplog: pytest.LogCaptureFixture) -> None:
    """Set a channel up until it has said its line: it goes on for as long as the service runs."""
    going_on = asyncio.ensure_future(set_up())

    async def line() -> bool | None:
        if going_on.done():
            going_on.result()
        return any(record.getMessage().startswith(f"{name}: ") for record in caplog.records) or None

    await eventually(line)
    going_on.cancel()
    await asyncio.wait([going_on])


async def test_each_channel_has_its_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    copy_migrated(tmp_path / "huifang.db")
    environ = SETTINGS | {"HUIFANG_DATABASE__URL": f"sqlite:///{tmp_path}/huifang.db"}
    async with FakeTelegram().serve() as telegram:
        environ["HUIFANG_TELEGRAM__API_BASE"] = telegram.api_base
        first = await _lines(tmp_path, caplog, environ)
        telegram.group(GROUP, "售后一组", [telegram.user(201, name="小李")])
        second = await _lines(tmp_path, caplog, environ | {"HUIFANG_TELEGRAM__MODE": "webhook"})
        bot = f"@{BOT_NAME}"
    assert first == {
        "telegram": f"{bot}, polling, team chat {GROUP} not found: 400 Bad Request: chat not found",
        "wechat": f"account {APP_ID}, webhook https://care.example/hooks/wechat, a template while the window is shut",
        "web": "pages below https://care.example",
        "wecom": "robot of a group; people mentioned: 0",
    }
    assert (
        second["telegram"] == f"{bot}, webhook https://care.example/hooks/telegram, team chat {GROUP} found: 售后一组"
    )


def test_further_addresses_are_counted_and_not_named(tmp_path: Path) -> None:
    urls = "json://me:hush-2d3c@127.0.0.1:9,mailto://me:hush-4e5f@example.com"
    settings = load_settings({"HUIFANG_NOTIFY__URLS": urls}, None, tmp_path)
    assert NOTIFY.summary(settings) == "further addresses for alerts: 2"


async def test_the_service_reaches_telegram_by_the_proxy(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    copy_migrated(tmp_path / "huifang.db")
    with Proxy().serve() as proxy:
        async with FakeTelegram().serve() as telegram:
            environ = {
                "HUIFANG_DATABASE__URL": f"sqlite:///{tmp_path}/huifang.db",
                "HUIFANG_TELEGRAM__TOKEN": TOKEN,
                "HUIFANG_TELEGRAM__API_BASE": telegram.api_base,
                "HUIFANG_TELEGRAM__PROXY": f"socks5://127.0.0.1:{proxy.port}",
            }
            lines = await _lines(tmp_path, caplog, environ)
    assert lines["telegram"].startswith(f"@{BOT_NAME}, polling, no team chat")
    assert proxy.asked


async def test_the_sandbox_says_that_it_stands_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    copy_migrated(tmp_path / "huifang.db")
    lines = await _lines(tmp_path, caplog, {"HUIFANG_DATABASE__URL": f"sqlite:///{tmp_path}/huifang.db"})
    assert lines["sandbox"] == "stands in for a channel: nothing is sent to anybody"

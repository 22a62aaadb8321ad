"""A process holds only what its channels, its database and its roles need."""

from pathlib import Path

import pytest

from tests.support.botapi import FakeTelegram
from tests.support.database.migrated import copy_migrated
from tests.support.process import product_at

OF_OTHERS = {
    "alembic": "where there is something to migrate",
    "apprise": "for `notify.urls`",
    "asyncpg": "for PostgreSQL",
    "bot.channels.notify.channel": "for `notify.urls`",
    "bot.channels.sandbox.channel": "while no other channel for customers is configured",
    "bot.channels.wechat.connect": "for `wechat.app_id`",
    "bot.channels.wecom.channel": "for `wecom.robot_url`",
    "bot.http.console.routes": "for the sandbox's page",
    "cryptography": "for WeChat's envelopes",
    "holidays": "for the calendar of a country, which these processes have not (`tests.support.process`)",
    "jinja2": "for the first page",
    "requests": "for Apprise",
    "rich": "for the command line of httpx",
    "segno": "for the first QR code",
    "sqlalchemy.ext.asyncio": "for PostgreSQL",
    "sqlalchemy.orm": "for PostgreSQL",
    "storage.dialects.postgres": "for PostgreSQL",
    "wechatpy": "for WeChat",
    "xmltodict": "for WeChat",
}
"""Modules, and when they are imported."""

NEEDED = {"bot.channels.telegram.channel", "msgspec", "pyreqwest", "sqlalchemy", "standardwebhooks", "telegram"}


OF_THE_WEB = {"fastapi", "starlette", "uvicorn"}


async def imported(folder: Path, roles: str = "") -> set[str]:
    """Return the modules that a process with Telegram alone has imported when it has told Telegram about itself."""
    url = f"sqlite:///{copy_migrated(folder / 'huifang.db')}"
    async with FakeTelegram().serve() as telegram:
        settings = {"database.url": url, "telegram.token": telegram.token, "telegram.api_base": telegram.api_base}
        async with product_at(folder, settings) as product:
            product.roles, product.interpreter = roles, {"PYTHONPROFILEIMPORTTIME": "1"}
            await (product.launch() if roles else product.start())
            await telegram.until(lambda: telegram.calls("setMyCommands") or None, within=30)
            await product.stop()
            lines = (line for line in product.log.splitlines() if line.startswith("import time:"))
            return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.proof
async def test_a_process_with_telegram_alone_imports_nothing_of_the_others(tmp_path: Path) -> None:
    modules = await imported(tmp_path)
    assert modules >= NEEDED | OF_THE_WEB
    assert modules & OF_OTHERS.keys() == set()


@pytest.mark.proof
async def test_a_process_that_only_sends_and_wakes_imports_no_web_server(tmp_path: Path) -> None:
    modules = await imported(tmp_path, roles="send,tick")
    assert modules >= NEEDED
    assert modules & (OF_OTHERS.keys() | OF_THE_WEB) == set()

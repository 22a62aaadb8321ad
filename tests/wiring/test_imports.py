"""A process holds only what its channels, its database and its roles need."""

from pathlib import Path

from storage.connection.migrate import upgrade
from tests.support.botapi import FakeTelegram
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
    "holidays": "for `survey.business_days`",
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

NEEDED = {"bot.channels.telegram.channel", "fastapi", "msgspec", "pyreqwest", "sqlalchemy", "telegram"}


async def test_a_process_with_telegram_alone_imports_nothing_of_the_others(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/huifang.db"
    await upgrade(url)
    async with FakeTelegram().serve() as telegram:
        settings = {
            "database.url": url,
            "telegram.token": telegram.token,
            "telegram.api_base": telegram.api_base,
            "survey.quiet_hours": "off",
        }
        async with product_at(tmp_path, settings) as product:
            product.interpreter = {"PYTHONPROFILEIMPORTTIME": "1"}
            await product.start()
            await telegram.until(lambda: telegram.calls("setMyCommands") or None)
            await product.stop()
            imported = set(imports_in(product.log))
    assert imported >= NEEDED
    assert imported & OF_OTHERS.keys() == set()


def imports_in(log: str) -> list[str]:
    """Return the modules that the interpreter says it has imported (`-X importtime`)."""
    return [line.rpartition("|")[2].strip() for line in log.splitlines() if line.startswith("import time:")]

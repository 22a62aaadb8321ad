"""The bots under test: how each is started, and how an interview with it begins."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bench.load import Beginning
from bench.updates import command_start, ticket_start

__all__ = ["API_KEY", "HOOK", "SECRET", "TOKEN", "Subject", "huifang", "null_bot", "one_by_one", "ptb_bot"]

TOKEN = "7000000001:AAfakeTokenOfTheFakeTelegramServer0"  # noqa: S105 (invented)
SECRET = "bench-webhook-secret-4b1d"  # noqa: S105 (invented)
API_KEY = "bench-api-key-9c2e7f"
HOOK = "/hooks/telegram"


@dataclass(frozen=True, slots=True)
class Subject:
    """One bot: its command line, its environment, and the request by which an interview begins."""

    name: str
    command: Sequence[str]
    begin: Beginning
    environment: Mapping[str, str] = field(default_factory=dict)


def ptb_bot(port: int, api_base: str, folder: Path) -> Subject:
    """Describe the comparison; interviews begin by /start."""
    options = ["--port", str(port), "--api-base", f"{api_base}/bot", "--token", TOKEN, "--secret", SECRET]
    command = [sys.executable, "-m", "bench.ptb_bot", *options, "--db", str(folder / "ptb.db")]
    return Subject("python-telegram-bot", command, partial(command_start, HOOK, SECRET))


def null_bot(port: int, api_base: str, folder: Path) -> Subject:
    """Describe the bot that only replies: the generator's own ceiling."""
    del folder
    options = ["--port", str(port), "--api-base", f"{api_base}/bot", "--token", TOKEN]
    return Subject("null bot", [sys.executable, "-m", "bench.null_bot", *options], partial(command_start, HOOK, SECRET))


def one_by_one(port: int, api_base: str, folder: Path) -> Subject:
    """Describe the product with every decision in a commit of its own."""
    whole = huifang(port, api_base, folder)
    return replace(whole, name="huifang-1", command=[sys.executable, "-m", "bench.one_by_one"])


def huifang(port: int, api_base: str, folder: Path, *, paced: bool = False) -> Subject:
    """Describe the product in webhook mode; interviews begin by a closed ticket.

    Its pacer is opened wide unless it shall be `paced` as its own settings say.
    """
    unlimited = ("RATE", "CHAT_RATE", "CHAT_BURST", "GROUP_RATE")
    environment = {
        "HUIFANG_DATABASE__URL": f"sqlite:///{folder / 'huifang.db'}",
        "HUIFANG_HTTP__PORT": str(port),
        "HUIFANG_HTTP__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HUIFANG_API__KEYS": API_KEY,
        "HUIFANG_SURVEY__DELAY": "0s",
        "HUIFANG_SURVEY__QUIET_HOURS": "off",
        "HUIFANG_TELEGRAM__TOKEN": TOKEN,
        "HUIFANG_TELEGRAM__API_BASE": api_base,
        "HUIFANG_TELEGRAM__MODE": "webhook",
        "HUIFANG_TELEGRAM__WEBHOOK_SECRET": SECRET,
    }
    if not paced:
        environment |= {f"HUIFANG_TELEGRAM__{limit}": "1000000" for limit in unlimited}
    command = [sys.executable, "-m", "bot", "run"]
    return Subject("huifang", command, partial(ticket_start, API_KEY), environment)

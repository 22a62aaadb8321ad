"""Log lines: readable on a terminal, JSON elsewhere, and without secrets everywhere."""

import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from bot.process.redaction import Redactor

__all__ = ["set_up_logs"]

_CHATTY = (
    "httpx",
    "httpcore",
    "telegram",
    "pyreqwest",
    "apscheduler",
    "aiosqlite",
    "asyncio",
    "uvicorn.access",
    "alembic",
)
"""They log URLs that hold tokens, or every step (docs/reference/promises.md, Secrets and logs)."""


class _Clean(logging.Formatter):
    """Redacts the whole line, the traceback included."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%H:%M:%S")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


class _Json(_Clean):
    """One JSON object a line: at, level, logger, message, and `alarm` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if alarm := getattr(record, "alarm", None):
            line["alarm"] = alarm
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return self._redactor.clean(json.dumps(line, ensure_ascii=False))


def set_up_logs(secrets: Iterable[str], stream: TextIO = sys.stderr) -> None:
    """Send every logger's lines to `stream` through the redactor; no handler is left without it."""
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Clean(redactor) if stream.isatty() else _Json(redactor))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)

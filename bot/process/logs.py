"""Log lines: readable on a terminal, JSON elsewhere, and without secrets everywhere."""

import asyncio
import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO, TypeAlias

__all__ = ["REQUEST_ID", "Redactor", "log_loop_error", "redact", "set_up_logs"]

REQUEST_ID: ContextVar[str] = ContextVar("REQUEST_ID", default="")
"""The name of the request that is being answered; empty elsewhere."""

logger = logging.getLogger(__name__)

_CHATTY = (
    "pyreqwest",
    "apscheduler",
    "aiosqlite",
    "asyncio",
    "uvicorn.access",
    "alembic",
)
"""They log URLs that hold tokens, or every step (docs/reference/hazards.md, Secrets and logs)."""


_SHAPES = (
    re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"),  # a Telegram bot token, as in every Bot API URL
    re.compile(r"(?i)\b(?:secret|access_token|token|appsecret|password|api_key|key)=[^&\s\"']+"),
    re.compile(r"(?i)\b(?:authorization|cookie|set-cookie)\b\W{1,4}(?:bearer\s+)?[^\s\"',}]+"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # the user and password of a database URL
    re.compile(r"whsec_[A-Za-z0-9+/=_-]+"),
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),  # a mainland China mobile number
    re.compile(r"(?<=/[adfrst]/)[^\s/?#\"']{16,}"),  # the token of a page's link
    re.compile(r"(?<=[?&]start=)[A-Za-z0-9_%=-]+|(?<=/start )[A-Za-z0-9_-]{16,}"),  # that of a link to a chat
    re.compile(r"(?<=/customers/)[^\s\"']+"),  # a customer's id in a path of the API
)
_SHORTEST = 6

_ExceptionInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def redact(text: str) -> str:
    """Return a text with `•••` in place of whatever has the form of a secret."""
    for shape in _SHAPES:
        text = shape.sub("•••", text)
    return text


class Redactor:
    """Replaces known secrets, and whatever has the form of one, by `•••`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the settings' secrets; those under six characters are skipped, since they occur in plain words."""
        self._secrets = tuple(sorted({s for s in secrets if len(s) >= _SHORTEST}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return the text with `•••` in place of every secret."""
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        return redact(text)


class _Clean(logging.Formatter):
    """Redacts the whole line, and writes of exceptions their kinds and places, for their texts may quote anything."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%H:%M:%S")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        request = REQUEST_ID.get()
        return self._redactor.clean(f"{super().format(record)}{f'  [{request}]' if request else ''}")

    def formatException(self, ei: _ExceptionInfo) -> str:  # noqa: N802 (as it is called in `logging`)
        """Return the calls that led to an exception and its kind; likewise of those that it follows from."""
        return "".join(_traced(ei[1], set())).rstrip() if ei[1] is not None else ""


def _traced(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    group = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (before, *group):
        if other is not None and id(other) not in seen:
            yield from _traced(other, seen)
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}\n"


class _Json(_Clean):
    """One JSON object a line: at, level, logger, message, and `alarm` and `request` where there is one.

    Texts are redacted before they are written as JSON, which escapes quotes and backslashes of a secret.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if alarm := getattr(record, "alarm", None):
            line["alarm"] = alarm
        if request := REQUEST_ID.get():
            line["request"] = request
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps({name: self._redactor.clean(text) for name, text in line.items()}, ensure_ascii=False)


def set_up_logs(secrets: Iterable[str], stream: TextIO = sys.stderr, chatty: Iterable[str] = ()) -> None:
    """Send every logger's lines to `stream` through the redactor; of `chatty` loggers warnings and worse only."""
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Clean(redactor) if stream.isatty() else _Json(redactor))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in (*_CHATTY, *chatty):
        logging.getLogger(name).setLevel(logging.WARNING)


def log_loop_error(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Log an error that nobody waited for; asyncio's own line would quote it, and the arguments of a callback."""
    what = str(context["message"]).partition(" callback ")[0]
    logger.error("in the event loop: %s", what, exc_info=context.get("exception"))

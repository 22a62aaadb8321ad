"""One Apprise address, notified in a thread of its own, since Apprise blocks while it waits for the network."""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType
from apprise.attachment.memory import AttachMemory

from bot.channels.descriptor import MadeFile
from bot.channels.notify.words import NotifyText
from dialogs.sanitize import one_line
from scoring.values import Value

__all__ = ["Notified", "NotifyFailed", "NotifyTarget", "TimedOut", "reads"]

_PATIENCE = 30.0
"""Seconds for one notification; Apprise itself waits four for a connection and four for an answer."""
_LONGEST = 200
_SHORTEST_SECRET = 4
_SEPARATORS = re.compile(r"[/?&=:@#,;]+")
# They log whole addresses: their messages are taken from the result, without secrets, and logged here.
for _name in ("apprise", "requests", "urllib3"):
    logging.getLogger(_name).propagate = False
_ASSET = AppriseAsset(
    app_id="huifang", app_desc="huifang", app_url="", storage_mode="memory", service_timeout=0, allow_templates=False
)


class Notified(Value):
    """The target took the message."""


class NotifyFailed(Value):
    """The target did not take the message."""

    why: str


class TimedOut(Value):
    """No answer in time; `has_begun`: it may still take the message."""

    has_begun: bool


def reads(url: str) -> bool:
    """Return whether Apprise can read an address."""
    return Apprise(asset=_ASSET).add(url)


class NotifyTarget:
    """One address. A message waits for an earlier one that hangs, at most `patience` seconds."""

    def __init__(self, url: str, patience: float = _PATIENCE) -> None:
        """Use an address that `reads` accepts."""
        self._apprise = Apprise(asset=_ASSET)
        self._apprise.add(url)
        self._secrets = sorted(_secrets(url), key=len, reverse=True)
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "notify")

    @property
    def takes_files(self) -> bool:
        """Whether the target's service takes files with a message."""
        return any(plugin.attachment_support for plugin in self._apprise)

    async def notify(self, words: NotifyText, file: MadeFile | None = None) -> Notified | NotifyFailed | TimedOut:
        """Send a message without blocking the event loop; return what became of it."""
        job = self._thread.submit(self._notify, words, file)
        answer = asyncio.wrap_future(job)
        done, _ = await asyncio.wait([answer], timeout=self._patience)
        if done:
            return answer.result()
        return self._given_up(job, answer)

    def close(self) -> None:
        """End the thread; what has begun ends by itself."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _given_up(
        self, job: "Future[Notified | NotifyFailed]", answer: "asyncio.Future[Notified | NotifyFailed]"
    ) -> TimedOut:
        has_begun = not job.cancel()
        answer.cancel()
        return TimedOut(has_begun)

    def _notify(self, words: NotifyText, file: MadeFile | None) -> Notified | NotifyFailed:
        kind = NotifyType.FAILURE if words.is_urgent else NotifyType.WARNING
        attached = _attached(file) if file is not None else None
        result = self._apprise.notify(words.body, words.title, kind, NotifyFormat.TEXT, attach=attached)
        if result:
            return Notified()
        said = " ".join(entry.message for entry in result.logs()) or "Apprise does not say why"
        return NotifyFailed(one_line(self._cleaned(said), _LONGEST))

    def _cleaned(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        return text


_attach: Callable[..., Any] = AttachMemory  # Apprise does not say of what types


def _attached(file: MadeFile) -> object:
    return _attach(file.content, file.name, file.media_type)


def _secrets(url: str) -> set[str]:
    """Return every piece of an address, since only its service knows which of them are tokens."""
    rest = url.partition("://")[2]
    pieces = {*_SEPARATORS.split(rest), *_SEPARATORS.split(unquote(rest)), url}
    return {piece for piece in pieces if len(piece) >= _SHORTEST_SECRET}

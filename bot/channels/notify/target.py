"""One Apprise address: told in a thread of its own, because Apprise waits for the network where it stands."""

import asyncio
import logging
import re
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import unquote

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType

from bot.channels.notify.words import Words
from dialogs.sanitize import one_line
from scoring.values import Value

__all__ = ["Failed", "Hangs", "Target", "Told", "reads"]

_PATIENCE = 30.0
"""Seconds for all that one target does; Apprise itself waits four for a connection and four for an answer."""
_LONGEST = 200
_SHORTEST_SECRET = 4
_PARTS = re.compile(r"[/?&=:@#,;]+")
# They write whole addresses: what they say is taken from the result, cleaned, and told by us.
for _name in ("apprise", "requests", "urllib3"):
    logging.getLogger(_name).propagate = False
_ASSET = AppriseAsset(
    app_id="huifang", app_desc="huifang", app_url="", storage_mode="memory", service_timeout=0, allow_templates=False
)


class Told(Value):
    """It took the message."""


class Failed(Value):
    """It did not take the message."""

    why: str


class Hangs(Value):
    """No answer in time; `has_begun`: it may take the message yet."""

    has_begun: bool


def reads(url: str) -> bool:
    """Return whether Apprise knows what to do with an address."""
    return Apprise(asset=_ASSET).add(url)


class Target:
    """One address. What is told while an earlier message hangs waits for that one, and not for ever."""

    def __init__(self, url: str, patience: float = _PATIENCE) -> None:
        """Know an address that `reads`."""
        self._apprise = Apprise(asset=_ASSET)
        self._apprise.add(url)
        self._secrets = sorted(_secrets(url), key=len, reverse=True)
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "notify")

    async def tell(self, words: Words) -> Told | Failed | Hangs:
        """Tell it; the event loop goes on meanwhile."""
        job = self._thread.submit(self._notify, words)
        answer = asyncio.wrap_future(job)
        done, _ = await asyncio.wait([answer], timeout=self._patience)
        if done:
            return answer.result()
        return self._given_up(job, answer)

    def close(self) -> None:
        """Let go; what has begun ends by itself."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _given_up(self, job: "Future[Told | Failed]", answer: "asyncio.Future[Told | Failed]") -> Hangs:
        has_begun = not job.cancel()
        answer.cancel()
        return Hangs(has_begun)

    def _notify(self, words: Words) -> Told | Failed:
        kind = NotifyType.FAILURE if words.is_urgent else NotifyType.WARNING
        result = self._apprise.notify(words.body, words.title, kind, NotifyFormat.TEXT)
        if result:
            return Told()
        said = " ".join(entry.message for entry in result.logs()) or "Apprise does not say why"
        return Failed(one_line(self._cleaned(said), _LONGEST))

    def _cleaned(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "•••")
        return text


def _secrets(url: str) -> set[str]:
    """Return every part of an address: which of them are tokens, only its service knows."""
    rest = url.partition("://")[2]
    parts = {*_PARTS.split(rest), *_PARTS.split(unquote(rest)), url}
    return {part for part in parts if len(part) >= _SHORTEST_SECRET}

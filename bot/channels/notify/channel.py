"""The channel of Apprise's targets: each address is a chat, named by its number."""

import logging
from collections.abc import Sequence
from datetime import datetime

from bot.channels.descriptor import MadeFile, ReadFile, SettingProblem
from bot.channels.notify.target import Notified, NotifyFailed, NotifyTarget, TimedOut, reads
from bot.channels.notify.words import notify_text
from bot.ports import Binding, Blocked, Delivery, Refused, Retry, Sent, Unknown
from config.errors import ConfigError, ConfigErrors
from dialogs.messages import Prompt
from storage.model.records import OutboxMessage

__all__ = ["NotifyChannel", "open_targets", "unreadable"]

_PATIENT_FOR = 5
"""Failures of one message, half a minute in all, after which the operator is told."""
_LONGEST_PAUSE = 60.0
_MOST_FILE = 10_000_000
"""Bytes; mailboxes take hardly more, and nobody says how much."""
logger = logging.getLogger(__name__)


class NotifyChannel:
    """Sends to what Apprise reaches; it receives nothing and cannot edit."""

    name = "notify"

    def __init__(self, targets: Sequence[NotifyTarget], read_file: ReadFile | None = None) -> None:
        """Send to these targets; without `read_file` files go as links."""
        self._read_file = read_file
        self._targets = {str(number): target for number, target in enumerate(targets, 1)}

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Send to one target, always a new message. Never raises; cancelled, the message is in doubt."""
        del edits
        target = self._targets.get(message.chat)
        if target is None:
            return Blocked("no_contact", f"notify.urls has no entry {message.chat} any more")
        try:
            file = await self._file(message.prompt, target)
            prompt = message.prompt if file is not None else message.prompt.without_file
            outcome = await target.notify(notify_text(prompt), file)
        except Exception as error:  # noqa: BLE001 (a mistake of a plugin's loses no alert)
            reason = type(error).__name__  # not its words: a plugin may have put the address into them
            logger.error("notify.%s failed in a way that is not foreseen: %s", message.chat, reason)  # noqa: TRY400 (the traceback holds those words)
            outcome = NotifyFailed(type(error).__name__)
        return _delivery(outcome, message)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Ignore it: there are no buttons."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Raise LookupError: these chats are for the team."""
        del token, expires_at
        raise LookupError("notify.urls are for the team; customers cannot open a chat there")

    async def close(self) -> None:
        """End the threads."""
        for target in self._targets.values():
            target.close()

    async def _file(self, prompt: Prompt, target: NotifyTarget) -> MadeFile | None:
        """Return the file that goes with a message; None where the target takes none, or it is not kept any more."""
        if prompt.file is None or self._read_file is None or prompt.file.size > _MOST_FILE or not target.takes_files:
            return None
        try:
            return await self._read_file(prompt)
        except LookupError:
            return None


def open_targets(urls: Sequence[str], where: str, read_file: ReadFile | None = None) -> NotifyChannel:
    """Return the channel of these addresses, which stand in `where`.

    Raises ConfigErrors, which show no address, where some cannot be read.
    """
    if wrong := unreadable(urls):
        raise ConfigErrors([ConfigError(where, problem.key, problem.what, problem.fix) for problem in wrong])
    return NotifyChannel([NotifyTarget(url) for url in urls], read_file)


def unreadable(urls: Sequence[str]) -> list[SettingProblem]:
    """Return a problem for each address that Apprise cannot read; none of them shows the address."""
    fix = "Look up how its service is written: https://appriseit.com/services."
    return [
        SettingProblem("notify.urls", f"Apprise cannot read entry {number}.", fix)
        for number, url in enumerate(urls, 1)
        if not reads(url)
    ]


def _delivery(outcome: Notified | NotifyFailed | TimedOut, message: OutboxMessage) -> Delivery:
    match outcome:
        case Notified():
            return Sent(message.id)
        case NotifyFailed(why):
            return _failed(why, message)
        case TimedOut(has_begun=True) if message.attempts == 0:
            return Unknown("it did not answer in time")
        case TimedOut():
            return _failed("it does not answer", message)


def _failed(why: str, message: OutboxMessage) -> Delivery:
    if message.attempts >= _PATIENT_FOR:
        return Refused(f"notify.urls, entry {message.chat}: {why}", f"notify.{message.chat}")
    return Retry(min(2.0**message.attempts, _LONGEST_PAUSE), why)

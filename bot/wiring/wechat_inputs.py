"""WeChat's part in the process: who the account is, its door, what failed there, the token that outlives a restart."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import SecretStr

from bot.channels.wechat.api.account import AccountKeys
from bot.channels.wechat.api.tokens import TokenNote
from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.channels.wechat.inbound.parse import NAME, read_push
from bot.channels.wechat.inbound.webhook import Desk, Door
from bot.ports import Clock
from bot.receiver import Receiver
from config.settings.settings import WechatSettings
from scoring.values import replace
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["hear_wechat", "token_note", "wechat_door", "wechat_keys"]

_KEY = "wechat.token"
_NEEDS = Needs(notes=frozenset({_KEY}))


def wechat_keys(settings: WechatSettings) -> AccountKeys | None:
    """Return who the account is to its interfaces; None while WeChat is off."""
    if settings.app_id is None:
        return None
    return AccountKeys(settings.app_id, _revealed(settings.app_secret), settings.api_base)


def wechat_door(
    settings: WechatSettings, receiver: Receiver, reader: Reader, clock: Clock, wants_inline: Callable[[], bool]
) -> Door | None:
    """Return the door of `/hooks/wechat`; None while WeChat is off."""
    if settings.app_id is None:
        return None
    envelopes = Envelopes(settings.app_id, _revealed(settings.token), _revealed(settings.aes_key))
    return Door(envelopes, Desk(receiver.hear, reader.answer, wants_inline), clock)


def hear_wechat(receiver: Receiver, clock: Clock) -> Callable[[bytes], Awaitable[object]]:
    """Return what takes one decrypted push that was kept as failed, and returns once it is stored."""

    async def hear(raw: bytes) -> None:
        for parsed in read_push(raw.decode(), clock.now()).parsed:
            await receiver.hear(parsed, NAME, raw)

    return hear


def token_note(writer: Writer) -> TokenNote:
    """Return where the access token is kept."""

    async def load() -> str | None:
        return await writer.decide(Job(_NEEDS, _looked))

    async def save(value: str) -> None:
        await writer.decide(Job(_NEEDS, lambda snapshot, now: _written(snapshot, now, value)))

    return TokenNote(load, save)


def _looked(snapshot: Snapshot, _now: datetime) -> Decision[str | None]:
    note = snapshot.note(_KEY)
    return Decision(Changes(), note.value if note is not None else None)


def _written(snapshot: Snapshot, now: datetime, value: str) -> Decision[None]:
    note = snapshot.note(_KEY) or Note(_KEY, value, now)
    return Decision(Changes((replace(note, value=value, at=now),)), None)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""

"""What each error code of the Bot API means for the message that was being sent; a table.

Codes are HTTP statuses (core.telegram.org/bots/api, making requests). The descriptions are not documented: they are
those of the Bot API server (github.com/tdlib/telegram-bot-api) and of Telegram behind it
(core.telegram.org/api/errors).
"""

from collections.abc import Mapping
from http import HTTPStatus

from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.http_client.remedies import (
    AlreadySent,
    ChatMoved,
    EditTargetGone,
    PauseAll,
    Refuse,
    Remedy,
    ShutOut,
    StopForOperator,
    TryAgain,
    backoff,
    delivery_for,
    remedy_without_answer,
)
from bot.ports import Delivery

__all__ = ["CONFLICT", "TEAM_CHAT", "TOKEN", "BotApiError", "alarm_of", "retry_after", "telegram_delivery"]

TOKEN = "telegram.token"  # noqa: S105 (an alarm's name)
CONFLICT = "telegram.conflict"
TEAM_CHAT = "telegram.team_chat"


class BotApiError(ApiError):
    """Telegram refused: besides code and description, seconds to wait and the group's new id, 0 for none."""

    def __init__(self, code: int, text: str, *, retry_after: int = 0, migrate_to: int = 0) -> None:
        super().__init__(code, text)
        self.retry_after = retry_after
        self.migrate_to = migrate_to

    @property
    def is_refusal(self) -> bool:
        """Return whether the same request would be refused again, unlike a flood or Telegram's own trouble."""
        return self.code < HTTPStatus.INTERNAL_SERVER_ERROR and self.code != HTTPStatus.TOO_MANY_REQUESTS

    @property
    def is_about_topic(self) -> bool:
        """Return whether a message was refused because its topic is closed or gone."""
        return self.is_refusal and any(part in self.text.lower() for part in _NO_TOPIC)

    @property
    def is_about_file(self) -> bool:
        """Return whether a file was refused for what it is, as a picture of odd sides or one that is too large."""
        is_too_large = self.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return is_too_large or (self.is_refusal and any(part in self.text.lower() for part in _NO_FILE))

    @property
    def is_about_words(self) -> bool:
        """Return whether a text was to replace one of a message that has none, since it is a file with a caption."""
        return self.is_refusal and _NO_TEXT in self.text.lower()


_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
_NO_FILE = (
    "photo_invalid_dimensions",
    "photo_save_file_invalid",
    "photo_ext_invalid",
    "image_process_failed",
    "file is too big",
    "file must be non-empty",
    "wrong file",
    "not enough rights to send photos",
    "not enough rights to send documents",
)
_NO_TEXT = "there is no text in the message to edit"
_BLOCKED, _NO_CONTACT = ShutOut("blocked"), ShutOut("no_contact")
_NOT_MODIFIED = "message is not modified"

_BY_DESCRIPTION: tuple[tuple[str, Remedy], ...] = (
    ("message to edit not found", EditTargetGone()),
    ("message can't be edited", EditTargetGone()),
    (_NO_TEXT, EditTargetGone()),
    ("message_id_invalid", EditTargetGone()),
    ("chat not found", _NO_CONTACT),
    ("peer_id_invalid", _NO_CONTACT),
    ("user not found", _NO_CONTACT),
    ("can't initiate conversation", _NO_CONTACT),
    ("bot was blocked by the user", _BLOCKED),
    ("user is deactivated", _BLOCKED),
    ("bot was kicked", _BLOCKED),
    ("bot is not a member", _BLOCKED),
    ("group chat was deleted", _BLOCKED),
    ("not enough rights to send", _BLOCKED),
    ("have no rights to send", _BLOCKED),
    ("chat_write_forbidden", _BLOCKED),
)
"""Parts of descriptions, in lower case; the first that fits counts, before the code."""

_BY_CODE: Mapping[int, Remedy] = {
    HTTPStatus.UNAUTHORIZED: StopForOperator(TOKEN),
    HTTPStatus.FORBIDDEN: _BLOCKED,
    HTTPStatus.NOT_FOUND: StopForOperator(TOKEN),  # a token of the wrong form is an address that does not exist
    HTTPStatus.CONFLICT: StopForOperator(CONFLICT),  # a second getUpdates, or one while a webhook is set
}


def telegram_delivery(error: CallError, edits: str, attempts: int) -> Delivery:
    """Return what became of a message whose call failed; `edits` is the receipt it edits, `attempts` those before."""
    remedy = _remedy(error, edits, attempts) if isinstance(error, BotApiError) else remedy_without_answer(error)
    return delivery_for(remedy, str(error), attempts, edits)


def alarm_of(error: CallError) -> str:
    """Return the alarm for what only the operator can mend, empty for the rest."""
    remedy = _BY_CODE.get(error.code) if isinstance(error, BotApiError) else None
    return remedy.alarm if isinstance(remedy, StopForOperator) else ""


def retry_after(error: CallError, failures: int) -> float:
    """Return the seconds to wait: those that Telegram asks for, else `backoff` after so many failures."""
    asked = error.retry_after if isinstance(error, BotApiError) else 0
    return float(asked) or backoff(failures)


def _remedy(error: BotApiError, edits: str, attempts: int) -> Remedy:
    if error.code == HTTPStatus.TOO_MANY_REQUESTS:
        # The whole bot is refused until then, not only in this chat (gramio.dev/rate-limits).
        return PauseAll(retry_after(error, attempts))
    if not error.is_refusal:
        return TryAgain()
    if error.migrate_to:  # the group became a supergroup (Bot API, ResponseParameters)
        return ChatMoved(str(error.migrate_to))
    said = error.text.lower()
    if edits and _NOT_MODIFIED in said:  # an edit that arrived before, or changes nothing
        return AlreadySent()
    by_description = next((remedy for part, remedy in _BY_DESCRIPTION if part in said), None)
    return by_description or _BY_CODE.get(error.code, Refuse())

"""The four ways in which a Bot API call fails. None of them ever carries the URL, because the URL holds the token."""

from http import HTTPStatus

from telegram.error import TelegramError

__all__ = ["ApiError", "GatewayError", "NeverLeftError", "NoAnswerError"]


class ApiError(TelegramError):
    """Telegram answered no: its code and description, seconds to wait, the group's new id."""

    __slots__ = ("code", "description", "migrate_to", "retry_after")

    def __init__(self, code: int, description: str, *, retry_after: int = 0, migrate_to: int = 0) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to

    @property
    def is_refusal(self) -> bool:
        """Return whether the same request would be refused again, unlike a flood or Telegram's own trouble."""
        return self.code < HTTPStatus.INTERNAL_SERVER_ERROR and self.code != HTTPStatus.TOO_MANY_REQUESTS


class GatewayError(TelegramError):
    """Something between us and Telegram answered in its place, mostly with a page of HTML; nothing was delivered."""


class NeverLeftError(TelegramError):
    """No connection came about: the request never left this machine."""


class NoAnswerError(TelegramError):
    """The request left and no answer of Telegram's came back: it may have been carried out."""

"""Outgoing messages for the tests of the Telegram channel."""

from datetime import UTC, datetime

from dialogs.messages import Choice, Link, Person, Prompt, Tap, Verb
from storage.model.records import OutboxMessage, Purpose

__all__ = ["NOW", "RATINGS", "Choice", "Link", "Person", "Prompt", "message", "rating_prompt"]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
INTERVIEW = "int_abcdefghijklmnop"
RATINGS = (
    tuple(Choice(f"{n} 分", Tap(Verb.RATE, INTERVIEW, "response_speed", n)) for n in range(1, 6)),
    (Choice("跳过", Tap(Verb.SKIP, INTERVIEW, "response_speed")),),
)


def message(prompt: Prompt, chat: int | str = 10001, attempts: int = 0) -> OutboxMessage:
    """Make an outgoing message with this prompt."""
    return OutboxMessage(
        "out_1", "telegram", str(chat), Purpose.SURVEY, prompt, created_at=NOW, not_before=NOW, attempts=attempts
    )


def rating_prompt(text: str = "响应速度：您满意吗？") -> Prompt:
    """Make the question of a rating step."""
    return Prompt(text, RATINGS)

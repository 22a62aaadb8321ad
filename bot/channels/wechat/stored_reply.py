"""What is replied to a customer's own message, as it is kept in `InboxRow.answer` for WeChat's retry of it."""

import msgspec

from scoring.values import Value

__all__ = ["HAND_OVER", "Answer", "decode", "encode"]


class Answer(Value, omit_defaults=True):
    """A passive reply: a text, or (`transfer`) the account's own people take over."""

    text: str = ""
    transfer: bool = False


HAND_OVER = Answer(transfer=True)
_DECODER = msgspec.json.Decoder(Answer)


def encode(answer: Answer) -> str:
    """Write it as JSON: `{"text": "…"}` or `{"transfer": true}`."""
    return msgspec.json.encode(answer).decode()


def decode(stored: str) -> Answer | None:
    """Read what was stored; None where nothing is replied."""
    return _DECODER.decode(stored) if stored else None

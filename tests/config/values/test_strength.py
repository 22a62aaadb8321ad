"""A secret that somebody made up must be beyond guessing; one that was drawn is never refused."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest

from config.values.strength import weakness


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("", "has 0 characters"),
        ("8f3a1c5e7d9b2f4", "has 15 characters"),
        ("aaaaaaaaaaaaaaaa", "different"),
        ("1010101010101010", "different"),
        ("1234567890123456", "is a sequence"),
        ("12345678901234567890", "is a sequence"),
        ("password12345678", "is a sequence"),
        ("changemechangeme", "again and again"),
        ("8f3a1c5e8f3a1c5e", "again and again"),
        ("abcdefghijklmnopq", "is a sequence"),
        ("zyxwvutsrqponmlkj", "is a sequence"),
        ("admin-123456789-key", "is a sequence"),
        ("change-me-please-1", "tried first"),
        ("a-long-random-key", "tried first"),
        ("PASSWORD-Password1", "tried first"),
    ],
)
def test_what_is_tried_first_is_weak(secret: str, why: str) -> None:
    assert why in weakness(secret)


@pytest.mark.parametrize(
    "secret",
    ["key-of-the-help-desk", "webhook-secret-77aa19", "test-key-0123456789abcdef", "correct horse battery staple"],
)
def test_a_sentence_of_ones_own_is_taken(secret: str) -> None:
    assert weakness(secret) == ""


def test_what_was_drawn_is_taken() -> None:
    for number in range(2000):
        raw = sha256(str(number).encode()).digest()[:24]
        texts = (raw.hex(), raw.hex()[:16], raw.decode("latin-1"), urlsafe_b64encode(raw)[:16].decode())
        assert [weakness(text) for text in texts] == [""] * 4, texts

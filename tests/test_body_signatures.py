"""Bodies are signed as Standard Webhooks says, by secrets that tell nothing of the key that they are made of."""

import json
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from bot.body_signatures import derived_secret, sign_body
from bot.process.system import SystemClock

KEY = b"the installation's secret"


@given(st.text(max_size=200), st.integers(0, 50))
def test_the_reference_library_accepts_what_is_signed_now(body: str, number: int) -> None:
    secret, raw = derived_secret(KEY, "hook_1", number), json.dumps({"said": body})
    now = SystemClock().now()  # the library verifies by the machine's clock
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": sign_body(secret, "evt_1", now, raw.encode()),
    }
    assert Webhook(secret).verify(raw, headers) == {"said": body}
    with pytest.raises(WebhookVerificationError):
        Webhook(derived_secret(KEY, "hook_1", number + 1)).verify(raw, headers)


def test_a_secret_is_long_enough_and_the_same_each_time() -> None:
    first = derived_secret(KEY, "hook_1", 1)
    assert first.startswith("whsec_")
    assert len(b64decode(first.removeprefix("whsec_"))) == 32
    assert derived_secret(KEY, "hook_1", 1) == first


@pytest.mark.parametrize(
    ("key", "owner", "number"),
    [
        (KEY, "hook_1", 2),
        (KEY, "hook_2", 1),
        (b"another key", "hook_1", 1),
        (KEY, "hook_1\x1f1", 1),
        (KEY, "", 1),
    ],
)
def test_no_two_secrets_are_the_same(key: bytes, owner: str, number: int) -> None:
    assert derived_secret(key, owner, number) != derived_secret(KEY, "hook_1", 1)


def test_what_is_no_text_cannot_be_signed() -> None:
    with pytest.raises(UnicodeDecodeError):
        sign_body(derived_secret(KEY, "hook_1", 1), "evt_1", datetime(2026, 11, 30, tzinfo=UTC), b"\xff")

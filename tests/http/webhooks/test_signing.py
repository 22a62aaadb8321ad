"""A delivery is believed when the signature fits the secret, the id, the moment and every byte."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from bot.http.webhooks.signing import BadSignature, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BODY = '{"type":"ticket.updated","data":{"subject":"空调"}}'.encode()
STAMP = str(int(NOW.timestamp()))


def signed(secret: str = SECRET, event: str = "e1", body: bytes = BODY) -> str:
    return Webhook(secret).sign(event, NOW, body.decode())


def headers(**changed: str) -> list[tuple[bytes, bytes]]:
    sent = {"webhook-id": "e1", "webhook-timestamp": STAMP, "webhook-signature": signed()}
    sent.update({name.replace("_", "-"): value for name, value in changed.items()})
    return [(name.encode(), value.encode()) for name, value in sent.items()]


def test_a_signed_delivery_gives_its_event() -> None:
    assert verify((SECRET,), headers(), BODY, NOW) == "e1"


def test_one_fitting_signature_among_several_is_enough() -> None:
    both = f"v1,bm90aGluZw== v1a,xyz {signed(OTHER)} {signed()}"
    assert verify((SECRET,), headers(webhook_signature=both), BODY, NOW) == "e1"


def test_a_delivery_is_believed_for_five_minutes_either_way() -> None:
    for seconds in (-300, 300):
        assert verify((SECRET,), headers(), BODY, NOW.fromtimestamp(NOW.timestamp() + seconds, UTC)) == "e1"


@pytest.mark.parametrize(
    ("why", "sent", "body"),
    [
        ("no signature", headers(webhook_signature=""), BODY),
        ("of another secret", headers(webhook_signature=signed(OTHER)), BODY),
        ("of another event", headers(webhook_id="e2"), BODY),
        ("of another body", headers(), BODY + b" "),
        ("of another moment", headers(webhook_timestamp=str(int(STAMP) + 1)), BODY),
        ("of an unknown version", headers(webhook_signature=signed().replace("v1", "v2")), BODY),
        ("without commas", headers(webhook_signature="v1"), BODY),
        ("no base64", headers(webhook_signature="v1,*** v1,é"), BODY),
        ("no id", headers(webhook_id=""), BODY),
        ("an endless id", headers(webhook_id="x" * 257), BODY),
        ("no moment", headers(webhook_timestamp=""), BODY),
        ("a moment in words", headers(webhook_timestamp="now"), BODY),
        ("a moment with a sign", headers(webhook_timestamp=f"+{STAMP}"), BODY),
        ("a moment that is not a number", headers(webhook_timestamp="nan"), BODY),
        ("a moment beyond the calendar", headers(webhook_timestamp="99999999999"), BODY),
        ("digits of another script", headers(webhook_timestamp="１２３"), BODY),
        ("no text", headers(), b"\xff\xfe"),
        ("no headers", [], BODY),
        ("headers that are no UTF-8", [(b"webhook-id", b"\xff"), *headers()[1:]], BODY),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_what_is_not_proved_is_not_believed(why: str, sent: list[tuple[bytes, bytes]], body: bytes) -> None:
    with pytest.raises(BadSignature):
        verify((SECRET,), sent, body, NOW)
    assert why


def test_while_a_secret_is_changed_either_of_the_two_opens_and_no_third() -> None:
    for secret in (SECRET, OTHER):
        sent = headers(webhook_signature=signed(secret))
        assert verify((OTHER, SECRET), sent, BODY, NOW) == "e1"
    with pytest.raises(BadSignature, match="no signature fits"):
        verify(
            (SECRET, OTHER),
            headers(webhook_signature=signed("whsec_dGhpcmQtb2YtdGhyZWUtdGhpcmQtb2YtdGhyZWU=")),
            BODY,
            NOW,
        )


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_stale_delivery_is_not_believed(seconds: int) -> None:
    with pytest.raises(BadSignature, match="300 s"):
        verify((SECRET,), headers(), BODY, datetime.fromtimestamp(NOW.timestamp() + seconds, UTC))

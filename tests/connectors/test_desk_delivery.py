"""What proves a delivery, held against values that others have published."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from bot.connectors.desk_delivery import DeskDelivery, base64_mac, hex_mac, secret_headers

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
FOX = b"The quick brown fox jumps over the lazy dog"
PUBLISHED = {
    "sha1": "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9",
    "sha256": "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
}
"""Wikipedia, HMAC, Examples."""


@pytest.mark.parametrize(("digest", "expected"), PUBLISHED.items())
def test_a_mac_is_the_published_one(digest: str, expected: str) -> None:
    assert hex_mac("key", FOX, digest) == expected


def test_the_documented_example_of_github_holds() -> None:
    expected = (
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"  # GitHub, Validating webhook deliveries
    )
    assert hex_mac("It's a Secret to Everybody", b"Hello, World!") == expected


@pytest.mark.parametrize("digest", PUBLISHED)
def test_in_base64_it_is_the_same_mac(digest: str) -> None:
    assert base64.b64decode(base64_mac(b"key", FOX, digest)).hex() == PUBLISHED[digest]


def test_a_secret_may_hold_any_letters() -> None:
    assert hex_mac("密钥", FOX) != hex_mac("密钥 ", FOX)
    assert set(secret_headers("密钥")) == {"x-huifang-secret", "authorization"}


@pytest.mark.parametrize(
    ("late", "is_fresh"),
    [(0, True), (300, True), (-300, True), (301, False), (-301, False), (86_400, False), (-86_400, False)],
)
def test_what_was_signed_more_than_five_minutes_ago_is_stale(late: int, is_fresh: bool) -> None:  # noqa: FBT001 (what is expected)
    delivery = DeskDelivery({}, b"", AT)
    assert delivery.is_fresh(AT + timedelta(seconds=late)) is is_fresh


def test_what_says_no_time_is_stale() -> None:
    assert not DeskDelivery({}, b"", AT).is_fresh(None)


def test_a_header_that_is_missing_is_empty() -> None:
    delivery = DeskDelivery({"x-event": "issues"}, b"", AT)
    assert (delivery.header("x-event"), delivery.header("x-other")) == ("issues", "")

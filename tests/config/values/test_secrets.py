"""A secret that is wrong is told without a single character of it."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from config.errors import InvalidValue
from config.values.secrets import (
    read_address_secret,
    read_database_secret,
    read_keys,
    read_signing_secret,
    read_target_secrets,
    secret,
)

HEX = secret("[0-9a-f]{32}", "Copy it from the console.")
SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    ("read", "written", "kept"),
    [
        (HEX, " " + "0a" * 16 + "\n", ["0a" * 16]),
        (HEX, SecretStr("0a" * 16), ["0a" * 16]),
        (read_signing_secret, SIGNING, [SIGNING]),
        (read_signing_secret, SIGNING.removeprefix("whsec_"), [SIGNING.removeprefix("whsec_")]),
        (read_keys, "read:abc, tickets:def", ["read:abc", "tickets:def"]),
        (read_keys, ["abc"], ["abc"]),
        (read_target_secrets, "mailto://me:pw@example.org,json://host/a", ["mailto://me:pw@example.org", "json://host/a"]),
        (read_address_secret, "https://qyapi.weixin.qq.com/send?key=abc", ["https://qyapi.weixin.qq.com/send?key=abc"]),
        (read_database_secret, "postgresql://u:pw@db/h", ["postgresql://u:pw@db/h"]),
    ],
)  # fmt: skip
def test_a_secret_is_kept_as_it_is_and_shown_to_nobody(
    read: Callable[[object], object], written: object, kept: list[str]
) -> None:
    found = read(written)
    secrets = found if isinstance(found, tuple) else (found,)
    assert [one.get_secret_value() for one in secrets if isinstance(one, SecretStr)] == kept
    assert not any(text in repr(found) for text in kept)


@pytest.mark.parametrize(
    ("read", "written", "told"),
    [
        (HEX, "hush-hush", "This secret (9 characters) has the wrong shape. Copy it from the console."),
        (HEX, "", "This secret is not a text."),
        (HEX, 12345, "This secret is not a text."),
        (read_signing_secret, "whsec_", "This is not a signing secret."),
        (read_signing_secret, "钥匙hush", "This is not a signing secret."),
        (read_keys, ["fine", "hush hush"], "A key holds a character that no HTTP header carries."),
        (read_keys, ["hush\u00e9"], "A key holds a character that no HTTP header carries."),
        (read_keys, {"a": "hush"}, "This is not a list of texts."),
        (read_keys, '["hush"', "This is not a list of texts."),
        (read_target_secrets, ["json://a", "hush"], "Entry 2 is not an Apprise address."),
        (read_target_secrets, "hush://", "Entry 1 is not an Apprise address."),
        (read_address_secret, "qyapi.weixin.qq.com?key=hush", "This is not a web address."),
        (read_address_secret, "ftp://hush", "This is not a web address."),
        (read_database_secret, "postgresql://me:hush@db", "The name of the database is missing"),
    ],
)
def test_a_wrong_secret_is_told_without_a_character_of_it(
    read: Callable[[object], object], written: object, told: str
) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read(written)
    assert str(wrong.value).startswith(told)
    assert "hush" not in str(wrong.value)

"""A secret that is wrong is told without a single character of it."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from config.errors import InvalidValue
from config.values.secrets import (
    read_address_secret,
    read_database_secret,
    read_keys,
    read_shared_secrets,
    read_signing_secrets,
    read_target_secrets,
    secret,
)

HEX = secret("[0-9a-f]{32}", "Copy it from the console.")
SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KEY = "Xk3-vT5mXw8yZ2aB"
NEXT = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.mark.parametrize(
    ("read", "written", "kept"),
    [
        (HEX, " " + "0a" * 16 + "\n", ["0a" * 16]),
        (HEX, SecretStr("0a" * 16), ["0a" * 16]),
        (read_signing_secrets, SIGNING, [SIGNING]),
        (read_signing_secrets, SIGNING.removeprefix("whsec_"), [SIGNING.removeprefix("whsec_")]),
        (read_signing_secrets, f"{SIGNING},{NEXT}", [SIGNING, NEXT]),
        (read_shared_secrets, ["shared-with-a-desk", "shared-before-it"], ["shared-with-a-desk", "shared-before-it"]),
        (read_keys, "read:Xk3-vT5mXw8yZ2aB, tickets:w8yZ2aBcD4eFgH97", [f"read:{KEY}", "tickets:w8yZ2aBcD4eFgH97"]),
        (read_keys, ["admin:with:colons:inside-of-it"], ["admin:with:colons:inside-of-it"]),
        (read_keys, [KEY], [KEY]),
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
        (read_signing_secrets, "whsec_", "This is not a signing secret."),
        (read_signing_secrets, "钥匙hush", "This is not a signing secret."),
        (read_signing_secrets, "whsec_aHVzaA==", "This signing secret is easy to guess: it has 4 characters"),
        (
            read_signing_secrets,
            [SIGNING, NEXT, "whsec_aHVzaA=="],
            "These are 3 secrets. Write the new secret and the old",
        ),
        (read_shared_secrets, "hush-hush-钥匙-hush-hush", "This secret (22 characters) has the wrong shape."),
        (
            read_keys,
            "Xk3-vT5mXw8yZ2aB,hush-hush",
            "Key 2 is easy to guess: it has 9 characters, and 16 are the least. Draw",
        ),
        (read_keys, "read:hush-hush", "Key 1 is easy to guess: it has 9 characters"),
        (read_keys, "write:hush-3vT5mXw8yZ2aB", "Key 1 has a scope that there is not. Write read:KEY, tickets:KEY, or"),
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

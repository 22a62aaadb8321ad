"""Secrets are read from variables, the settings file or files of their own, and are never repeated."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from config.errors import ConfigErrors
from config.settings.catalog import KEYS
from config.settings.loading import load_settings

HUSH = "hush-hush-9f8e7d6c5b4a"
GOOD = {
    "database.url": f"postgresql://bot:{HUSH}@db/huifang",
    "hooks.secret": "whsec_aHVzaC1odXNoLTlmOGU3ZDZjNWI0YQ==",
    "telegram.proxy": f"socks5://bot:{HUSH}@proxy.example:1080",
    "telegram.token": f"110201543:{HUSH}",
    "wechat.aes_key": "a" * 43,
    "wecom.robot_url": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={HUSH}",
    "notify.urls": f"mailto://bot:{HUSH}@example.com",
}
BAD = {
    "api.keys": f"{HUSH} with blanks",
    "database.url": f"oracle://bot:{HUSH}@db/huifang",
    "hooks.secret": "whsec_!",
    "notify.urls": f"{HUSH}@example.com",
    "telegram.proxy": f"ftp://bot:{HUSH}@proxy.example:1080",
    "telegram.token": f"bot {HUSH}",
    "telegram.webhook_secret": f"{HUSH}!",
    "wechat.aes_key": HUSH,
    "wecom.robot_url": HUSH,
}
SECRETS = sorted(key.name for key in KEYS.values() if key.secret)


def revealed(settings: object, key: str) -> str:
    """Return the text of a secret setting."""
    for part in key.split("."):
        settings = getattr(settings, part)
    first = settings[0] if isinstance(settings, tuple) else settings
    assert isinstance(first, SecretStr)
    return first.get_secret_value()


@pytest.mark.parametrize("key", SECRETS)
def test_each_secret_is_read_from_a_variable_or_from_a_file_of_its_own(key: str, tmp_path: Path) -> None:
    value = GOOD.get(key, HUSH)
    (tmp_path / "secret").write_text(f"{value}\n", "utf-8")
    variable = KEYS[key].variable
    assert revealed(load_settings({variable: value}, None, tmp_path), key) == value
    assert revealed(load_settings({f"{variable}_FILE": "secret"}, None, tmp_path), key) == value
    assert load_settings({f"{variable}_FILE": "secret"}, None, tmp_path).where(key) == f"{variable}_FILE"


@pytest.mark.parametrize("key", SECRETS)
def test_no_secret_shows_in_settings_that_are_printed(key: str, tmp_path: Path) -> None:
    value = GOOD.get(key, HUSH)
    settings = load_settings({KEYS[key].variable: value}, None, tmp_path)
    assert value not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize("key", sorted(BAD))
def test_no_wrong_secret_shows_in_the_mistake(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as errors:
        load_settings({KEYS[key].variable: BAD[key]}, None, tmp_path)
    assert HUSH not in f"{errors.value} {errors.value!r}"
    assert str(errors.value).startswith(f"{KEYS[key].variable}: {key}: ")


def test_a_secret_in_the_wrong_place_is_cut_short(tmp_path: Path) -> None:
    token = f"110201543:{HUSH}"
    with pytest.raises(ConfigErrors) as errors:
        load_settings({"HUIFANG_TELEGRAM__TEAM_CHAT": token, "HUIFANG_LOCALE": token}, None, tmp_path)
    assert HUSH not in str(errors.value)
    assert "'110201… (32 characters) is not a chat id." in str(errors.value)


def test_a_key_per_line_is_a_list_of_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("hush-first-9f8e7d6c\nread:hush-second-5b4a\n", "utf-8")
    settings = load_settings({"HUIFANG_API__KEYS_FILE": "keys"}, None, tmp_path)
    assert [key.get_secret_value() for key in settings.api.keys] == ["hush-first-9f8e7d6c", "read:hush-second-5b4a"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "The file secret cannot be read: No such file or directory. Check path and permissions."),
        (b"", "The file secret is empty. Write the secret into it."),
        (b"\xff\xfe", "The file secret cannot be read: it is not text in UTF-8. Check path and permissions."),
    ],
)
def test_a_secret_file_that_cannot_be_read_is_named(content: bytes | None, problem: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigErrors) as errors:
        load_settings({"HUIFANG_TELEGRAM__TOKEN_FILE": "secret"}, None, tmp_path)
    assert str(errors.value) == f"HUIFANG_TELEGRAM__TOKEN_FILE: telegram.token: {problem}"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    environ = {"HUIFANG_TELEGRAM__TOKEN": "1:a", "HUIFANG_TELEGRAM__TOKEN_FILE": "secret"}
    with pytest.raises(ConfigErrors, match=r"HUIFANG_TELEGRAM__TOKEN is set as well\. Remove one of the two\."):
        load_settings(environ, None, tmp_path)

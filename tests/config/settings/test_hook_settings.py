"""What is set for help desks: secrets, fields that hold a chat, words for closed tickets."""

from pathlib import Path

import pytest

from bot.channels.registry import CHANNELS
from bot.connectors.connector_registry import CONNECTORS
from bot.wiring.connectors import connector_options
from config.errors import ConfigErrors
from config.settings.consistency import advice
from config.settings.loading import load_settings
from config.settings.settings import Settings

SECRET = "c2VjcmV0LW9mLXphbW1hZC0wODE1"


def set_to(folder: Path, **values: str) -> Settings:
    return load_settings(
        {f"HUIFANG_HOOKS__ZAMMAD__{key.upper()}": value for key, value in values.items()}, None, folder
    )


def test_nothing_set_opens_no_door(tmp_path: Path) -> None:
    options = connector_options(set_to(tmp_path))
    assert {name for name, each in options.items() if each.secrets} == set()
    assert set(CONNECTORS) <= set(options)


def test_two_secrets_open_while_one_is_changed(tmp_path: Path) -> None:
    options = connector_options(set_to(tmp_path, secret=f"{SECRET},the-old-one-0815-4711"))
    assert options["zammad"].secrets == (SECRET, "the-old-one-0815-4711")


def test_a_chat_is_looked_for_in_fields_named_after_the_channel(tmp_path: Path) -> None:
    usual = connector_options(set_to(tmp_path))["zammad"].chat_fields
    assert usual == tuple((each.name, f"{each.name}_id") for each in CHANNELS if each.capabilities.binding)


def test_a_company_names_the_fields_itself(tmp_path: Path) -> None:
    told = set_to(tmp_path, chat_fields="telegram=chat_number, wechat = openid")
    assert connector_options(told)["zammad"].chat_fields == (("telegram", "chat_number"), ("wechat", "openid"))
    (tmp_path / "huifang.toml").write_text(
        '[hooks.zammad]\nchat_fields = ["telegram=chat"]\nclosed_states = ["已关闭"]\n'
    )
    written = connector_options(load_settings({}, None, tmp_path))["zammad"]
    assert (written.chat_fields, written.closed_states) == ((("telegram", "chat"),), ("已关闭",))


@pytest.mark.parametrize("wrong", ["telegram", "=chat", "telegram=", "telegram=a,wechat"])
def test_a_field_without_its_channel_stops_the_start(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="Write it as telegram=chat_number"):
        set_to(tmp_path, chat_fields=wrong)


@pytest.mark.parametrize("weak", ["zammad", "aaaaaaaaaaaaaaaaaaaa", "changemechangeme", "1234567890123456"])
def test_a_secret_that_is_easy_to_guess_is_advised_against(weak: str, tmp_path: Path) -> None:
    (tip,) = (str(one) for one in advice(set_to(tmp_path, secret=weak)))
    assert "hooks.zammad.secret: It is easy to guess" in tip
    assert "huifang connect zammad" in tip
    assert weak not in tip.replace("hooks.zammad", "").replace("connect zammad", "").replace("ZAMMAD", "")


def test_a_good_secret_is_not_spoken_of(tmp_path: Path) -> None:
    assert list(advice(set_to(tmp_path, secret=SECRET))) == []


def test_three_secrets_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="These are 3 secrets"):
        set_to(tmp_path, secret=f"{SECRET},b{SECRET},c{SECRET}")

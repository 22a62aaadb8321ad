"""The registry of channels: what each can do, when it is on, and what the product takes from that."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.channels.registry import CHANNELS, customer_channels, switched_on
from config.settings.loading import load_settings
from config.settings.settings import Settings

TELEGRAM = {"TELEGRAM__TOKEN": "123456:secret"}
WECHAT = {
    "WECHAT__APP_ID": "wx0123456789abcdef",
    "WECHAT__APP_SECRET": "0123456789abcdef0123456789abcdef",
    "WECHAT__TOKEN": "pushtoken",
    "WECHAT__AES_KEY": "a" * 43,
}
WECOM = {"WECOM__ROBOT_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"}
NOTIFY = {"NOTIFY__URLS": "json://127.0.0.1/a,mailto://me:pw@example.com"}
BY_NAME = {channel.name: channel for channel in CHANNELS}


def _settings(folder: Path, changed: Mapping[str, str]) -> Settings:
    return load_settings({f"HUIFANG_{key}": value for key, value in changed.items()}, cwd=folder)


@pytest.mark.parametrize(
    ("changed", "on"),
    [
        ({}, {"sandbox"}),
        (TELEGRAM, {"telegram"}),
        (WECHAT, {"wechat"}),
        (TELEGRAM | WECHAT, {"telegram", "wechat"}),
        (WECOM, {"wecom", "sandbox"}),
        (NOTIFY, {"notify", "sandbox"}),
        (TELEGRAM | WECOM | NOTIFY, {"telegram", "wecom", "notify"}),
    ],
    ids=["nothing", "telegram", "wechat", "both", "wecom", "notify", "telegram and the team's"],
)
def test_the_sandbox_stands_in_while_no_channel_for_customers_is_on(
    changed: Mapping[str, str], on: set[str], tmp_path: Path
) -> None:
    found = {channel.name for channel in switched_on(_settings(tmp_path, changed))}
    assert found - {"web"} == on


def test_channels_that_are_on_keep_the_order_in_which_they_are_preferred(tmp_path: Path) -> None:
    settings = _settings(tmp_path, NOTIFY | WECOM | WECHAT | TELEGRAM)
    names = [channel.name for channel in switched_on(settings)]
    assert names == [channel.name for channel in CHANNELS if channel.name in names]
    assert names[:2] == ["telegram", "wechat"]
    assert switched_on(settings, [BY_NAME["notify"]]) == [BY_NAME["notify"]]


def test_customers_are_asked_where_they_are_and_not_in_the_teams_channels() -> None:
    assert set(customer_channels()) == {"telegram", "wechat", "sandbox"}
    assert customer_channels([BY_NAME["wecom"], BY_NAME["notify"]]) == ()


@pytest.mark.parametrize(
    ("name", "changed", "team"),
    [
        ("telegram", TELEGRAM, ()),
        ("telegram", TELEGRAM | {"TELEGRAM__TEAM_CHAT": "-1001"}, ("-1001",)),
        ("wecom", WECOM, ("robot",)),
        ("notify", NOTIFY, ("1", "2")),
        ("notify", {}, ()),
        ("wechat", WECHAT, ()),
    ],
)
def test_the_teams_chats_of_a_channel(
    name: str, changed: Mapping[str, str], team: tuple[str, ...], tmp_path: Path
) -> None:
    assert BY_NAME[name].team(_settings(tmp_path, changed)) == team


def test_administrators_are_those_that_the_settings_name_whether_the_channel_is_on_or_not(tmp_path: Path) -> None:
    settings = _settings(tmp_path, {"TELEGRAM__ADMINS": "42,7"})
    assert not BY_NAME["telegram"].is_on(settings)
    assert BY_NAME["telegram"].admins(settings) == {"42", "7"}
    assert [BY_NAME[name].admins(settings) for name in ("wechat", "web", "wecom", "notify")] == [frozenset()] * 4


@pytest.mark.parametrize("name", ["telegram", "notify", "sandbox", "web"])
async def test_a_channel_that_is_not_set_up_has_nothing_to_complain_about(name: str, tmp_path: Path) -> None:
    assert [problem async for problem in BY_NAME[name].examine(_settings(tmp_path, {}))] == []


def test_each_address_that_a_platform_calls_is_below_hooks_and_its_own() -> None:
    paths = [channel.address.path for channel in CHANNELS if channel.address is not None]
    assert len(set(paths)) == len(paths)
    assert [path for path in paths if not path.startswith("/hooks/")] == []

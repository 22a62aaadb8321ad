"""The sandbox stands in only where no real customer was ever served, unless it is asked for; on both databases."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.wiring.container import open_container
from config.errors import ConfigError
from config.settings.loading import load_settings
from config.settings.settings import Settings
from storage.reads.reader import Reader
from tests.support.database.migrated import copy_migrated

TELEGRAM = {"HUIFANG_TELEGRAM__TOKEN": f"123456:{'t' * 35}", "HUIFANG_TELEGRAM__API_BASE": "http://127.0.0.1:9"}
TEAM = {"HUIFANG_TELEGRAM__TEAM_CHAT": "-100", "HUIFANG_NOTIFY__URLS": "json://127.0.0.1/a"}
WECHAT = {
    "HUIFANG_WECHAT__APP_ID": "wx0123456789abcdef",
    "HUIFANG_WECHAT__APP_SECRET": "0123456789abcdef0123456789abcdef",
    "HUIFANG_WECHAT__TOKEN": "pushtoken",
    "HUIFANG_WECHAT__AES_KEY": "a" * 43,
}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a migrated, empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"
    found: str = request.getfixturevalue("migrated_postgres")
    return found


def _settings(url: str, folder: Path, changed: Mapping[str, str]) -> Settings:
    return load_settings({"HUIFANG_DATABASE__URL": url, **changed}, cwd=folder)


@pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # by Apprise
async def test_after_a_real_channel_the_sandbox_is_refused_and_stands_alone_where_it_is_asked_for(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        async with open_container(_settings(url, tmp_path, {})) as container:
            assert set(container.connections) == {"web", "sandbox"}
    async with open_container(_settings(url, tmp_path, TELEGRAM | TEAM)) as container:
        assert set(container.connections) == {"web", "telegram", "notify"}
        assert await Reader(container.services.store).channels_served({"telegram", "wechat"}) == {"telegram"}
    with pytest.raises(ConfigError, match=r"^telegram\.token: .*HUIFANG_TELEGRAM__TOKEN.*--sandbox"):
        async with open_container(_settings(url, tmp_path, TEAM)):
            pass
    for changed in ({}, TELEGRAM | TEAM):
        async with open_container(_settings(url, tmp_path, changed), sandbox=True) as container:
            assert set(container.connections) == {"web", "sandbox"}
            assert [place.channel for place in container.services.receiver.policy.team] == ["sandbox"]
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        async with open_container(_settings(url, tmp_path, WECHAT)) as container:
            assert await Reader(container.services.store).channels_served({"telegram", "wechat"}) == {
                "telegram",
                "wechat",
            }
    assert "customers of telegram cannot be reached: telegram.token is not set any more" in caplog.text


async def test_what_is_played_writes_into_no_ticket(url: str, tmp_path: Path) -> None:
    desk = {"HUIFANG_HOOKS__GITHUB__API_TOKEN": "github_pat_of_nobody", "HUIFANG_HOOKS__GITHUB__TAG": "csat-low"}
    async with open_container(_settings(url, tmp_path, desk)) as container:
        assert container.services.receiver.policy.desks["github"].tag == "csat-low"
        assert "github" in container.sender.channels
    async with open_container(_settings(url, tmp_path, desk), sandbox=True) as container:
        assert container.services.receiver.policy.desks == {}
        assert container.services.receiver.policy.is_played
        assert "github" not in container.sender.channels

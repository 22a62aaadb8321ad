"""`[recurring]` of the rules: when the team is told that something recurs, and what is refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.registry import customer_channels
from config.errors import ConfigErrors
from config.rules.load import Rules, read_rules
from config.settings.loading import load_settings
from config.surveys.load import read_surveys


def read(folder: Path, text: str) -> Rules:
    (folder / "rules.toml").write_text(text, "utf-8")
    return read_rules(load_settings({}, cwd=folder), read_surveys(folder), customer_channels())


@pytest.mark.parametrize(
    ("text", "recurring"),
    [
        ("", (3, timedelta(days=7))),
        ("[recurring]\n", (3, timedelta(days=7))),
        ("[recurring]\ncustomers = 5\n", (5, timedelta(days=7))),
        ('[recurring]\nwithin = "30d"\n', (3, timedelta(days=30))),
        ('[recurring]\ncustomers = 2\nwithin = "24h"\n', (2, timedelta(days=1))),
        ("[recurring]\ncustomers = 0\n", (0, timedelta(days=7))),
    ],
)
def test_three_within_a_week_unless_the_owner_says_otherwise(
    tmp_path: Path, text: str, recurring: tuple[int, timedelta]
) -> None:
    assert read(tmp_path, text).book.recurring == recurring


def test_without_a_file_it_is_so_as_well(tmp_path: Path) -> None:
    rules = read_rules(load_settings({}, cwd=tmp_path), read_surveys(tmp_path), customer_channels())
    assert rules.book.recurring == (3, timedelta(days=7))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("customers = -1", "recurring.customers"),
        ('customers = "many"', "recurring.customers"),
        ("customers = 1001", "recurring.customers"),
        ('within = "soon"', "recurring.within"),
        ("within = 7", "recurring.within"),
        ("tickets = 3", "recurring.tickets"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        read(tmp_path, f"[recurring]\n{line}\n")
    (error,) = refused.value.errors
    assert str(error).startswith(f"{tmp_path / 'rules.toml'}")
    assert key in str(error)

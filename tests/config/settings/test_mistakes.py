"""A wrong setting is told in one sentence: where it stands, its key, what is wrong, and the fix."""

from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.settings.loading import load_settings
from tests.support.blocks import Block, read_blocks

BLOCKS = read_blocks(Path(__file__).with_name("wrong_settings.txt"))
WEBHOOK = {"HUIFANG_TELEGRAM__MODE": "webhook", "HUIFANG_TELEGRAM__WEBHOOK_SECRET": "s3cret"}


def told(environ: dict[str, str], cwd: Path) -> list[str]:
    """Return what the owner reads when these settings cannot be loaded."""
    with pytest.raises(ConfigErrors) as errors:
        load_settings(environ, None, cwd)
    return str(errors.value).splitlines()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"line {block.line}")
def test_a_wrong_setting_is_named_with_its_place_and_its_fix(block: Block, tmp_path: Path) -> None:
    if block.given.startswith("[file]"):
        (tmp_path / "huifang.toml").write_text(block.given.replace("[file]", "", 1), "utf-8")
        assert told({}, tmp_path) == block.expected
    else:
        environ = dict(line.split("=", 1) for line in block.given.splitlines())
        assert told(environ, tmp_path) == block.expected


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "huifang.toml").write_bytes('locale = "en"\n# 回访\n'.encode("gbk"))
    assert told({}, tmp_path) == ["huifang.toml:2: This is not UTF-8. Save the file as UTF-8."]


def test_all_mistakes_are_told_at_once_each_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "huifang.toml").write_text('locale = "de"\n[survey]\ndely = "1h"\ndelay = "30x"\n', "utf-8")
    assert told({"HUIFANG_HTTP__PORT": "http"}, tmp_path) == [
        "huifang.toml: survey.dely: There is no such setting. Did you mean survey.delay?",
        "huifang.toml: locale: 'de' is no language of the product. Write one of zh-Hans, zh-Hant, en.",
        "HUIFANG_HTTP__PORT: http.port: 'http' is not a whole number. Write digits, from 1 to 65535.",
        "huifang.toml: survey.delay: '30x' is not a duration. Write it as 30m, 24h or PT30M.",
    ]


@pytest.mark.parametrize(
    ("variable", "hint"),
    [
        ("HUIFANG_HOOKS__OSTICKET__SECERT", "Did you mean HUIFANG_HOOKS__OSTICKET__SECRET?"),
        ("HUIFANG_HOOKS__OSTICKET__API_TOKEN", "Of HOOKS__OSTICKET there are: CHAT_FIELDS, CLOSED_STATES, SECRET."),
        ("HUIFANG_SURVY__DELAY", "Did you mean HUIFANG_SURVEY__DELAY?"),
        ("HUIFANG_TIMEZON", "Did you mean HUIFANG_TIMEZONE?"),
    ],
)
def test_what_may_be_meant_is_of_the_same_group(tmp_path: Path, variable: str, hint: str) -> None:
    (problem,) = told({variable: "x"}, tmp_path)
    assert problem.endswith(f"There is no such setting. {hint}")


@pytest.mark.parametrize(
    "environ",
    [
        {"HUIFANG_HTTP__PUBLIC_URL": "https://huifang.example"},
        {"HUIFANG_HTTP__PUBLIC_URL": "https://huifang.example:8443/bot"},
        {"HUIFANG_HTTP__PUBLIC_URL": "http://localhost:8480"},
        {"HUIFANG_HTTP__PUBLIC_URL": "http://10.0.0.5:80", "HUIFANG_TELEGRAM__API_BASE": "http://10.0.0.6:8081"},
    ],
)
def test_webhook_mode_takes_https_this_machine_and_any_address_for_a_server_of_ones_own(
    environ: dict[str, str], tmp_path: Path
) -> None:
    assert load_settings({**WEBHOOK, **environ}, None, tmp_path).telegram.mode == "webhook"

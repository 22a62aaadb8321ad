"""Settings come from the environment, then from huifang.toml, then from the defaults."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigError, ConfigErrors
from config.settings.catalog import KEYS
from config.settings.loading import load_settings
from scoring.rules import AlertRule


def written(folder: Path, text: str, name: str = "huifang.toml") -> Path:
    """Write a settings file into a folder and return the folder."""
    (folder / name).write_text(text, "utf-8")
    return folder


def test_nothing_set_is_the_defaults(tmp_path: Path) -> None:
    settings = load_settings({}, None, tmp_path)
    assert settings.survey.delay == timedelta(minutes=30)
    assert settings.telegram.token is None
    assert settings.where("survey.delay") == "default"


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    cwd = written(tmp_path, '[survey]\ndelay = "10m"\ndeadline = "20h"\n')
    settings = load_settings({"HUIFANG_SURVEY__DELAY": "5m"}, None, cwd)
    survey = settings.survey
    assert (survey.delay, survey.deadline) == (timedelta(minutes=5), timedelta(hours=20))
    assert survey.expires_after == timedelta(hours=72)
    keys = ("survey.delay", "survey.deadline", "survey.expires_after")
    assert [settings.where(key) for key in keys] == ["HUIFANG_SURVEY__DELAY", "huifang.toml", "default"]


def test_config_on_the_command_line_wins_over_the_variable_and_that_over_the_folder(tmp_path: Path) -> None:
    for name in ("huifang.toml", "variable.toml", "line.toml"):
        written(tmp_path, f'survey.default = "{name[:-5]}"\n', name)
    variable = {"HUIFANG_CONFIG": "variable.toml"}
    assert load_settings(variable, Path("line.toml"), tmp_path).survey.default == "line"
    assert load_settings(variable, None, tmp_path).survey.default == "variable"
    assert load_settings({}, None, tmp_path).survey.default == "huifang"


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "huifang.toml").write_bytes('locale = "en"\n'.encode("utf-8-sig"))
    assert load_settings({}, None, tmp_path).locale == "en"


def test_the_file_takes_toml_s_own_kinds(tmp_path: Path) -> None:
    cwd = written(
        tmp_path,
        """
        alerts = { rating_at_or_below = 2.5, words = ["投诉", "refund"] }
        api.keys = ["tickets:k1-of-the-help-desk"]
        [telegram]
        rate = 1000000
        team_chat = -1001234567890
        admins = [1, 2]
        [wechat.template_fields]
        thing1 = "{subject}"
        """,
    )
    settings = load_settings({}, None, cwd)
    assert settings.alerts.rule() == AlertRule(Fraction(5, 2), Fraction(3), ("投诉", "refund"))
    assert settings.telegram.rate == 1_000_000
    assert (settings.telegram.team_chat, settings.telegram.admins) == (-1001234567890, (1, 2))
    assert settings.wechat.template_fields == {"thing1": "{subject}"}
    assert [key.get_secret_value() for key in settings.api.keys] == ["tickets:k1-of-the-help-desk"]


def test_the_environment_gives_lists_and_tables_as_text(tmp_path: Path) -> None:
    environ = {
        "HUIFANG_API__KEYS": "first-of-the-keys,second-of-the-keys",
        "HUIFANG_TELEGRAM__ADMINS": "[11, 12]",
        "HUIFANG_TELEGRAM__TEAM_CHAT": "-100",
        "HUIFANG_WECHAT__TEMPLATE_FIELDS": '{"thing1": "{subject}", "time3": "{closed_at}"}',
        "HUIFANG_HOOKS__ZENDESK__SECRET": "shared-with-zendesk, the-one-before-it",
        "HUIFANG_SURVEY__QUIET_HOURS": "off",
    }
    settings = load_settings(environ, None, tmp_path)
    assert [key.get_secret_value() for key in settings.api.keys] == ["first-of-the-keys", "second-of-the-keys"]
    assert (settings.telegram.admins, settings.telegram.team_chat) == ((11, 12), -100)
    assert settings.wechat.template_fields == {"thing1": "{subject}", "time3": "{closed_at}"}
    shared = [one.get_secret_value() for one in settings.hooks.zendesk.secret]
    assert shared == ["shared-with-zendesk", "the-one-before-it"]
    assert settings.survey.quiet_hours is None


def test_an_empty_text_is_not_set(tmp_path: Path) -> None:
    cwd = written(tmp_path, '[telegram]\ntoken = ""\n')
    settings = load_settings({"HUIFANG_LOCALE": "", "HUIFANG_API__KEYS": ""}, None, cwd)
    assert (settings.telegram.token, settings.locale, settings.api.keys) == (None, "zh-Hans", ())


def test_an_empty_list_takes_the_default_away(tmp_path: Path) -> None:
    assert load_settings({"HUIFANG_ALERTS__WORDS": "[]"}, None, tmp_path).alerts.words == ()


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, "http://127.0.0.1:8480"),
        ({"HUIFANG_HTTP__PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"HUIFANG_HTTP__HOST": "0.0.0.0"}, "http://127.0.0.1:8480"),  # noqa: S104 (what an owner writes)
        ({"HUIFANG_HTTP__HOST": "::1"}, "http://[::1]:8480"),
        ({"HUIFANG_HTTP__PORT": "9000", "HUIFANG_HTTP__PUBLIC_URL": "https://a.example/"}, "https://a.example"),
    ],
)
def test_the_public_address_follows_host_and_port_until_it_is_set(
    environ: dict[str, str], address: str, tmp_path: Path
) -> None:
    assert load_settings(environ, None, tmp_path).http.public_url == address


def test_the_folder_of_the_owners_files_starts_where_the_product_starts(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    assert load_settings({"HUIFANG_FILES__DIRECTORY": "own"}, None, tmp_path).files.directory == tmp_path / "own"


def test_what_a_cluster_sets_for_a_service_called_huifang_is_passed_over(tmp_path: Path) -> None:
    environ = {
        "HUIFANG_SERVICE_HOST": "10.0.0.11",
        "HUIFANG_SERVICE_PORT": "8480",
        "HUIFANG_SERVICE_PORT_HTTP": "8480",
        "HUIFANG_PORT": "tcp://10.0.0.11:8480",
        "HUIFANG_PORT_8480_TCP": "tcp://10.0.0.11:8480",
        "HUIFANG_PORT_8480_TCP_ADDR": "10.0.0.11",
        "HUIFANG_WEB_SERVICE_HOST": "10.0.0.12",
    }
    assert load_settings(environ, None, tmp_path) == load_settings({}, None, tmp_path)


@given(st.sampled_from(sorted(KEYS)), st.text() | st.integers() | st.floats() | st.booleans())
def test_any_value_is_read_or_refused_with_a_sentence(name: str, value: object) -> None:
    environ = {KEYS[name].variable: str(value).replace("\0", "")}
    assert all(error.problem.endswith(".") and error.fix.endswith((".", "?", "…")) for error in mistakes(environ))


def mistakes(environ: dict[str, str]) -> tuple[ConfigError, ...]:
    """Return what is wrong with these settings, nothing when they are good."""
    try:
        load_settings(environ)
    except ConfigErrors as errors:
        return errors.errors
    return ()

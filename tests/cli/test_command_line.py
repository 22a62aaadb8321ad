"""The command line: what it prints, what it takes, and how it says that something is wrong."""

import io
import tomllib
from pathlib import Path

import pytest

from bot.cli import main, parser

ROOT = Path(__file__).parents[2]
SURVEYS = ROOT / "config" / "defaults" / "surveys"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def test_the_drawn_machines_stand_in_the_docs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "machines.md").read_text(), "run `make draw`"


def test_the_shipped_surveys_are_well(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(SURVEYS.glob("*.toml"))
    assert main(["survey", "check", *map(str, files)]) == 0
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), err) == (len(files), "")
    assert "after_service version 2, 5 questions" in out


@pytest.mark.parametrize("before", [["--config", "no.toml"], ["--config=no.toml"]])
def test_the_settings_may_be_named_before_the_command(before: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*before, "campaign", "list"]) == 1
    assert capsys.readouterr().err.startswith("huifang: no.toml: It cannot be read")


@pytest.mark.row("S0-24")
def test_a_bad_survey_is_told_with_file_line_and_fix_and_the_good_one_beside_it_still_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("bad.toml").write_text('id = "bad"\nversion = one\n')
    assert main(["survey", "check", "bad.toml", str(SURVEYS / "ten_point.toml")]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("huifang: bad.toml:2: ")
    assert len(err.splitlines()) == 1
    assert "ten_point version 3" in out


@pytest.mark.parametrize(
    ("shipped", "id_"), [("forms/performance_60_40.toml", "performance_60_40"), ("surveys/ten_point.toml", "ten_point")]
)
def test_a_copy_that_kept_its_id_is_warned_of(shipped: str, id_: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (SURVEYS.parent / shipped).read_text("utf-8")
    Path("mine.toml").write_text(text, "utf-8")
    assert main(["survey", "check", "mine.toml"]) == 0
    warning = f"mine.toml: warning: its id is {id_}, not mine; set id, or call the file {id_}.toml"
    assert capsys.readouterr().out.splitlines()[1] == warning
    Path("mine.toml").write_text(text.replace(f'"{id_}"', '"mine"'), "utf-8")
    assert main(["survey", "check", "mine.toml"]) == 0
    assert "warning: its id" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("locale", "typed", "end"),
    [
        (
            "zh-Hans",
            "二 来得太慢 5 四 很好 跳过 师傅很耐心",
            ("response_speed = 2  (来得太慢)", "convenience = 5", "师傅很耐心"),
        ),
        ("en", "2 slow 5 four great skip friendly", ("response_speed = 2  (slow)", "convenience = 5", "friendly")),
    ],
)
def test_a_survey_is_tried_in_the_terminal(
    locale: str, typed: str, end: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed.split())))
    assert main(["survey", "try", str(SURVEYS / "after_service.toml"), "--locale", locale]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    result = out[out.index("= completed") :]
    assert [fragment for fragment in end if fragment not in result] == []
    assert "problem_solving = 5" in result
    assert "attitude = 4" in result
    assert "after_care" not in result
    assert "an issue (normal): response_speed 2 ≤ 2" in result


def test_the_version_is_that_of_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert capsys.readouterr().out == f"huifang {project['version']}\n"


def test_what_one_command_is_told_is_not_known_to_the_next() -> None:
    first = parser().parse_args(["metrics", "--format", "json", "--config", "elsewhere.toml"])
    second = parser().parse_args(["metrics"])
    assert first.do is second.do
    assert (first.format, str(first.config)) == ("json", "elsewhere.toml")
    assert (second.format, second.config) == ("text", None)


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "--roles", "web,cook"], ["survey", "check"]])
def test_wrong_usage_ends_with_2_and_says_how_to(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: huifang")


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_wrong_setting_ends_with_1_and_a_line_each(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUIFANG_HTTP__PORT", "http")
    Path("huifang.toml").write_text("[survey]\ndelay = 'soon'\n")
    assert main([command]) == 1
    lines = sorted(capsys.readouterr().err.splitlines())
    assert [line.split(": ")[:3] for line in lines] == [
        ["huifang", "HUIFANG_HTTP__PORT", "http.port"],
        ["huifang", "huifang.toml", "survey.delay"],
    ]


@pytest.mark.proof
def test_migrate_makes_the_tables_and_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert [main(["migrate"]), main(["migrate"])] == [0, 0]
    assert capsys.readouterr().out.splitlines() == ["The database is up to date."] * 2
    assert main(["doctor"]) == 0

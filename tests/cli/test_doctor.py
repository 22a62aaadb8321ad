"""`huifang doctor`: planted mistakes, each found in one line that names the fix; it changes nothing."""

import asyncio
import os
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.process.system import SystemClock
from bot.wiring.startup import known_surveys
from config.surveys.load import SHIPPED, read_surveys
from storage.connection.store import Store
from storage.dialects.sqlite import lock_file
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.cli.conftest import Close, Keep, Type
from tests.support.botapi import TOKEN, FakeTelegram
from tests.support.botapi.proxy import Proxy
from tests.support.ports import reserved_port
from tests.support.town.town import GROUP
from tests.support.wechat import AES_KEY, APP_ID, APP_SECRET, FakeWeChat
from tests.support.wechat import TOKEN as PUSH_TOKEN

SHIPPED_SURVEY = (SHIPPED / "ten_point.toml").read_text()
NEWLINE = "\n"
VERSION: int = tomllib.loads(SHIPPED_SURVEY)["version"]
TELEGRAM = {"TELEGRAM__TOKEN": TOKEN, "TELEGRAM__TEAM_CHAT": str(GROUP)}
WECHAT = {
    "WECHAT__APP_ID": APP_ID,
    "WECHAT__APP_SECRET": APP_SECRET,
    "WECHAT__TOKEN": PUSH_TOKEN,
    "WECHAT__AES_KEY": AES_KEY,
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is planted in files and environment, and how the line about it begins and ends."""

    begins: str
    fix: str
    files: Mapping[str, str]
    environ: Mapping[str, str]


def _in_file(name: str, text: str, begins: str, fix: str) -> Mistake:
    return Mistake(begins, fix, {name: text}, {})


def _in_environment(begins: str, fix: str, **environ: str) -> Mistake:
    return Mistake(begins, fix, {}, environ)


MISTAKES = {
    "an unknown setting": _in_file(
        "huifang.toml", '[survey]\ndelai = "30m"\n', "huifang.toml: survey.delai: ", "Did you mean survey.delay?"
    ),
    "a duration that is none": _in_environment(
        "HUIFANG_SURVEY__DELAY: survey.delay: 'soon'", "Write it as 30m, 24h or PT30M.", SURVEY__DELAY="soon"
    ),
    "a webhook without its secret": _in_environment(
        "HUIFANG_TELEGRAM__MODE: telegram.webhook_secret: ",
        "Make up 1 to 256 letters, digits, `_` and `-`.",
        TELEGRAM__MODE="webhook",
    ),
    "WeChat without its secret": _in_environment(
        "HUIFANG_WECHAT__APP_ID: wechat.app_secret: It is missing",
        "Copy it from the account's console",
        **{key: value for key, value in WECHAT.items() if key != "WECHAT__APP_SECRET"},
    ),
    "a survey with a broken line": _in_file(
        "surveys/mine.toml",
        SHIPPED_SURVEY.replace(f"version = {VERSION}", "version = two"),
        "mine.toml:4: ",
        "`key = value`",
    ),
    "a survey whose scale stands on its head": _in_file(
        "surveys/mine.toml",
        SHIPPED_SURVEY.replace("lowest = 1", "lowest = 12"),
        f"mine.toml:{SHIPPED_SURVEY[: SHIPPED_SURVEY.index('[scale]')].count(NEWLINE) + 1}: scale: ",
        "Make lowest smaller than highest",
    ),
    "a rule about a survey that there is not": _in_file(
        "rules.toml",
        '[[rules]]\nname = "all"\nsurvey = "ten_points"\n',
        "rules.toml: rules[1].survey: ",
        "Did you mean ten_point?",
    ),
    "a rule of what counts once that groups by nothing known": _in_file(
        "counting.toml",
        'version = 2\neffective_from = 2027-01-01\n[[duplicates]]\nname = "mine"\nsame = ["phone"]\n',
        "counting.toml:5: duplicates[#1].same[#1]: ",
        "Write closing or ticket or survey or customer or contact.",
    ),
    "a default survey that there is not": _in_environment(
        "HUIFANG_SURVEY__DEFAULT: survey.default: ",
        "Did you mean after_service?",
        SURVEY__DEFAULT="after_servce",
    ),
    "a phrase with a hole that nothing fills": _in_file(
        "phrases/en.toml", '[done]\nthanks = "Thanks {nam}"\n', "phrases/en.toml: done.thanks: ", "Possible are: none."
    ),
    "a database that is none": _in_file(
        "var/huifang.db", "hello, I am a letter\n" * 99, "database.url: the file is no SQLite database", "the address."
    ),
    "a database folder that is a file": _in_file(
        "var", "I am a file", "database.url: var/huifang.db cannot be made: ", "or correct the address."
    ),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def free_port() -> Iterator[int]:
    """Lend a port on which nobody listens."""
    with reserved_port() as port:
        yield port


@pytest.fixture
def lent() -> Iterator[ExitStack]:
    """Lend a stack, closed after everything that the test opens in its loop."""
    with ExitStack() as stack:
        yield stack


def _problems(out: str) -> list[str]:
    """Return the problem lines; on a machine with an old SQLite the doctor warns of it, rightly."""
    return [line.removeprefix("problem: ") for line in out.splitlines() if line.startswith("problem: ")]


@pytest.mark.parametrize("name", MISTAKES)
def test_the_doctor_finds_a_planted_mistake_and_names_the_fix(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = MISTAKES[name]
    for file, text in mistake.files.items():
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).write_text(text)
    for key, value in mistake.environ.items():
        monkeypatch.setenv(f"HUIFANG_{key}", value)
    assert main(["doctor"]) == 1
    (line,) = _problems(capsys.readouterr().out)
    assert mistake.begins in line
    assert mistake.fix in line


@pytest.mark.some(1)
@pytest.mark.parametrize(("added", "warned"), [("小王", ["陈组长"]), ("陈组长", [])])
def test_the_doctor_names_whom_nobody_would_call(
    added: str, warned: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUIFANG_ALERTS__ESCALATE_TO", "陈组长,13800138000,10001")
    assert main(["user", "add", added, "--role", "lead"]) == 0
    capsys.readouterr()
    assert main(["doctor"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "alerts.escalate_to" in line]
    assert [name for line in lines for name in ("陈组长", "13800138000", "10001") if f"{name!r}" in line] == warned


@pytest.mark.row("S0-24", "S1-04", "S4-04")
def test_the_doctor_finds_that_a_version_was_asked_before_in_other_words(capsys: pytest.CaptureFixture[str]) -> None:
    Path("surveys").mkdir()
    mine = Path("surveys/mine.toml")
    mine.write_text(SHIPPED_SURVEY.replace('id = "ten_point"', 'id = "mine"'))
    assert main(["migrate"]) == 0
    asyncio.run(_ask_once())
    assert main(["doctor"]) == 0
    mine.write_text(mine.read_text().replace("[title]", "# as before\n[title]"))
    assert main(["doctor"]) == 0
    mine.write_text(mine.read_text().replace('en = "', 'en = "Our ', 1))
    capsys.readouterr()
    assert main(["doctor"]) == 1
    (line,) = _problems(capsys.readouterr().out)
    told = f"version: Version {VERSION} was asked before in other words. Write version = {VERSION + 1}."
    assert line == f"surveys/mine.toml: {told}"


async def _ask_once() -> None:
    """Remember today's surveys, as a start does."""
    async with Store.open("sqlite:///var/huifang.db") as store:
        writer = Writer(store, SystemClock().now, on_commit=lambda _committed: None)
        await known_surveys(Reader(store), writer, read_surveys(Path()))
        await writer.stop()


async def test_the_doctor_asks_telegram_about_token_and_group(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], free_port: int
) -> None:
    async def problems(**changed: str) -> list[str]:
        for key, value in (TELEGRAM | changed).items():
            monkeypatch.setenv(f"HUIFANG_{key}", value)
        code = await asyncio.to_thread(main, ["doctor"])
        found = _problems(capsys.readouterr().out)
        assert code == int(bool(found))
        return found

    async with FakeTelegram().serve() as telegram:
        here = {"TELEGRAM__API_BASE": telegram.api_base}
        (line,) = await problems(**here)
        assert line.startswith("HUIFANG_TELEGRAM__TEAM_CHAT: telegram.team_chat: The bot cannot see chat -4001234: ")
        assert line.endswith("Add the bot to the group, and write the group's id.")
        li = telegram.user(201, name="小李")
        group = telegram.group(GROUP, "售后一组", [li])
        assert await problems(**here) == []
        group.removes_bot(group.member(li))
        (line,) = await problems(**here)
        assert line.startswith("HUIFANG_TELEGRAM__TEAM_CHAT: telegram.team_chat: ")
        assert await problems(**here, TELEGRAM__TOKEN=TOKEN[:-1] + "1") == [
            "HUIFANG_TELEGRAM__TOKEN: telegram.token: Telegram does not know this token. Copy it from @BotFather again."
        ]
    (line,) = await problems(TELEGRAM__API_BASE=f"http://127.0.0.1:{free_port}")
    assert line.startswith(
        "HUIFANG_TELEGRAM__API_BASE: telegram.api_base: Telegram cannot be reached: Connection refused. "
    )
    assert line.endswith("Check the address and the network.")
    assert TOKEN not in line
    (line,) = await problems(TELEGRAM__API_BASE="http://no-such-host.invalid")
    assert "cannot be reached: " in line
    assert "Error" not in line, "a name of Python's tells nobody what to look at"


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_the_doctor_tells_the_proxy_that_fails_from_the_network_behind_it(
    kind: str,
    lent: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    free_port: int,
) -> None:
    async def problems(**changed: str) -> list[str]:
        for key, value in (TELEGRAM | changed).items():
            monkeypatch.setenv(f"HUIFANG_{key}", value)
        await asyncio.to_thread(main, ["doctor"])
        return _problems(capsys.readouterr().out)

    async with FakeTelegram().serve() as telegram:
        proxy = lent.enter_context(Proxy().serve())
        telegram.group(GROUP, "售后一组", [telegram.user(201, name="小李")])
        given = (
            f"{kind}://me:hush-9f8e@127.0.0.1:{proxy.port}" if kind == "http" else f"{kind}://127.0.0.1:{proxy.port}"
        )
        assert await problems(TELEGRAM__API_BASE=telegram.api_base, TELEGRAM__PROXY=given) == []
        assert {port for _, port in proxy.asked} == {int(telegram.api_base.rpartition(":")[2])}
        proxy.leads_on = False
        (line,) = await problems()
        assert line.startswith(
            f"HUIFANG_TELEGRAM__PROXY: telegram.proxy: The proxy 127.0.0.1:{proxy.port} answers, but does not lead to"
        )
        assert "hush" not in line
    (line,) = await problems(TELEGRAM__PROXY=f"{kind}://127.0.0.1:{free_port}")
    assert line == (
        f"HUIFANG_TELEGRAM__PROXY: telegram.proxy: The proxy 127.0.0.1:{free_port} cannot be reached:"
        " Connection refused. Start it, or correct its address."
    )
    monkeypatch.delenv("HUIFANG_TELEGRAM__PROXY")
    monkeypatch.setenv("ALL_PROXY", f"{kind}://127.0.0.1:{free_port}")
    monkeypatch.setenv("NO_PROXY", "")
    assert f"The proxy 127.0.0.1:{free_port} cannot be reached" in (await problems())[0]


async def test_the_doctor_asks_wechat_for_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], free_port: int
) -> None:
    async def problems(**changed: str) -> list[str]:
        for key, value in (WECHAT | changed).items():
            monkeypatch.setenv(f"HUIFANG_{key}", value)
        code = await asyncio.to_thread(main, ["doctor"])
        found = _problems(capsys.readouterr().out)
        assert code == int(bool(found))
        return found

    async with FakeWeChat().serve() as wechat:
        here = {"WECHAT__API_BASE": wechat.api_base}
        assert await problems(**here) == []
        (line,) = await problems(**here, WECHAT__APP_ID="wx0")
        assert line.startswith(
            "HUIFANG_WECHAT__APP_ID: wechat.app_id: WeChat does not know this AppID (40013). Copy it"
        )
        (line,) = await problems(**here, WECHAT__APP_SECRET="f" * 32)
        assert line.startswith("HUIFANG_WECHAT__APP_SECRET: wechat.app_secret: WeChat does not take this AppSecret")
        wechat.account.allowed_ips = set()
        (line,) = await problems(**here)
        assert line.endswith(
            "WeChat lets no call in from 127.0.0.1 (40164). Add it to the IP allowlist (IP白名单) there."
        )
        assert [call.path for call in wechat.calls()] == ["/cgi-bin/stable_token"] * 4
        assert wechat.violations == []
    (line,) = await problems(WECHAT__API_BASE=f"http://127.0.0.1:{free_port}")
    assert line.startswith("HUIFANG_WECHAT__API_BASE: wechat.api_base: WeChat cannot be reached: Connection refused. ")
    assert APP_SECRET not in line


@pytest.mark.proof
def test_the_doctor_finds_a_postgresql_that_is_not_there_or_not_migrated(
    postgres_url: str, free_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUIFANG_DATABASE__URL", f"postgresql://me:secret-word@127.0.0.1:{free_port}/huifang")
    assert main(["doctor"]) == 1
    (line,) = _problems(capsys.readouterr().out)
    assert line.startswith("database.url: the database cannot be used: ")
    assert line.endswith("Start the database, or correct the address.")
    assert "secret-word" not in line
    monkeypatch.setenv("HUIFANG_DATABASE__URL", postgres_url)
    assert main(["doctor"]) == 1
    (line,) = _problems(capsys.readouterr().out)
    assert line.endswith("run `huifang migrate` once.")
    assert [main(["migrate"]), main(["doctor"])] == [0, 0]


def test_what_is_only_unwise_is_a_warning_and_ends_with_0(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUIFANG_HOOKS__SECRET", "whsec_OGYzYTFjNWU3ZDliMmY0YQ==")
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert _problems(out) == []
    assert "warning: HUIFANG_HOOKS__SECRET: hooks.secret: It holds fewer than 24 bytes." in out
    assert not Path("var").exists(), "the doctor makes nothing"


def test_the_doctor_verifies_the_database_while_the_service_has_it_and_names_each_broken_row(
    desk: Path, types: Type, closes: Close
) -> None:
    closes("42")
    sound = types("doctor", "--verify")
    assert (sound.code, sound.err) == (0, "")
    assert sound.out.startswith("No violations found. ")
    assert " 1  tickets" in sound.out
    database = desk / "var" / "huifang.db"
    with closing(sqlite3.connect(database)) as file:
        file.executescript("DELETE FROM invitations")
    lock = lock_file(database)
    try:
        broken = types("doctor", "--verify")
    finally:
        os.close(lock)
    assert broken.code == 1
    assert broken.out.splitlines()[0] == (
        "problem: A closed ticket is asked about, or carries the reason why not: tickets desk/42."
        " Send the closing again (PUT /api/v1/tickets), or ask by hand."
    )
    assert broken.out.splitlines()[1].startswith("1 violation found. ")
    assert "王梅" not in broken.out
    assert "空调" not in broken.out


@pytest.mark.parametrize("service", ["runs", "stands"])
def test_kept_deliveries_and_an_old_sqlite_are_told_whether_or_not_a_service_has_the_database(
    service: str, desk: Path, types: Type, keeps: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 45, 0))
    assert "kept" not in types("doctor").out
    keeps("sandbox:phone", b"[]")
    keeps("fax", b"{}")
    lock = lock_file(desk / "var" / "huifang.db") if service == "runs" else os.open(os.devnull, os.O_RDONLY)
    try:
        said = types("doctor")
    finally:
        os.close(lock)
    kept, old = sorted(line for line in said.out.splitlines() if "SQLite" in line or "kept" in line)
    assert kept == (
        "warning: 2 deliveries could not be decided and are kept. Look at `huifang inbox list`;"
        " `huifang inbox retry --all` decides them again."
    )
    assert old.endswith(
        "can destroy a database that two programs write (mended in 3.51.3). Let no other program write to it."
    )
    assert said.code == 0


def test_a_database_that_is_not_there_is_a_problem_and_not_free_of_violations(
    types: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIFANG_DATABASE__URL", "sqlite:///var/mistyped.db")
    said = types("doctor", "--verify")
    line = "problem: there is no database there, and nothing was checked: look at database.url.\n"
    assert (said.code, said.out) == (1, line)

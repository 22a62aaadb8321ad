"""However a command ends, its exit code is 0, 1 or 2, a problem is one readable line, and nothing is half done."""

import asyncio
import os
import random
import signal
import socket
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tests.support.commands import huifang
from tests.support.database.migrated import copy_migrated
from tests.support.ports import reserved_port
from tests.support.process import environment, product_at
from tests.support.time.patience import PATIENCE
from tests.support.town.town import eventually
from tests.support.warm import Warm

ROOT = Path(__file__).parents[3]
SURVEY = str(ROOT / "config/defaults/surveys/after_service.toml")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("run",),
    ("migrate",),
    ("doctor",),
    ("draw",),
    ("survey", "check", SURVEY),
    ("survey", "try", SURVEY),
    ("survey", "explain", "desk/1"),
    ("campaign", "list"),
    ("campaign", "create", "--name", "Care", "--kind", "notice", "--text", "Hello"),
    ("user", "add", "Li", "--role", "agent"),
    ("user", "list"),
    ("customer", "export", "c-1"),
    ("customer", "forget", "c-1", "--yes"),
)
SIGNALS = (
    (signal.SIGTERM,),
    (signal.SIGINT,),
    (signal.SIGINT, signal.SIGINT),
    (signal.SIGHUP,),
    (signal.SIGTERM, signal.SIGINT, signal.SIGTERM),
)


@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param({"http.host": "nobody.invalid"}, "HUIFANG_HTTP__HOST: http.host: The host", id="unknown host"),
        pytest.param({"http.host": "no..body"}, "HUIFANG_HTTP__HOST: http.host: The host", id="no host"),
        pytest.param({"http.host": "192.0.2.1"}, "HUIFANG_HTTP__HOST: http.host: 192.0.2.1 is no", id="not ours"),
        pytest.param({}, "HUIFANG_HTTP__PORT: http.port: Port", id="port in use"),
    ],
)
async def test_a_port_that_cannot_be_had_is_one_line_and_nothing_is_begun(
    tmp_path: Path, settings: Mapping[str, str], told: str
) -> None:
    async with product_at(tmp_path, settings, warm=True) as product:
        with socket.create_server(("127.0.0.1", product.port)):
            assert await product.ends() == 1
        (line,) = product.log.splitlines()
        assert line.startswith(f"huifang: {told}")
    assert _names(tmp_path) == ["huifang.log"]


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_folder_that_takes_no_database_is_one_line_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command in COMMANDS[:2]:
        with reserved_port() as port:
            settings = {"database.url": f"sqlite:///{tmp_path}/file/huifang.db", "http.port": str(port)}
            said = await huifang(tmp_path, settings, *command)
        assert said.code == 1
        (line,) = said.err.splitlines()
        assert line.endswith("let this user write there, or name another file in database.url")


async def test_a_signal_ends_every_command_in_order(tmp_path: Path) -> None:
    await _interrupt(tmp_path, [(command, delay) for command in COMMANDS for delay in (0.02, 0.1)])


@pytest.mark.proof
@pytest.mark.long
async def test_a_signal_ends_every_command_in_order_at_any_moment(tmp_path: Path) -> None:
    at_random = random.Random(21)  # noqa: S311 (moments, not secrets)
    await _interrupt(
        tmp_path, [(command, at_random.uniform(0, 1.5 if command == ("run",) else 0.5)) for command in COMMANDS * 12]
    )


async def _interrupt(folder: Path, moments: Sequence[tuple[Sequence[str], float]]) -> None:
    """Run each command, send it signals some seconds after its first line, look at its end and at what it leaves."""
    database, out, err = folder / "huifang.db", folder / "out", folder / "err"
    with reserved_port() as port:
        environ = environment({"database.url": f"sqlite:///{database}", "http.port": str(port)})
        for number, (command, delay) in enumerate(moments):
            _renew(database, made=bool(number % 3))
            warm = Warm()
            process = await warm.launch(folder, environ, command, str(out), str(err))
            await process.heeds_signals()
            await asyncio.sleep(delay)
            for one in (*SIGNALS[number % len(SIGNALS)], *((signal.SIGTERM,) if command == ("run",) else ())):
                with suppress(ProcessLookupError):
                    os.kill(process.pid, one)
                await asyncio.sleep(0.002)
            code = await asyncio.wait_for(process.wait(), PATIENCE)
            await warm.close()
            _check(command, code, out.read_text() if out.exists() else "", err.read_text() if err.exists() else "")
            if database.exists():
                _check_database(database, command, code)


def _renew(database: Path, *, made: bool) -> None:
    """Leave nothing of the command before; where no database is made, the next one makes it itself."""
    for left in database.parent.iterdir():
        left.unlink()
    if made:
        copy_migrated(database)


def _check(command: Sequence[str], code: int, out: str, err: str) -> None:
    told = f"{' '.join(command)} ended with {code}:\n{out}{err}"
    assert code in {0, 1}, told
    assert "Traceback" not in err, told
    assert "Exception" not in err, told
    if command == ("run",):
        assert code == 0, told
    elif code == 1 and command != ("doctor",):
        assert err.startswith("huifang: "), told
        assert err.count("\n") == 1, told


def _check_database(file: Path, command: Sequence[str], code: int) -> None:
    """What was begun is done or not there at all; a command that ended well has done it."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert not tables or "alembic_version" in tables
        if code == 0 and command[:2] in {("user", "add"), ("campaign", "create")}:
            table = "members" if command[0] == "user" else "campaigns"
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)  # noqa: S608 (our own names)


async def test_output_that_nobody_takes_is_one_line(tmp_path: Path) -> None:
    full = await _ended(tmp_path, "draw", out="/dev/full")
    assert full == (1, "huifang: [Errno 28] No space left on device\n")
    receiver, sender = os.pipe()
    os.close(receiver)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "draw"), stdout=sender, stderr=asyncio.subprocess.PIPE, cwd=ROOT
        )
    finally:
        os.close(sender)
    _, err = await process.communicate()
    assert (process.returncode, err.decode()) == (1, "huifang: whoever reads the output has gone before its end\n")


@pytest.mark.proof
async def test_what_libraries_do_at_the_interpreters_own_end_changes_no_exit_code(tmp_path: Path) -> None:
    """A thread of the HTTP library's aborted the process there, now and then."""
    (tmp_path / "sitecustomize.py").write_text("import atexit, os\natexit.register(os.abort)\n", "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "draw"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )
    out, _ = await process.communicate()
    assert (process.returncode, out.startswith(b"# The state machines")) == (0, True)


async def test_a_signal_within_a_finalizer_is_no_traceback() -> None:
    """Such as a loop's, which ends with the last that knows it."""
    program = (
        "import os, signal\n"
        "from bot.process.interrupts import interrupt_when_ended\n"
        "class Last:\n"
        "    def __del__(self):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        print('within')\n"
        "interrupt_when_ended()\n"
        "Last()\n"
        "print('after')\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    out, err = await process.communicate()
    assert (out.decode().split(), err) == (["within", "after"], b"")


async def test_a_problem_that_nobody_reads_still_has_its_exit_code(tmp_path: Path) -> None:
    assert await _ended(tmp_path, "survey", "check", "no-file", err="/dev/full") == (1, "")


async def test_a_service_whose_log_cannot_be_written_serves_and_ends_as_ever(tmp_path: Path) -> None:
    warm = Warm()
    with reserved_port() as port:
        process = await warm.launch(tmp_path, environment({"http.port": str(port)}), ("run",), "/dev/full", "/dev/full")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await eventually(lambda: _is_alive(client), within=30)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    await warm.close()


async def _is_alive(client: httpx.AsyncClient) -> bool | None:
    with suppress(httpx.TransportError):
        return (await client.get("/healthz")).status_code == httpx.codes.OK
    return None


async def test_a_mistake_of_our_own_is_one_line_too(tmp_path: Path) -> None:
    """A service of another version gives something else than this command line understands."""
    (tmp_path / "var").mkdir()

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b'{"ok": 5}\n')
        writer.close()

    async with await asyncio.start_unix_server(reply, tmp_path / "var/huifang.db.sock"):
        said = await huifang(tmp_path, {}, "user", "list")
    assert said.code == 1
    (line,) = said.err.splitlines()
    assert line.startswith(
        "huifang: this is a mistake of huifang itself: TypeError: 'int' object is not iterable (people"
    )


async def _ended(folder: Path, *command: str, out: str = "out", err: str = "err") -> tuple[int, str]:
    warm = Warm()
    process = await warm.launch(folder, environment({}), command, out, err)
    code = await asyncio.wait_for(process.wait(), PATIENCE)
    await warm.close()
    return code, "" if err.startswith("/dev") else (folder / err).read_text()


async def test_a_stop_during_an_erasure_is_told_to_who_waits_for_it(tmp_path: Path) -> None:
    """Another program holds the database, so that the erasure takes longer than an ending process waits."""
    async with product_at(tmp_path, {}, warm=True) as product:
        await product.start()
        ticket = {"status": "closed", "customer": {"id": "c-1"}}
        assert (await product.api.put("/api/v1/tickets/desk/1", json=ticket)).status_code == 201
        with closing(sqlite3.connect(tmp_path / "var/huifang.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            erasing = asyncio.create_task(product.api.delete("/api/v1/customers/c-1"))
            await asyncio.sleep(0.2)
            stopping = asyncio.create_task(product.stop())
            answer = await erasing
            assert answer.status_code == 503
            assert "stops before it could tell" in answer.json()["detail"]
            other.execute("ROLLBACK")
            await stopping
        assert "Traceback" not in product.log
        assert "stopping before the answer to DELETE /api/v1/customers/" in product.log


@pytest.mark.proof
async def test_the_doctor_says_the_same_each_time_without_a_route_to_telegram(tmp_path: Path) -> None:
    """A thread of the HTTP library that outlives the call aborted every second process at the interpreter's end."""
    settings = {
        "telegram.token": f"110201543:{'A' * 35}",
        "telegram.team_chat": "-1001",
        "telegram.api_base": "https://telegram.invalid",
    }
    (said,) = set(await asyncio.gather(*(_cold(tmp_path, settings, "doctor") for _ in range(5))))
    code, out, err = said
    assert (code, err) == (1, "")
    assert "problem: HUIFANG_TELEGRAM__API_BASE: telegram.api_base: Telegram cannot be reached: " in out


async def _cold(folder: Path, settings: Mapping[str, str], *arguments: str) -> tuple[int | None, str, str]:
    """Return exit code, output and errors of a command in an interpreter that starts and ends for it alone."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()

"""A command goes to the service where one runs; where none does, it is run on the database itself."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.control.protocol import LONGEST_REQUEST, CommandProblem, CommandReply, CommandRequest
from bot.control.socket_client import CommandResult, run_command
from bot.control.socket_path import socket_path
from bot.control.socket_server import serve_commands
from config.settings.loading import load_settings
from config.settings.settings import Settings
from tests.support.database.migrated import copy_migrated
from tests.support.town.town import eventually


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Return the settings of a service on a migrated database, in a folder with a short path."""
    with TemporaryDirectory(dir="/tmp") as folder:
        file = copy_migrated(Path(folder, "huifang.db"))
        yield load_settings({"HUIFANG_DATABASE__URL": f"sqlite:///{file}"}, cwd=Path(folder))


def place_of(settings: Settings) -> Path:
    """Return the path of the control socket."""
    place = socket_path(settings.database.url.get_secret_value())
    assert place is not None
    return place


@asynccontextmanager
async def serving(settings: Settings, answers: Callable[[CommandRequest], CommandReply]) -> AsyncIterator[None]:
    """Run a service that answers each request so."""

    async def do(request: CommandRequest) -> CommandReply:
        return answers(request)

    place = place_of(settings)
    keeping = asyncio.create_task(serve_commands(place, do))

    async def listens() -> bool | None:
        return place.exists() or None

    await eventually(listens)
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


@contextmanager
def answering(settings: Settings, raw: bytes) -> Iterator[None]:
    """Run a service that answers one request with these bytes and breaks off."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(place_of(settings)))
        door.listen()

        def answer() -> None:
            caller, _ = door.accept()
            with caller, caller.makefile("rb") as asked:
                asked.readline()
                caller.sendall(raw)

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        thread.join()


async def test_a_running_service_does_it(settings: Settings) -> None:
    def answers(request: CommandRequest) -> CommandReply:
        return CommandReply({"command": request.command, **request.arguments})

    async with serving(settings, answers):
        done = await asyncio.to_thread(run_command, settings, "user add", {"name": "李工"})
    assert done == CommandResult({"command": "user add", "name": "李工"}, waits=False)


async def test_what_the_service_cannot_do_is_a_problem_here(settings: Settings) -> None:
    async with serving(settings, lambda _request: CommandReply(problem="there is no team member 李工")):
        with pytest.raises(CommandProblem, match="there is no team member 李工"):
            await asyncio.to_thread(run_command, settings, "user remove", {"name": "李工"})


def test_without_a_service_it_is_done_at_once_and_said_that_work_waits(settings: Settings) -> None:
    added = run_command(settings, "user add", {"name": "李工", "role": "agent", "telegram": "201"})
    assert added.waits
    assert [one["name"] for one in run_command(settings, "user list", {}).gave] == ["李工"]


def test_a_problem_without_a_service_is_told_in_the_same_words(settings: Settings) -> None:
    with pytest.raises(CommandProblem, match="there is no team member 李工"):
        run_command(settings, "user remove", {"name": "李工"})


def test_a_socket_that_a_dead_service_left_is_no_service(settings: Settings) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place_of(settings)))
    assert run_command(settings, "user list", {}) == CommandResult([], waits=True)


def test_who_only_follows_a_service_does_not_open_its_database(settings: Settings) -> None:
    with pytest.raises(CommandProblem, match="the service has gone; when it runs again, it goes on where it was"):
        run_command(settings, "campaign show", {"campaign": "cam_1"}, only_service=True)


@pytest.mark.parametrize("raw", [b"", b"{", b"7\n", b'{"ok"', b'{"problem": 7}\n', b'{"done": 1}\n'])
def test_a_service_that_breaks_off_is_told_with_where_to_look(settings: Settings, raw: bytes) -> None:
    with answering(settings, raw), pytest.raises(CommandProblem, match="the service broke off; look into its log"):
        run_command(settings, "user list", {})


def test_a_request_longer_than_the_service_reads_is_not_sent(settings: Settings) -> None:
    with pytest.raises(CommandProblem, match="this is longer than 256 KiB: write less"):
        run_command(settings, "campaign create", {"text": "x" * LONGEST_REQUEST})


def test_a_longest_request_goes_through_once_all_of_it_fits(settings: Settings) -> None:
    room = LONGEST_REQUEST - len(CommandRequest("user remove", {"name": ""}).line())
    with pytest.raises(CommandProblem, match="there is no team member xxx"):
        run_command(settings, "user remove", {"name": "x" * room})

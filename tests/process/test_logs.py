"""Log lines: readable on a terminal, JSON elsewhere, and free of secrets everywhere."""

import asyncio
import gc
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.process.logs import Redactor, log_loop_error, set_up_logs

SECRET = "correct-horse-battery"
WORDS = "客服态度很差"


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Restore the handlers of pytest: what sets up the logs takes all others away."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def written() -> Callable[[], list[dict[str, Any]]]:
    """Set up logs that nobody watches, and return what reads their lines."""
    stream = io.StringIO()
    logging.getLogger("uvicorn.access").propagate = True  # which a server of an earlier test has taken away
    set_up_logs([SECRET], stream, chatty=["talkative"])
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_an_object_with_its_time_in_utc(written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("bot.receiver").info("received %d", 3)
    (line,) = written()
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "bot.receiver", "received 3")
    assert line["at"].endswith("+00:00")
    assert line.keys() == {"at", "level", "logger", "message"}


def test_an_alarm_is_told_by_its_name(written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("bot").error("the disk is full", extra={"alarm": "disk"})
    assert written()[0]["alarm"] == "disk"


def test_words_stay_readable_in_any_language(written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger("bot").warning("磁盘已满")
    assert written()[0]["message"] == "磁盘已满"


def test_a_traceback_is_part_of_its_line_and_holds_no_secret(written: Callable[[], list[dict[str, Any]]]) -> None:
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("bot").exception("it failed")
    (line,) = written()
    assert "ValueError" in line["traceback"]
    assert SECRET not in json.dumps(line)


def test_a_traceback_tells_places_and_kinds_and_quotes_nothing(written: Callable[[], list[dict[str, Any]]]) -> None:
    def fail() -> None:
        try:
            dict[str, str]()[WORDS]
        except KeyError as missing:
            raise ExceptionGroup(WORDS, [ValueError(WORDS), OSError(WORDS)]) from missing

    try:
        fail()
    except ExceptionGroup:
        logging.getLogger("bot").exception("it failed")
    (line,) = written()
    for told in ("in fail", "builtins.KeyError", "builtins.ValueError", "builtins.OSError", "ExceptionGroup"):
        assert told in line["traceback"]
    assert WORDS not in json.dumps(line, ensure_ascii=False)


async def test_what_nobody_waited_for_is_logged_without_what_it_says(
    written: Callable[[], list[dict[str, Any]]],
) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)

    async def fail() -> None:
        raise ValueError(WORDS)

    def called(words: str) -> None:
        raise ValueError(words)

    task = asyncio.create_task(fail())
    loop.call_soon(called, WORDS)
    await asyncio.sleep(0.01)
    del task
    gc.collect()
    assert [line["message"] for line in written()] == [
        "in the event loop: Exception in",
        "in the event loop: Task exception was never retrieved",
    ]
    assert WORDS not in json.dumps(written(), ensure_ascii=False)


@pytest.mark.parametrize("name", ["pyreqwest", "apscheduler", "asyncio", "uvicorn.access", "alembic", "talkative"])
def test_chatty_libraries_are_heard_when_they_warn(name: str, written: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger(name).info("GET https://api.telegram.org/bot1/getUpdates")
    logging.getLogger(name).warning("no answer")
    assert [line["message"] for line in written()] == ["no answer"]


def test_on_a_terminal_a_line_is_for_people() -> None:
    screen = Terminal()
    set_up_logs([SECRET], screen)
    logging.getLogger("bot.app").warning("the token is %s", SECRET)
    (line,) = screen.getvalue().splitlines()
    assert line.endswith("WARNING bot.app  the token is •••")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "https://api.telegram.org/bot123456789:AAF-abcdefghijklmnopqrstuvwxyz0123/getMe",
            "https://api.telegram.org/bot•••/getMe",
        ),
        ("GET /cgi-bin/token?appid=wx1&secret=0123abcd", "GET /cgi-bin/token?appid=wx1&•••"),
        ("POST /send?access_token=72_abcDEF-x&x=1", "POST /send?•••&x=1"),
        ("Authorization: Bearer abc.def", "•••"),
        ('{"authorization": "Bearer abc.def"}', '{"•••"}'),
        ("Cookie: session=abc", "•••"),
        ("postgresql://huifang:s3cret@db:5432/huifang", "postgresql://•••@db:5432/huifang"),
        ("the hook's whsec_MfKQ9r8GKYqr+/= is wrong", "the hook's ••• is wrong"),
        ("call 13800138000 back", "call ••• back"),
        ("ticket 413800138000 is closed", "ticket 413800138000 is closed"),
        ("issue 5 of 12 is open", "issue 5 of 12 is open"),
    ],
)
def test_whatever_has_the_form_of_a_secret_is_covered(text: str, clean: str) -> None:
    assert Redactor().clean(text) == clean


def test_a_known_secret_is_covered_wherever_it_stands() -> None:
    redactor = Redactor([SECRET, "robot-key"])
    assert redactor.clean(f"({SECRET}) and {SECRET}x, robot-key") == "(•••) and •••x, •••"


def test_of_two_secrets_the_longer_is_covered_whole() -> None:
    assert Redactor(["secret-1", "secret-1-and-more"]).clean("secret-1-and-more") == "•••"


def test_a_secret_so_short_that_it_is_in_plain_words_covers_nothing() -> None:
    assert Redactor(["the", "", "abcde"]).clean("the abcde of it") == "the abcde of it"

"""A secret is kept out of the log however it is written there, and the line remains one that programs read."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.process.logs import Redactor, set_up_logs

TOKEN = "123456789:AAE_-abcdefghijklmnopqrstuvwxyz0123"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Restore the handlers and the level of the root logger."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers.clear()  # `force` would close those of pytest
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def _logged(message: str, *secrets: str) -> dict[str, Any]:
    """Log a message where no terminal is, and return its line decoded."""
    stream = io.StringIO()
    set_up_logs(secrets, stream)
    logging.getLogger("bot.x").warning("%s", message)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", "POST https://api.telegram.org/bot•••/sendMessage"),
        (f"GET https://api.telegram.org/file/bot{TOKEN}/x.jpg", "GET https://api.telegram.org/file/bot•••/x.jpg"),
        (f"token {TOKEN} is refused", "token ••• is refused"),
        ("12:30:45 the keyboard of message 7:20 is gone", "12:30:45 the keyboard of message 7:20 is gone"),
    ],
)
def test_a_token_is_covered_wherever_it_stands_in_an_address(text: str, clean: str) -> None:
    assert Redactor().clean(text) == clean


@pytest.mark.parametrize("secret", ['with "quotes" in it', "back\\slash\\ed", "two\nlines", "tab\tbed-secret"])
def test_a_secret_that_json_writes_otherwise_is_covered_too(secret: str) -> None:
    assert _logged(f"refused: {secret}", secret)["message"] == "refused: •••"


@pytest.mark.parametrize("message", ['token=abc"def', "secret=a\\", 'postgresql://me:p"w@db', "key=\"x\" password='y'"])
def test_a_line_remains_json_whatever_is_covered_in_it(message: str) -> None:
    assert _logged(message)["level"] == "WARNING"

"""Every command says in one line what is wrong with the database's address, and nothing of its password."""

import logging
from collections.abc import Iterator

import pytest

from bot.cli import main

WORD = "hunter2"
HOST = "127.0.0.1:1"
ADDRESSES = (
    *(
        f"postgresql://u:{WORD}{sign}{WORD}@{HOST}/h"
        for sign in ("@", "/", "#", "%", " ", "[", "]", "?", ":", "\\", "'")
    ),
    f"postgresql://u:{WORD}@{HOST}/h?channel_binding=require",
    f"postgresql://u:{WORD}@{HOST}/h?connect_timeout={WORD}",
    f"postgresql://u:{WORD}@{HOST}/h?sslmode={WORD}",
    f"postgresql://u:{WORD}@{HOST}/h?sslrootcert=/{WORD}",
    f"postgresql://u:{WORD}@{HOST}/h?{WORD}",
    f"postgresql://u:{WORD}@127.0.0.1:port/h",
    f"postgresql://u:{WORD}@[::1/h",
    f"postgresql://u:{WORD}",
    f"postgresql//u:{WORD}@{HOST}/h",
    f"u:{WORD}@{HOST}/h",
    f"postgresql+psycopg2://u:{WORD}@{HOST}/h",
)
COMMANDS = (
    ["doctor"],
    ["migrate"],
    ["run"],
    ["user", "list"],
    ["campaign", "list"],
    ["customer", "export", "c-1"],
    ["survey", "explain", "desk/1"],
)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Take back what `huifang run` sets up in this very process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("address", ADDRESSES)
def test_one_line_and_no_part_of_the_password(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUIFANG_DATABASE__URL", address)
    for command in COMMANDS:
        assert main(command) == 1
        told = capsys.readouterr()
        assert WORD not in told.out + told.err, command
        assert "Traceback" not in told.err
        lines = [line for line in (told.out + told.err).splitlines() if "warning: " not in line]
        assert len(lines) == 1, (command, lines)

"""What README and docs show can be used as it stands: settings, requests, and command lines with their arguments."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import parser
from bot.http.api.schemas.ticket_request import TicketBody
from config.errors import ConfigError
from config.settings.loading import load_settings
from config.settings.sources import from_file
from tests.house.tree import ROOT, files, plant

BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
FILES_OF_OTHERS = re.compile(
    r"^(\[\[(rules|calendar|reports|webhooks|questions|sections|combined)\]\]|\[recurring\]|\[adjective\])",
    re.MULTILINE,
)
COMMAND = re.compile(r"(?:^|[\s/])huifang ((?:run|doctor|migrate|draw|survey|campaign|user|customer|assess)\b[^\n]*)")
BODY = re.compile(r"-d '(.*?)'", re.DOTALL)


def blocks(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each code block: the place where it stands, its language, its text."""
    for path in files(root):
        if path.suffix == ".md":
            for language, text in BLOCK.findall(path.read_text()):
                yield str(path.relative_to(root)), language, text


def refused(root: Path) -> list[str]:
    """Name each command line in a code block that the command line refuses."""
    return [
        f"{place}: huifang {command}"
        for place, _, text in blocks(root)
        for command in COMMAND.findall(text)
        if not _parses(shlex.split(command, comments=True))
    ]


def _parses(words: list[str]) -> bool:
    try:
        parser().parse_args(words)
    except SystemExit:
        return False
    return True


def _settings() -> list[tuple[str, str]]:
    return [
        (place, text) for place, named, text in blocks(ROOT) if named == "toml" and not FILES_OF_OTHERS.search(text)
    ]


@pytest.mark.parametrize(("place", "text"), _settings())
def test_every_setting_that_is_shown_exists(place: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "huifang.toml"
    file.write_text(text, "utf-8")
    assert [each for each in from_file(file, place) if isinstance(each, ConfigError)] == []
    if "…" not in text:
        load_settings({}, file, tmp_path)


def test_the_ticket_of_the_readme_is_accepted() -> None:
    (body,) = BODY.findall((ROOT / "README.md").read_text())
    assert TicketBody.model_validate(json.loads(body)).customer.name == "王女士"


@pytest.mark.usefixtures("capsys")
def test_every_command_line_that_is_shown_is_accepted() -> None:
    assert refused(ROOT) == []


@pytest.mark.usefixtures("capsys")
def test_a_command_line_that_is_refused_is_seen(tmp_path: Path) -> None:
    lines = ["X=1 .venv/bin/huifang survey explain desk/42  # why", "huifang survey check", "huifang run --part web"]
    plant(tmp_path, {"docs/a.md": "```\n" + "".join(f"{line}\n" for line in lines) + "```\n`huifang user …`"})
    assert refused(tmp_path) == ["docs/a.md: huifang survey check", "docs/a.md: huifang run --part web"]

"""Every command and option of the command line stands in docs/reference/commands.md, and nothing else does."""

import argparse
import re
from collections.abc import Iterator

from bot.cli import parser
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "reference" / "commands.md").read_text()
EVERYWHERE = {"-h", "--help", "--config"}


def _leaves(read: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    """Yield each command with its options; they stand in the parser's actions, which argparse shows to nobody else."""
    actions = [*vars(read)["_actions"]]
    inner = [action.choices for action in actions if action.nargs == argparse.PARSER]
    for choices in inner:
        for name, below in choices.items():
            yield from _leaves(below, (*words, name))
    if not inner:
        yield " ".join(words), {option for action in actions for option in action.option_strings} - EVERYWHERE


def test_every_command_is_described_with_its_options() -> None:
    text = PAGE.replace("· `resume", "· `huifang campaign resume").replace("· `cancel", "· `huifang campaign cancel")
    leaves = dict(_leaves(parser()))
    assert [command for command in leaves if f"`huifang {command}" not in text] == []
    options = {option for each in leaves.values() for option in each}
    assert [option for option in sorted(options) if not re.search(rf"[` ]{option}[` ]", text)] == []


def test_no_option_is_described_that_there_is_not() -> None:
    before_any_command = {option for action in vars(parser())["_actions"] for option in action.option_strings}
    known = EVERYWHERE | before_any_command | {option for _, options in _leaves(parser()) for option in options}
    assert sorted(set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", PAGE)) - known) == []

"""What runs but should be mended is told by the doctor, each with its fix."""

from pathlib import Path

import pytest

from config.settings.consistency import advice
from config.settings.loading import load_settings
from tests.support.blocks import Block, read_blocks

BLOCKS = read_blocks(Path(__file__).with_name("advice.txt"))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"line {block.line}")
def test_what_should_not_stay_so_is_told_with_its_fix(block: Block, tmp_path: Path) -> None:
    environ = dict(line.split("=", 1) for line in block.given.splitlines())
    assert [str(line) for line in advice(load_settings(environ, None, tmp_path))] == block.expected


def test_the_defaults_need_no_advice(tmp_path: Path) -> None:
    assert list(advice(load_settings({}, None, tmp_path))) == []

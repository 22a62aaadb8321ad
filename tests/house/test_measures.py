"""A figure of the house is right, and one that misses its target is told with what stands behind it."""

from pathlib import Path

import pytest

from tests.house.measures import Measure, code_lines, main, missed, table
from tests.house.tree import ROOT, plant


def test_a_figure_beyond_its_target_is_missed() -> None:
    few = Measure("few", 2, lambda _: ["a", "b", "c"])
    many = Measure("many", 1.5, lambda _: [], now=lambda _: 1.5, at_least=True)
    values = {few: few.value(ROOT), many: many.value(ROOT)}
    assert missed(values) == [few]
    assert [line.split() for line in table(values)][1:] == [
        ["few", "3", "≤", "2", "MISSED"],
        ["many", "1.5", "≥", "1.5"],
    ]
    assert missed({few: 2, many: 1.4}) == [many]


def test_only_lines_of_code_count(tmp_path: Path) -> None:
    text = '"""About.\n\nMore."""\n\n# why\nx = """a\nb"""\n\n\ndef f():\n    """Return."""\n    return x  # so\n'
    plant(tmp_path, {"a.py": text})
    assert code_lines([tmp_path / "a.py"]) == 4


def test_what_stands_behind_a_figure_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fullest"]) == 0
    assert capsys.readouterr().out.startswith("\nPython files in the fullest folder:")

"""Prints docs/rows.md from `rows.toml` and the marks in the tests: run `python -m tests.rows.page`."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.rows.coverage import known_rows

__all__ = ["PAGE", "marked_tests", "row_problems", "rows_page"]

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "rows.md"
_MARKED = re.compile(
    r"^(?P<deco>@pytest\.mark\.row\([^)]*\)\n(?:[@ )\]].*\n)*)(?:async )?def (?P<test>test_\w+)", re.MULTILINE
)
_ROWS = re.compile(r"mark\.row\(([^)]*)\)")
_OPEN = ("partly", "missing", "not_ours")
_CHAPTERS = {
    "S0": "Evaluation forms",
    "S1": "Appraisal systems and rules of what counts",
    "S2": "The closed loop of service",
    "S3": "Tables, contracts and statistics",
    "S4": "Standards of service quality",
}
_HEAD = """# What of its field the product covers

People who evaluate after-sales service use forms, grades, targets, rules of what counts, and a loop from hearing to
mending. Each row below is one such thing. It *works* when tests that go through a door (HTTP, a chat, the command
line, a file) assert all of it; `make test` counts the rows whose tests passed and prints `rows covered`. *Partly* says
what is lacking, *not ours* says why.

Classes: C customers' side, S scores and reports, I what is taken in from a help desk, A appraisal of people and
departments, O paperwork beside a survey product. This page is printed: `python -m tests.rows.page`.
"""


@cache
def marked_tests() -> Mapping[str, tuple[str, ...]]:
    """Return the tests marked with each row, as `file::test` below tests/, in the order of files."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for row, test in _marks(path.read_text("utf-8")):
            found.setdefault(row, []).append(f"{path.relative_to(ROOT / 'tests')}::{test}")
    return {row: tuple(tests) for row, tests in found.items()}


def row_problems(rows: Mapping[str, Mapping[str, str | bool]], tests: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Name each row that is said to work without a test, or to lack something while its tests say that it is whole."""
    said = {row: [key for key in _OPEN if about.get(key)] for row, about in rows.items()}
    return [
        *(
            f"{row} is said to work and has no marked test"
            for row, keys in said.items()
            if not keys and row not in tests
        ),
        *(f"{row} has marked tests and is said to be {keys[0]}" for row, keys in said.items() if keys and row in tests),
        *(f"{row} has more than one state" for row, keys in said.items() if len(keys) > 1),
        *(f"{row} is marked at {tests[row][0]} and unknown" for row in tests if row not in rows),
    ]


def rows_page() -> str:
    """Return the text of the page."""
    rows = known_rows()
    parts = [_HEAD, _totals(rows)]
    for prefix, title in _CHAPTERS.items():
        table = [_line(row, about) for row, about in rows.items() if row.startswith(f"{prefix}-")]
        parts.append(
            "\n".join([f"\n## {title}\n", "| row | class | what | state | tests |", "|---|---|---|---|---|", *table])
        )
    return "\n".join(parts) + "\n"


def _marks(text: str) -> Iterator[tuple[str, str]]:
    if "mark.row(" in text:
        for found in _MARKED.finditer(text):
            for rows in _ROWS.findall(found["deco"]):
                yield from ((row, found["test"]) for row in re.findall(r'"([^"]+)"', rows))


def _totals(rows: Mapping[str, Mapping[str, str | bool]]) -> str:
    lines = ["| | rows | works | partly | missing | not ours |", "|---|---|---|---|---|---|"]
    groups = [("all", list(rows)), ("class C or S", [row for row in rows if set("CS") & set(str(rows[row]["class"]))])]
    for title, some in groups:
        states = [_state(rows[row]) for row in some]
        counts = [str(states.count(state)) for state in ("works", "partly", "missing", "not ours")]
        lines.append(f"| {title} | {len(some)} | {' | '.join(counts)} |")
    return "\n".join(lines)


def _state(about: Mapping[str, str | bool]) -> str:
    return next((key.replace("_", " ") for key in _OPEN if about.get(key)), "works")


def _line(row: str, about: Mapping[str, str | bool]) -> str:
    state = _state(about)
    why = about.get(state.replace(" ", "_"))
    told = f"{state}: {why}" if isinstance(why, str) else state
    return f"| {row} | {' '.join(str(about['class']))} | {about['what']} | {told} | {_tests(row)} |"


def _tests(row: str) -> str:
    files: dict[str, list[str]] = {}
    for test in marked_tests().get(row, ()):
        file, _, name = test.partition("::")
        files.setdefault(file, []).append(name.removeprefix("test_"))
    return "; ".join(f"`tests/{file}` {', '.join(names)}" for file, names in files.items())


if __name__ == "__main__":
    PAGE.write_text(rows_page(), "utf-8")

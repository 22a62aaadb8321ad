"""The house in figures: `make check` prints them, and fails where one misses its target.

`python -m tests.house.measures WORD` lists what stands behind each measure whose name holds the word.
"""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.house.documents.test_reading_paths import LIMIT as PATH_LIMIT
from tests.house.documents.test_reading_paths import QUESTIONS, long_paths, missing_files, reading_paths
from tests.house.english.test_citations import cited_elsewhere, odd_loggers
from tests.house.english.test_docstrings import odd_summaries, silent_raisers
from tests.house.english.test_vocabulary import coined, lively
from tests.house.layout.test_channels_apart import LIMIT as CHANNEL_LIMIT
from tests.house.layout.test_channels_apart import MODEL, files_naming
from tests.house.layout.test_folders import mutual
from tests.house.layout.test_journey import LIMIT as JOURNEY_LIMIT
from tests.house.layout.test_journey import journey
from tests.house.layout.test_names import AMBIGUOUS_LIMIT, RECURRING_LIMIT, ambiguous, gerunds, recurring
from tests.house.layout.test_siblings import LIMIT as SIBLING_LIMIT
from tests.house.layout.test_siblings import crowded, siblings
from tests.house.layout.test_small_files import LIMIT as SMALL_LIMIT
from tests.house.layout.test_small_files import lonely
from tests.house.layout.test_transitions import loose_transitions
from tests.house.tree import ROOT, nodes, product_files, python_files

__all__ = ["MEASURES", "Measure", "code_lines", "missed", "table"]

TEST_RATIO = 1.2


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the house; `details` are the places behind it, as many as `now` where nothing else is said."""

    name: str
    target: float
    details: Callable[[Path], list[str]]
    now: Callable[[Path], float] | None = None
    at_least: bool = False

    def value(self, root: Path) -> float:
        """Return the figure as it stands."""
        return self.now(root) if self.now else len(self.details(root))

    def reached(self, value: float) -> bool:
        """Return whether a figure is as good as the target."""
        return value >= self.target if self.at_least else value <= self.target


def code_lines(paths: Iterable[Path]) -> int:
    """Return the number of lines that hold code: no blank lines, comments or docstrings."""
    return sum(len(set(_code(path)) - set(_prose(path))) for path in paths)


def table(values: Mapping[Measure, float]) -> Iterator[str]:
    """Yield the lines of the table: measure, now, target, and where a target is missed."""
    yield f"{'measure':<64} {'now':>6}  target"
    for measure, value in values.items():
        sign = "≥" if measure.at_least else "≤"
        mark = "" if measure.reached(value) else "  MISSED"
        yield f"{measure.name:<64} {value:>6.4g}  {sign} {measure.target:g}{mark}"


def missed(values: Mapping[Measure, float]) -> list[Measure]:
    """Return each measure that misses its target."""
    return [each for each, value in values.items() if not each.reached(value)]


def _fullest(root: Path) -> float:
    return max(siblings(root).values(), default=0)


def _read_first(root: Path) -> list[str]:
    return reading_paths(root).get(QUESTIONS[0], ["no such path"] * (PATH_LIMIT + 1))


def _test_ratio(root: Path) -> float:
    return code_lines(python_files(root / "tests")) / max(1, code_lines(product_files(root)))


def _code(path: Path) -> Iterator[int]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if (text := line.strip()) and not text.startswith("#"):
            yield number


def _prose(path: Path) -> Iterator[int]:
    yield from chain.from_iterable(
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for node in nodes(path)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )


MEASURES = (
    Measure("Python files in the fullest folder", SIBLING_LIMIT, crowded, now=_fullest),
    Measure("files to read for “a customer presses 2”", PATH_LIMIT, _read_first),
    Measure("reading paths too long, missing or leading nowhere", 0, long_paths),
    Measure("stays of one inbound message while it is decided", JOURNEY_LIMIT, journey),
    Measure("files outside its folder that name a channel", CHANNEL_LIMIT, lambda root: files_naming(root, MODEL)),
    Measure("public names with several meanings", AMBIGUOUS_LIMIT, ambiguous),
    Measure("file names with several meanings", RECURRING_LIMIT, recurring),
    Measure("modules called …ing by no term of the field", 0, gerunds),
    Measure("files of ≤ 45 lines with one importer", SMALL_LIMIT, lonely),
    Measure("transitions outside a table", 0, loose_transitions),
    Measure("folders that import each other", 0, mutual),
    Measure("test lines for each line of code", TEST_RATIO, lambda _: [], now=_test_ratio, at_least=True),
    Measure("summaries that say neither what is returned nor what is done", 0, odd_summaries),
    Measure("public functions that raise and do not say so", 0, silent_raisers),
    Measure("coined words in names and docstrings", 0, coined),
    Measure("sentences about code as about somebody", 0, lively),
    Measure("citations of what is not in the repository", 0, cited_elsewhere),
    Measure("files named in documents that are not there", 0, missing_files),
    Measure("loggers not named after their module", 0, odd_loggers),
)


def main(words: list[str]) -> int:
    """Print the table and what stands behind each missed target, or behind the measures that `words` name.

    Return 1 where a target is missed.
    """
    if words:
        _explain(measure for measure in MEASURES if any(word in measure.name for word in words))
        return 0
    values = {measure: measure.value(ROOT) for measure in MEASURES}
    print(*table(values), sep="\n")  # noqa: T201 (this is what it is for)
    _explain(failed := missed(values))
    return 1 if failed else 0


def _explain(measures: Iterable[Measure]) -> None:
    for measure in measures:
        print(f"\n{measure.name}:", *measure.details(ROOT), sep="\n  ")  # noqa: T201 (this is what it is for)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

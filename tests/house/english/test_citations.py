"""Whatever a comment or document cites stands in this repository; loggers are named after their modules."""

import ast
import re
from pathlib import Path

from tests.house.tree import files, plant, product_files, syntax

READ_AS_TEXT = {".py", ".md", ".toml", ".html", ".css", ".js", ".sql", ".mako", ".ini", ".txt", ""}
# Written with a dot inside, so that this file does not hold the words that it looks for.
ELSEWHERE = re.compile(
    r"\b(?:CONTR·ACT|DESI·GN|HOU·SE)\b|\breliability,? H\d|\(H\d+(?:, H\d+)*\)|\bS\d-\d\d\b|\(I\d\d\)"
    r"|(?i:(?:\b|_)the_contr·act(?:_|\b)|(?:\b|_)row[_ ]s\d[_-]\d\d)".replace("·", "")
)
# The rows stand in the repository, and are named where they are told and where a test is marked with them.
TELLS_ROWS = {"tests/rows/rows.toml", "docs/rows.md", "tests/house/documents/test_rows.py"}
MARK = re.compile(r"mark\.row\([^)]*\)")
NAMED_AFTER = "logging.getLogger(__name__)"


def cited_elsewhere(root: Path) -> list[str]:
    """Name each line that cites a document which is not in the repository."""
    texts = ((path, path.read_text()) for path in files(root) if path.suffix in READ_AS_TEXT)
    return [
        f"{path.relative_to(root)}:{number}: {found.group()}"
        for path, text in texts
        if path.name != "LICENSE" and ELSEWHERE.search(text) and str(path.relative_to(root)) not in TELLS_ROWS
        for number, line in enumerate(text.splitlines(), 1)
        if (found := ELSEWHERE.search(MARK.sub("", line)))
    ]


def odd_loggers(root: Path) -> list[str]:
    """Name each module whose own logger is not `logger = logging.getLogger(__name__)`."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: {ast.unparse(node)}"
        for path in product_files(root)
        for node in syntax(path).body
        if isinstance(node, ast.Assign) and "getLogger" in ast.unparse(node.value)
        if ast.unparse(node) != f"logger = {NAMED_AFTER}"
    ]


def test_a_citation_of_what_is_not_here_is_seen(tmp_path: Path) -> None:
    words = [
        word.replace("·", "")
        for word in (
            "CONTR·ACT 3",
            "the DESI·GN",
            "relia·bility H11",
            "(H·6)",
            "see S·2-09",
            "(I·10)",
            "HOU·SES",
            "as_row_s·2_20()",
            "of_the_contr·act_and",
            "pytest.mark.row('S·2-09') as S·2-09",
            "pytest.mark.row('S·2-09')",
        )
    ]
    plant(tmp_path, {"bot/a.py": "".join(f"# {word}\n" for word in words)})
    assert [line.partition(": ")[0] for line in cited_elsewhere(tmp_path)] == [
        f"bot/a.py:{n}" for n in (1, 2, 3, 4, 5, 6, 8, 9, 10)
    ]


def test_a_logger_of_another_name_is_seen(tmp_path: Path) -> None:
    tree = {
        "bot/a.py": f"logger = {NAMED_AFTER}\n",
        "bot/b.py": f"_LOG = {NAMED_AFTER}\nlogging.getLogger('x').info(1)\n",
    }
    assert odd_loggers(plant(tmp_path, tree)) == [f"bot/b.py:1: _LOG = {NAMED_AFTER}"]

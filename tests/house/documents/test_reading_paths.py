"""docs/architecture.md answers a newcomer's questions in five files each, and every file that documents name exists."""

import re
from pathlib import Path

from tests.house.tree import files, plant

LIMIT = 5
PAGE = "docs/architecture.md"
HEADING = "## Reading paths"
QUESTIONS = (
    "a customer presses 2",
    "where is the 48 h window decided",
    "how do I add a channel",
    "how do I add a connector",
    "how do I add a metric",
    "how do I add a survey",
    "remind the holder before the deadline",
    "assign an issue, or take it over",
    "a Slack channel with buttons",
    "how do I change stored data",
)
_QUOTED = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:[\w.-]+/)+[\w.-]+\.(?:py|md|toml|html|js|css|json|txt|sql|in)|(?:[\w-]+/)+")
_MODULE = re.compile(r"(?:bench|bot|config|dialogs|scoring|storage|tests)(?:\.\w+)+")
_BARE = re.compile(r"\w+\.(?:py|md|html|js|css|sql)")
OWNERS = {"phrases/zh-Hans.toml", "surveys/", "phrases/", "var/"}
"""What an owner of the product makes in their own folder, not we."""


def reading_paths(root: Path) -> dict[str, list[str]]:
    """Map each question of the page to the files that it names, in order; a row is `| question | files |`."""
    section = (root / PAGE).read_text().partition(HEADING)[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {row[0].strip(): _files(row[1]) for row in rows[2:]}  # the first two are the head


def long_paths(root: Path) -> list[str]:
    """Name each question without an answer of one to five files, and each file of an answer that is not there."""
    paths = reading_paths(root)
    missing = [f"no path for: {question}" for question in QUESTIONS if question not in paths]
    sizes = [f"{question}: {len(named)} files" for question, named in paths.items() if not 0 < len(named) <= LIMIT]
    gone = [f"{question}: {name}" for question, named in paths.items() for name in named if not (root / name).exists()]
    return missing + sizes + gone


def missing_files(root: Path) -> list[str]:
    """Name each file or module in a document's code that is not there, or that is named without its folder."""
    return [
        f"{path.relative_to(root)}: {name}"
        for path in files(root)
        if path.suffix == ".md" and path.name != "CHANGELOG.md"
        for name in _QUOTED.findall(path.read_text())
        if name not in OWNERS and not _is_there(root, path.parent, name)
    ]


def _is_there(root: Path, folder: Path, name: str) -> bool:
    """Return whether a file of this name is there; true for everything that names neither a file nor a module."""
    if _FILE.fullmatch(name) or _BARE.fullmatch(name):
        return (root / name).exists() or (folder / name).exists()
    if not _MODULE.fullmatch(name):
        return True
    place = root / name.replace(".", "/")  # or a name inside that module
    return any(each.exists() for each in (place, place.with_suffix(".py"), place.parent.with_suffix(".py")))


def _files(cell: str) -> list[str]:
    return [quoted for quoted in _QUOTED.findall(cell) if _FILE.fullmatch(quoted)]


def test_a_path_that_is_too_long_or_leads_nowhere_is_seen(tmp_path: Path) -> None:
    rows = ["a customer presses 2 | `bot/a.py`, then `x.y` in `bot/gone.py`", "why | words only"]
    rows += ["how do I add a survey | " + " ".join(f"`bot/{letter}.py`" for letter in "abcdef")]
    table = "".join(f"| {row} |\n" for row in ["question | read", "---|---", *rows])
    tree = {PAGE: f"# A\n\n{HEADING}\n\n{table}\n## More\n\n| x | y |\n", **{f"bot/{c}.py": "" for c in "abcdef"}}
    problems = long_paths(plant(tmp_path, tree))
    assert problems[len(QUESTIONS) - 2 :] == [
        "why: 0 files",
        "how do I add a survey: 6 files",
        "a customer presses 2: bot/gone.py",
    ]
    assert problems[0] == "no path for: where is the 48 h window decided"


def test_a_file_that_a_document_names_and_is_gone_is_seen(tmp_path: Path) -> None:
    text = "`bot/b.py`, `c.md`, `gone.py`, `bot/gone.py`, `bot/`, `bot.b`, `bot.b.x`, `bot.gone.x`, `x.y`"
    plant(tmp_path, {"docs/a.md": text, "bot/b.py": "", "docs/c.md": ""})
    assert missing_files(tmp_path) == ["docs/a.md: gone.py", "docs/a.md: bot/gone.py", "docs/a.md: bot.gone.x"]

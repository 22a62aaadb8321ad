"""No two folders import each other; import-linter refuses longer circles too (`siblings` in pyproject.toml)."""

from pathlib import Path

from tests.house.surface import imports
from tests.house.tree import ROOT, plant


def mutual(root: Path) -> list[str]:
    """Name each pair of neighbours, folders or modules, that import each other."""
    arrows = {
        _parting(importer.split("."), used.split(".")) for importer, names in imports(root).items() for used in names
    }
    return [f"{a} <-> {b}" for a, b in sorted(arrows) if a < b and (b, a) in arrows]


def _parting(importer: list[str], used: list[str]) -> tuple[str, str]:
    """Return the two neighbours in which importer and used lie, below the folder that holds both."""
    shared = 0
    while shared < min(len(importer), len(used)) and importer[shared] == used[shared]:
        shared += 1
    return ".".join(importer[: shared + 1]), ".".join(used[: shared + 1])


def test_no_two_folders_import_each_other() -> None:
    assert mutual(ROOT) == []


def test_two_folders_that_import_each_other_are_seen(tmp_path: Path) -> None:
    tree = {
        "bot/a/x.py": "from bot.b import y\n",
        "bot/a/z.py": "",
        "bot/b/y.py": "import bot.a.z\n",
        "dialogs/c.py": "import bot.a.x\n",
    }
    assert mutual(plant(tmp_path, tree)) == ["bot.a <-> bot.b"]

"""A folder holds few files, so that its listing can be read; a larger topic gets folders of its own."""

from collections import Counter
from pathlib import Path

from tests.house.tree import ROOT, plant, python_files

LIMIT = 15
GROWING = {"storage/migrations/versions": "one file for each version of the schema"}


def siblings(root: Path) -> dict[str, int]:
    """Map each folder to the number of its Python files without `__init__`."""
    folders = (path.parent for path in python_files(root) if path.name != "__init__.py")
    counted = Counter(folder.relative_to(root).as_posix() for folder in folders)
    return {folder: count for folder, count in counted.items() if folder not in GROWING}


def crowded(root: Path) -> list[str]:
    """Name each folder that holds more files than a reader takes in."""
    return [f"{folder}: {count} modules" for folder, count in sorted(siblings(root).items()) if count > LIMIT]


def test_a_crowded_folder_is_seen(tmp_path: Path) -> None:
    many = {f"bot/m{number}.py": "" for number in range(16)}
    plant(tmp_path, {**many, "bot/__init__.py": "", "tests/a.py": "", "storage/migrations/versions/0001.py": ""})
    assert crowded(tmp_path) == ["bot: 16 modules"]
    assert siblings(tmp_path) == {"bot": 16, "tests": 1}


def test_each_growing_folder_exists() -> None:
    assert [folder for folder in GROWING if not (ROOT / folder).is_dir()] == []

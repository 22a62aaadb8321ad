"""The migrations are one chain: two that follow the same one would leave a database that cannot be migrated."""

import ast
from pathlib import Path

from tests.house.tree import ROOT

VERSIONS = ROOT / "storage/migrations/versions"


def chain_problems(folder: Path) -> list[str]:
    """Name each migration that does not follow the one before it, or is not called as its file."""
    problems, before = [], None
    for file in sorted(folder.glob("[0-9]*.py")):
        told = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(file.read_text("utf-8")).body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and "revision" in node.targets[0].id
        }
        if told["revision"] != file.stem or told["down_revision"] != before:
            problems.append(
                f"{file.name}: {told['revision']} behind {told['down_revision']}, not {file.stem} behind {before}"
            )
        before = file.stem
    return problems


def test_every_migration_follows_the_one_before() -> None:
    assert chain_problems(VERSIONS) == []


def test_two_that_follow_the_same_one_are_found(tmp_path: Path) -> None:
    for name, before in (("0001_a", None), ("0002_b", "0001_a"), ("0002_c", "0001_a")):
        (tmp_path / f"{name}.py").write_text(f"revision = {name!r}\ndown_revision = {before!r}\n", "utf-8")
    assert chain_problems(tmp_path) == ["0002_c.py: 0002_c behind 0001_a, not 0002_c behind 0002_b"]

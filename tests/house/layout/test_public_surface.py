"""What a module offers stands in its `__all__`, and nobody takes anything else."""

from pathlib import Path

from tests.house.surface import modules, promised, taken
from tests.house.tree import PACKAGES, ROOT, plant, python_files


def surface_problems(root: Path) -> list[str]:
    """Name each module that is used without saying what it offers, and each name taken that is not offered."""
    readers = [path for package in (*PACKAGES, "bench") for path in python_files(root / package)]
    offers = {name: promised(path) for name, path in modules(root).items()}
    found = list(taken(root, readers))
    silent = sorted({one.module for one in found if offers[one.module] is None})
    return [f"{module} is imported and has no __all__" for module in silent] + [
        f"{one.by.relative_to(root)}:{one.line} takes {one.name}, which {one.module} does not offer"
        for one in found
        if one.name not in (offers[one.module] or {one.name})
    ]


def test_only_what_is_offered_is_taken() -> None:
    assert surface_problems(ROOT) == []


def test_a_name_taken_unoffered_is_seen(tmp_path: Path) -> None:
    tree = {
        "scoring/__init__.py": "",
        "scoring/scale.py": "__all__ = ['Scale']\nScale = hidden = 1\n",
        "scoring/mute.py": "x = 1\n",
        "dialogs/a.py": "from scoring.scale import Scale, hidden\nfrom scoring import mute, scale as s\n",
        "dialogs/b.py": "import scoring.scale\nimport scoring.scale as s\nscoring.scale.hidden, s.hidden, s.Scale\n",
        "dialogs/c.py": "from scoring import mute as quiet\nquiet.x\n",
        "dialogs/d.py": "def f(scoring: object) -> object:\n    return scoring.scale\n",
    }
    assert surface_problems(plant(tmp_path, tree)) == [
        "scoring.mute is imported and has no __all__",
        "dialogs/a.py:1 takes hidden, which scoring.scale does not offer",
        "dialogs/b.py:3 takes hidden, which scoring.scale does not offer",
        "dialogs/b.py:3 takes hidden, which scoring.scale does not offer",
    ]

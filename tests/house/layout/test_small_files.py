"""A small file with a single user belongs into that user, or into a neighbour."""

from collections import defaultdict
from pathlib import Path

from tests.house.surface import imports, modules
from tests.house.tree import modules_of, plant

SHORT, LIMIT = 45, 8
LISTED = ("bot/channels/*/descriptor.py", "bot/connectors/*/descriptor.py", "config/settings/channels/*.py")
"""Entries of a list, one for each channel or connector: only the list imports them, however short they are."""


def lonely(root: Path) -> list[str]:
    """Name each short module that exactly one module of the product imports."""
    users: dict[str, set[str]] = defaultdict(set)
    for module, taken in imports(root).items():
        for each in taken:
            users[each].add(module)
    own = set(modules_of(root))
    return [
        f"{path.relative_to(root)}: {lines} lines, used by {next(iter(users[module]))}"
        for module, path in sorted(modules(root).items())
        if path in own and len(users[module]) == 1 and (lines := _lines(path)) <= SHORT and not _is_listed(root, path)
    ]


def _is_listed(root: Path, path: Path) -> bool:
    return any(path.relative_to(root).match(pattern) for pattern in LISTED)


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_a_short_file_with_one_user_is_seen(tmp_path: Path) -> None:
    tree = {
        "bot/small.py": "x = 1\n",
        "bot/shared.py": "x = 1\n",
        "bot/long.py": "x = 1\n" * 46,
        "bot/channels/x/descriptor.py": "x = 1\n",
        "bot/a.py": "from bot.small import x\nfrom bot import shared, long\nfrom bot.channels.x import descriptor\n",
        "dialogs/b.py": "import bot.shared\n",
    }
    assert lonely(plant(tmp_path, tree)) == ["bot/small.py: 1 lines, used by bot.a"]

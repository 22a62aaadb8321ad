"""Imports only go down: import-linter reads the contracts of pyproject.toml, here and in `make check`."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT, plant

BELOW = {
    "bot/channels/telegram/__init__.py": "import telegram",
    "bot/channels/sandbox/__init__.py": "import bot.channels.telegram",
    "bot/handlers/__init__.py": "import telegram.ext",
    "bot/http/__init__.py": "import sqlalchemy, fastapi.routing",
    "bot/ports.py": "import bot.http, uvicorn",
    "config/settings/settings.py": "import storage",
    "dialogs/clock.py": "import time, os.path, pydantic",
    "dialogs/alarm.py": "import apscheduler.schedulers",
    "scoring/upwards.py": "import dialogs",
}
BROKEN = (
    "config.settings.settings -> storage",
    "scoring.upwards -> dialogs",
    "dialogs.clock -> time",
    "dialogs.clock -> os",
    "dialogs.clock -> pydantic",
    "bot.ports -> bot.http",
    "bot.channels.sandbox -> bot.channels.telegram",
    "bot.handlers -> telegram",
    "bot.http -> sqlalchemy",
    "bot.ports -> uvicorn",
    "dialogs.alarm -> apscheduler",
)


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter over the packages in `root` with the contracts of its pyproject.toml."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Lint a house whose floors are wrong in every way at once."""
    root = tmp_path_factory.mktemp("broken")
    empty = {f"{package}/__init__.py": "" for package in PACKAGES}
    ours = ("pyproject.toml", "tests/__init__.py", "tests/house/__init__.py", "tests/house/contracts.py")
    rooms = {"bot/channels/__init__.py": "", "config/settings/__init__.py": "", "scoring/values.py": "import msgspec"}
    plant(root, {**empty, **rooms, **{name: (ROOT / name).read_text() for name in ours}, **BELOW})
    return lint_imports(root)


def test_imports_only_go_down() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_way_of_climbing_is_seen(broken: subprocess.CompletedProcess[str]) -> None:
    assert [line for line in BROKEN if f"{line} (l." not in broken.stdout] == [], broken.stdout
    assert broken.returncode == 1


def test_a_guest_at_home_is_welcome(broken: subprocess.CompletedProcess[str]) -> None:
    allowed = ("bot.channels.telegram -> telegram", "bot.http -> fastapi")
    assert [line for line in allowed if line in broken.stdout] == []

"""A migrated SQLite file without rows, made once for a test run; a test that needs one copies it."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.connection.migrate import upgrade
from tests.support.shared import once

__all__ = ["copy_migrated"]


def copy_migrated(file: Path) -> Path:
    """Make `file` a migrated database without rows; return it."""
    shutil.copy(once("sqlite", _migrate), file)
    return file


def _migrate(home: Path) -> str:
    file = home / "migrated.db"
    with ThreadPoolExecutor(1) as apart:  # whoever asks may run in a loop already
        apart.submit(lambda: asyncio.run(upgrade(f"sqlite:///{file}"))).result()
    return str(file)

"""Typing commands into a terminal, in the folder of a product and with its settings."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import environment

__all__ = ["Said", "huifang"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


async def huifang(folder: Path, settings: Mapping[str, str], *arguments: str) -> Said:
    """Run a command as a process of its own; nobody sits at its terminal, and it may never show a traceback."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env=environment(settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert "Traceback" not in err.decode(), err.decode()
    assert process.returncode is not None
    return Said(process.returncode, out.decode(), err.decode())

"""Typing commands into a terminal, in the folder of a product and with its settings."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.process import environment
from tests.support.warm import Warm

__all__ = ["Said", "huifang"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


async def huifang(folder: Path, settings: Mapping[str, str], *arguments: str) -> Said:
    """Run a command as a process of its own; nobody sits at its terminal, and it may never show a traceback."""
    warm = Warm()
    with TemporaryDirectory() as said:
        out, err = Path(said, "out"), Path(said, "err")
        process = await warm.launch(folder, environment(settings), arguments, str(out), str(err))
        code = await asyncio.wait_for(process.wait(), 30)
        await warm.close()
        told = Said(code, *(await asyncio.to_thread(lambda: (out.read_text(), err.read_text()))))
    assert "Traceback" not in told.err, told.err
    return told

"""The product as its users run it: a process with a folder, a port and settings; stopped, killed, restarted."""

import asyncio
import os
import ssl
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.database.migrated import copy_migrated
from tests.support.ports import reserved_port
from tests.support.time.patience import PATIENCE
from tests.support.warm import Warm, WarmProcess

__all__ = ["KEY", "STOPS_WITHIN", "Product", "environment", "product_at"]

KEY = "key-of-the-journeys-4f8c2a"
STARTS_WITHIN = 60.0  # seconds; a machine that writes the bytecode of everything first needs many
STOPS_WITHIN = 5.0  # seconds, as promised; a proof holds it


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process: these settings by their keys (`survey.delay`), and nothing of ours.

    Without a country of their own they have no public holidays, which take a process half a second to make.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    settings = {"calendar.country": "off"} | dict(settings)
    return kept | {"HUIFANG_" + key.upper().replace(".", "__"): value for key, value in settings.items()}


@dataclass(slots=True, repr=False)
class Product:
    """`python -m bot run` in a folder of its own; what it says on stderr is kept in `huifang.log` there."""

    folder: Path
    port: int
    settings: Mapping[str, str]
    api: httpx.AsyncClient
    warm: Warm | None = None
    roles: str = ""
    """Some of `web,poll,send,tick`; all of them while it is empty."""
    options: tuple[str, ...] = ()
    """Further options of `huifang run`."""
    interpreter: Mapping[str, str] = field(default_factory=dict)
    """Variables for the interpreter itself, such as `PYTHONPROFILEIMPORTTIME`; for a warm one they come too late."""
    process: asyncio.subprocess.Process | WarmProcess | None = field(default=None, init=False)

    @property
    def log(self) -> str:
        """Return everything that it has said, in all its lives."""
        return (self.folder / "huifang.log").read_text()

    async def launch(self, crash_at: str = "") -> None:
        """Start the process and do not wait; `crash_at` names the point at which it kills itself (`sent:7`)."""
        assert self.process is None, "it runs already"
        environ = environment(self.settings) | ({"CRASH_AT": crash_at} if crash_at else {}) | dict(self.interpreter)
        arguments = ("run", *(("--roles", self.roles) if self.roles else ()), *self.options)
        if self.warm is not None:
            self.process = await self.warm.launch(self.folder, environ, arguments)
            return
        with (self.folder / "huifang.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *arguments),
                cwd=self.folder,
                env=environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def start(self) -> None:
        """Start the process and wait until it answers /healthz; a warm one finds its tables made."""
        if self.warm is not None and "database.url" not in self.settings:
            _lay_database(self.folder)
        await self.launch()
        until = time.monotonic() + STARTS_WITHIN
        while not await self.is_well():
            assert self.process is not None
            assert self.process.returncode is None, f"it ended with {self.process.returncode}:\n{self.log}"
            assert time.monotonic() < until, f"it is not well within {STARTS_WITHIN} s:\n{self.log}"
            await asyncio.sleep(0.05)

    async def is_well(self) -> bool:
        """Ask /healthz."""
        try:
            return (await self.api.get("/healthz")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async def stop(self, within: float = PATIENCE) -> None:
        """End it as a supervisor does, by SIGTERM: it has to be gone within so many seconds, with code 0."""
        assert self.process is not None
        self.process.terminate()
        try:
            code = await asyncio.wait_for(self.process.wait(), within)
        except TimeoutError:
            raise AssertionError(f"not gone {within} s after SIGTERM:\n{self.log}") from None
        self.process = None
        assert code == 0, f"SIGTERM ended it with {code}:\n{self.log}"

    async def kill(self) -> None:
        """End it as a power cut does, by SIGKILL."""
        if self.process is not None:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.wait()
            self.process = None

    async def ends(self, within: float = STARTS_WITHIN) -> int:
        """Launch it where it cannot run and return its exit code."""
        await self.launch()
        assert self.process is not None
        code = await asyncio.wait_for(self.process.wait(), within)
        self.process = None
        return code

    async def dies(self, within: float = 30.0) -> None:
        """Wait until it has killed itself at the crash point it was launched with."""
        assert self.process is not None
        code = await asyncio.wait_for(self.process.wait(), within)
        assert code == -9, f"it ended with {code}:\n{self.log}"
        self.process = None


def _lay_database(folder: Path) -> None:
    """Put a database of today's tables where the product would make one, which takes as long as the start itself."""
    file = folder / "var" / "huifang.db"
    if not file.exists():
        file.parent.mkdir(mode=0o700, exist_ok=True)
        copy_migrated(file)


@asynccontextmanager
async def product_at(
    folder: Path, settings: Mapping[str, str], *, warm: bool = False, open_files: int = 0
) -> AsyncIterator[Product]:
    """Lend a product that is not started yet, on a port of its own; afterwards it is gone, stopped if it still ran.

    A `warm` one starts in a tenth of the time, for the cold ones prove how libraries and tables come to be, and can be
    kept to some `open_files`, see `tests.support.warm`.
    """
    with reserved_port() as port:
        base = f"http://127.0.0.1:{port}"
        keys = {"http.port": str(port), "api.keys": KEY}
        headers = {"Authorization": f"Bearer {KEY}"}
        # The product speaks plain HTTP; to load the certificates of the machine takes a client 20 ms.
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with httpx.AsyncClient(base_url=base, headers=headers, verify=plain, trust_env=False, timeout=10) as api:
            product = Product(folder, port, keys | dict(settings), api, Warm(open_files) if warm else None)
            try:
                yield product
                if product.process is not None:
                    await product.stop()
            finally:
                await product.kill()
                if product.warm is not None:
                    await product.warm.close()

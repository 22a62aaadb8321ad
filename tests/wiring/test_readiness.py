"""What `/readyz` of a whole process says of its database, over a socket."""

import asyncio
from pathlib import Path

import httpx

from bot.process.server_sockets import bound_sockets
from bot.web import serve_web
from bot.wiring.container import open_container
from config.settings.loading import load_settings
from tests.support.database.wire import Fault, wire_to
from tests.support.ports import reserved_port


async def test_a_process_is_not_ready_while_its_database_can_be_read_and_not_written(
    tmp_path: Path, migrated_postgres: str
) -> None:
    async with wire_to(migrated_postgres) as wire:
        with reserved_port() as port:
            given = {"DATABASE__URL": wire.url(migrated_postgres), "HTTP__PORT": str(port)}
            settings = load_settings({f"HUIFANG_{name}": value for name, value in given.items()}, cwd=tmp_path)
            async with (
                open_container(settings, sandbox=True) as container,
                bound_sockets("127.0.0.1", port, settings.where) as sockets,
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
            ):
                serving = asyncio.create_task(serve_web(container, sockets))
                wire.fires = lambda sent: Fault.REFUSED if b"COMMIT" in sent else None
                away = await client.get("/readyz")
                wire.mend()
                back = await client.get("/readyz")
                serving.cancel()
                await asyncio.wait([serving])
    assert (away.status_code, away.json()["database"]) == (503, "cannot be written")
    assert (back.status_code, back.json()["database"]) == (200, "ok")

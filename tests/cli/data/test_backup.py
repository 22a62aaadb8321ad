"""`huifang backup` while the service runs, `huifang restore` while it does not, on both databases."""

import json
from pathlib import Path

import pytest

from storage.backups.backup_file import read_header
from storage.dialects import database
from tests.cli.data.conftest import Desk
from tests.storage.migrations.sample import fetch, rows_of
from tests.support.database.postgres import PostgresServer
from tests.support.process import product_at


def elsewhere(past: Desk, request: pytest.FixtureRequest) -> Desk:
    """Return a desk in an empty place of the same kind."""
    folder = past.folder / "elsewhere"
    folder.mkdir()
    url = f"sqlite:///{folder}/var/huifang.db"
    if not past.url.startswith("sqlite"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = f"new_place_{server.worker}"
        server.run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        url = server.url_of(name)
    return Desk(folder, {**past.settings, "database.url": url})


async def test_a_backup_is_made_while_the_service_runs_and_restored_elsewhere(
    past: Desk, request: pytest.FixtureRequest
) -> None:
    async with product_at(past.folder, past.settings, warm=True) as product:
        product.roles = "web"  # so that nothing moves between the backup and the look at what was backed up
        await product.start()
        said = await past.types("backup", "one.backup")
        assert (said.code, said.err) == (0, "")
        shown = (await product.api.get("/api/v1/responses", params={"limit": "200"})).json()
        audit = (await product.api.get("/api/v1/audit", params={"limit": "200"})).json()["items"]
    header = read_header(past.folder / "one.backup")
    assert said.out == (
        f"one.backup: {header.total} rows in {len(header.rows)} tables, {header.database} as of {header.at}, tables"
        f" {header.schema}, SHA-256 {header.sha256}\n"
    )
    named = {name: audit[-1][name] for name in ("by", "action", "subject", "detail")}
    assert named == {
        "by": "command line",
        "action": "data.backed_up",
        "subject": str(past.folder / "one.backup"),
        "detail": {"rows": header.total},
    }
    there = elsewhere(past, request)
    said = await there.types("restore", str(past.folder / "one.backup"), "--stopped", "2020-01-01T00:00:00Z")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0].startswith(f"Restored {header.total} rows in {len(header.rows)} tables")
    assert "docs/operations.md" in said.out
    async with product_at(there.folder, there.settings, warm=True) as product:
        product.roles = "web"
        await product.start()
        assert (await product.api.get("/api/v1/responses", params={"limit": "200"})).json() == shown


async def test_what_is_there_is_replaced_on_request_and_kept(past: Desk) -> None:
    assert (await past.types("backup", "one.backup")).code == 0
    before = await rows_of(past.url)
    refused = await past.types("restore", "one.backup")
    assert (refused.code, refused.out) == (1, "")
    assert "there is a database already, and nothing was changed: --replace" in refused.err
    assert await rows_of(past.url) == before
    said = await past.types("restore", "one.backup", "--replace")
    assert said.code == 0, said
    place = Path(said.out.splitlines()[1].removeprefix("What was there before is in ").removesuffix("."))
    file = database(past.url).file
    assert place.name.startswith("before-restore-")
    assert (past.folder / place).is_dir() == (file is not None)
    assert (past.folder / place).exists()
    ((mark,),) = await fetch(past.url, "SELECT value FROM notes WHERE key = 'restored'")
    assert json.loads(mark)["is_settled"] is False
    lines = await fetch(past.url, "SELECT count(*) FROM audit WHERE action = 'data.backed_up'")
    assert lines == [(0,)], "it is noted after the backup was made"


@pytest.mark.some(6)
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("backup", "there.txt"), "there.txt is there already: name a new file"),
        (("backup", "nowhere/one.backup"), "No such file or directory"),
        (("restore", "there.txt", "--replace"), "there.txt is no backup that huifang has made"),
        (("restore", "nowhere"), "No such file or directory"),
        (("restore", "there.txt", "--stopped", "yesterday"), "--stopped 'yesterday': write a moment with its zone"),
        (("restore", "there.txt", "--stopped", "2026-11-22T02:30:00"), "write a moment with its zone"),
    ],
)
async def test_what_cannot_be_done_is_told_and_nothing_is_changed(
    past: Desk, arguments: tuple[str, ...], sentence: str
) -> None:
    (past.folder / "there.txt").write_text("mine")
    before = await rows_of(past.url)
    said = await past.types(*arguments)
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err
    assert (past.folder / "there.txt").read_text() == "mine"
    assert await rows_of(past.url) == before

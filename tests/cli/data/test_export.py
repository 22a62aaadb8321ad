"""`huifang export`: everything that is stored as files, the same as the API shows, on both databases."""

import csv
import fcntl
import json
import signal
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.data.csv_rows import spread_out, spread_row
from bot.cli.data.exported_columns import COLUMNS
from bot.reports.plain_tables import cell_text
from tests.cli.data.conftest import Desk
from tests.storage.migrations.sample import execute, fetch
from tests.support.process import environment, product_at
from tests.support.warm import Warm

Json = dict[str, Any]
_OF_THE_EXPORT = {"customer", "version", "team", "agent", "asked_at", "sent_at", "given_at", "by"}


def _lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: cell_text(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


async def _all(api: httpx.AsyncClient, address: str) -> list[Json]:
    items: list[Json] = []
    given = {"limit": "50"}
    while True:
        page = (await api.get(address, params=given)).json()
        items += page["items"]
        if page["next"] is None:
            return items
        given["cursor"] = page["next"]


async def test_an_export_holds_what_the_api_shows_while_the_service_runs(past: Desk) -> None:
    async with product_at(past.folder, past.settings, warm=True) as product:
        product.roles = "web"  # so that nothing moves between what is shown and what is exported
        await product.start()
        said = await past.types("export", "out", "--format", "jsonl")
        assert (said.code, said.err) == (0, ""), said
        shown = {name: await _all(product.api, f"/api/v1/{name}") for name in ("responses", "issues", "audit")}
        tickets = _lines(past.folder / "out" / "tickets.jsonl")
        for told in tickets[:10]:
            one = (await product.api.get(f"/api/v1/tickets/{told['source']}/{told['ticket']}")).json()["ticket"]
            customer = one.pop("customer")["id"]
            assert {name: told[name] for name in one} == one
            assert told["customer"] == customer
    responses = _lines(past.folder / "out" / "responses.jsonl")
    assert [{name: row[name] for name in row if name not in _OF_THE_EXPORT} for row in responses] == shown["responses"]
    issues = _lines(past.folder / "out" / "issues.jsonl")
    assert [{name: row[name] for name in row if name not in ("resolved_at", "closed_at")} for row in issues] == shown[
        "issues"
    ]
    audit = _lines(past.folder / "out" / "audit.jsonl")
    assert audit[-1] | {"id": "", "at": ""} == {
        "id": "",
        "at": "",
        "by": "command line",
        "action": "data.exported",
        "subject": str(past.folder / "out"),
        "detail": {"kinds": list(COLUMNS), "format": "jsonl", "anonymised": False, "resumed": False, "period": ""},
    }
    assert audit == shown["audit"]


async def test_a_period_has_what_the_api_shows_under_the_same_filter(past: Desk) -> None:
    async with product_at(past.folder, past.settings, warm=True) as product:
        await product.start()
        assert (await past.types("export", "out", "responses", "--format", "jsonl", "--period", "2025-06")).code == 0
        ends = {"since": "2025-05-31T16:00:00Z", "until": "2025-06-30T16:00:00Z", "limit": "200"}
        shown = (await product.api.get("/api/v1/responses", params=ends)).json()["items"]
    rows = _lines(past.folder / "out" / "responses.jsonl")
    assert [row["id"] for row in rows] == [item["id"] for item in shown]
    assert 0 < len(rows) < 70
    assert [path.name for path in (past.folder / "out").iterdir() if path.suffix == ".jsonl"] == ["responses.jsonl"]


async def test_the_manifest_tells_rows_bytes_and_digest_of_every_file(past: Desk) -> None:
    said = await past.types("export", "out")
    assert said.code == 0, said
    manifest = json.loads((past.folder / "out" / "manifest.json").read_text())
    files = {file["name"]: file for file in manifest["files"]}
    assert set(files) == {f"{kind}.csv" for kind in COLUMNS}
    assert {path.name for path in (past.folder / "out").iterdir()} == {*files, "manifest.json"}
    for name, file in files.items():
        content = (past.folder / "out" / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), sha256(content).hexdigest())
        assert file["rows"] == len(_table(past.folder / "out" / name))
    assert f"out: {sum(file['rows'] for file in files.values())} rows in {len(files)} files" in said.out
    assert {path.stat().st_mode & 0o777 for path in (past.folder / "out").iterdir()} == {0o600}


async def test_csv_and_json_lines_hold_the_same(past: Desk) -> None:
    for form in ("csv", "jsonl"):
        assert (await past.types("export", form, "--format", form)).code == 0
    for kind, columns in COLUMNS.items():
        flat = [spread_row(kind, row) for row in _lines(past.folder / "jsonl" / f"{kind}.jsonl")]
        table = _table(past.folder / "csv" / f"{kind}.csv")
        if kind == "audit":  # the second export stands in it, too
            assert (len(flat), flat.pop()["action"]) == (len(table) + 1, "data.exported")
        with (past.folder / "csv" / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file))
        assert header[: len(columns.names) - len(spread_out(kind))] == [
            name for name in columns.names if name not in spread_out(kind)
        ]
        for row, line in zip(flat, table, strict=True):
            for name, cell in line.items():
                assert _same(row.get(name), cell), (kind, name, row.get(name), cell)
            missing = {name for name, value in row.items() if value not in (None, [], {}, "") and name not in line}
            assert not {name for name in missing if not _is_inside(name, header, row)}, kind


def _same(value: object, cell: str) -> bool:
    match value:
        case None:
            return cell == ""
        case bool():
            return cell == str(value).lower()
        case int() | float():
            return float(cell) == value
        case list() if all(isinstance(item, str) for item in value):
            return cell == ";".join(value)
        case list() | dict():
            return cell == "" if not value else json.loads(cell) == value
        case _:
            return cell == value


def _is_inside(name: str, header: list[str], row: Json) -> bool:
    """Return whether a value is told by a column that holds it, or by those of what is within it."""
    return isinstance(row[name], dict | list) or any(name.startswith(f"{column}.") for column in header)


@pytest.mark.proof
async def test_a_cell_that_looks_like_a_formula_stays_text_and_comes_back_as_it_was(past: Desk) -> None:
    hostile = ["=1+1", "+86 138", "-5", "@all", "\tx", "'quoted", "＝1", "line\none", 'a "b", c']
    async with product_at(past.folder, past.settings, warm=True) as product:
        await product.start()
        for number, words in enumerate(hostile):
            body = {
                "status": "open",
                "subject": words.strip() or "x",
                "customer": {"id": "c-hostile"},
                "product": words,
            }
            answer = await product.api.put(f"/api/v1/tickets/hostile/{number}", json=body)
            assert answer.status_code == 201, answer.text
    assert (await past.types("export", "out", "tickets")).code == 0
    raw = (past.folder / "out" / "tickets.csv").read_text("utf-8-sig")
    assert not [line for line in raw.splitlines() if any(cell[:1] in "=+-@＝" for cell in line.split(",") if cell)]
    rows = [row for row in _table(past.folder / "out" / "tickets.csv") if row["source"] == "hostile"]
    stored = await fetch(past.url, "SELECT product FROM tickets WHERE source = 'hostile' ORDER BY id")
    assert [row["product"] for row in rows] == [product for (product,) in stored]
    assert {"=1+1", "'quoted", "@all"} <= {row["product"] for row in rows}


async def test_an_anonymised_export_names_nobody_and_joins_within_itself(past: Desk) -> None:
    assert (await past.types("export", "plain", "--format", "jsonl")).code == 0
    assert (await past.types("export", "one", "--anonymised", "--format", "jsonl")).code == 0
    assert (await past.types("export", "two", "--anonymised", "--format", "jsonl")).code == 0
    assert (await past.types("export", "table", "--anonymised")).code == 0
    people = await fetch(past.url, "SELECT id, name FROM customers")
    chats = {chat for (chat,) in await fetch(past.url, "SELECT chat FROM contacts")}
    told = "".join(path.read_text("utf-8") for name in ("one", "table") for path in (past.folder / name).iterdir())
    known = {word for row in people for word in row if len(word) > 1} | {chat for chat in chats if len(chat) > 4}
    assert [word for word in known if f'"{word}"' in told or f",{word}," in told] == []
    assert [word for word in known if not word.isdigit() and word in told] == []
    words = [row["comment"] for row in _lines(past.folder / "plain" / "responses.jsonl") if row["comment"]]
    assert words
    assert [word for word in words if word in told] == []
    plain = {row["id"]: row for row in _lines(past.folder / "plain" / "responses.jsonl")}
    rows = _lines(past.folder / "one" / "responses.jsonl")
    assert [row["score"] for row in rows] == [row["score"] for row in plain.values()]
    assert [[answer["value"] for answer in row["answers"]] for row in rows] == [
        [answer["value"] for answer in row["answers"]] for row in plain.values()
    ]
    tickets = {f"{row['source']}/{row['ticket']}": row for row in _lines(past.folder / "one" / "tickets.jsonl")}
    customers = {row["customer"] for row in _lines(past.folder / "one" / "contacts.jsonl")}
    for row in rows:
        assert row["customer"] in customers
        assert row["ticket"] is None or tickets[row["ticket"]]["customer"] == row["customer"]
    again = _lines(past.folder / "two" / "responses.jsonl")
    assert not {row["customer"] for row in rows} & {row["customer"] for row in again}
    manifest = json.loads((past.folder / "one" / "manifest.json").read_text())
    assert manifest["anonymised"].startswith("Left out: names, addresses, telephone numbers, every free text.")
    assert "secret" not in json.dumps(manifest)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("full",), "full is not empty: name a new folder"),
        (("new", "tickts"), "there is nothing called 'tickts' to export: surveys, tickets, contacts, responses"),
        (("new", "--period", "2026-13"), "there is no '2026-13' in the calendar"),
        (("new", "--resume"), "new holds no unfinished export: leave --resume out"),
        (("a-file",), "File exists"),
    ],
)
async def test_what_cannot_be_exported_is_told_and_nothing_is_written(
    past: Desk, arguments: tuple[str, ...], sentence: str
) -> None:
    (past.folder / "full").mkdir()
    (past.folder / "full" / "mine.txt").write_text("mine")
    (past.folder / "a-file").write_text("mine")
    said = await past.types("export", *arguments)
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err
    assert [path.name for path in (past.folder / "full").iterdir()] == ["mine.txt"]
    assert not list(past.folder.glob("new/*"))
    lines = await fetch(past.url, "SELECT count(*) FROM audit WHERE action = 'data.exported'")
    assert lines == [(0,)]


async def test_a_finished_export_is_not_written_over(past: Desk) -> None:
    assert (await past.types("export", "out", "tickets")).code == 0
    before = (past.folder / "out" / "tickets.csv").read_bytes()
    for more in ((), ("--resume",), ("tickets",)):
        said = await past.types("export", "out", *more)
        assert (said.code, "out holds a finished export: name another folder" in said.err) == (1, True)
    assert (past.folder / "out" / "tickets.csv").read_bytes() == before


async def _many_lines(past: Desk) -> None:
    """Fill the audit log with so much that the export marks its place in the middle."""
    number = "substr('0000' || n, -5)" if past.url.startswith("sqlite") else "lpad(n::text, 5, '0')"
    await execute(
        past.url,
        f"""
        INSERT INTO audit (id, at, by, action, subject, detail)
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 25000)
        SELECT 'aud_many' || {number}, '2026-01-01T00:00:00.000000Z', 'many', 'x', '=1', '{{}}' FROM counted
        """,  # noqa: S608 (our own words)
    )


async def _killed(past: Desk, point: str, *arguments: str) -> None:
    environ = environment(past.settings) | {"CRASH_AT": point}
    warm = Warm()
    process = await warm.launch(past.folder, environ, ("export", *arguments), *(str(past.folder / "said"),) * 2)
    assert await process.wait() == -signal.SIGKILL
    await warm.close()


@pytest.mark.proof
async def test_an_export_that_is_killed_goes_on_and_ends_with_the_same_bytes(past: Desk) -> None:
    """Killed in the first page, before and behind a mark, with half a line on the disk, and at the last page."""
    await _many_lines(past)
    form = "csv"
    kinds, shape = ("tickets", "responses", "audit"), ("--format", form, "--period", "2024-01-01..2026-06-01")
    assert (await past.types("export", "whole", *kinds, *shape)).code == 0
    await _killed(past, "exported:1", "out", *kinds, *shape)
    for passes in ("exported:35", "exported:25"):
        await _killed(past, passes, "out", *kinds, *shape)
        with (past.folder / "out" / f"audit.{form}").open("ab") as file:
            file.write(b"half a li")
    progress = json.loads((past.folder / "out" / ".export.json").read_text())
    assert progress["files"][f"audit.{form}"]["rows"] == 20_000
    other = await past.types("export", "out", *kinds, "--format", form)
    assert (other.code, "out holds an unfinished export of something else: kinds" in other.err) == (1, True)
    said = await past.types("export", "out", *kinds, *shape, "--resume")
    assert said.code == 0, said
    for kind in kinds:
        whole, out = (past.folder / name / f"{kind}.{form}" for name in ("whole", "out"))
        assert out.read_bytes() == whole.read_bytes(), kind
    manifests = [json.loads((past.folder / name / "manifest.json").read_text()) for name in ("whole", "out")]
    told = [[(file["rows"], file["sha256"]) for file in manifest["files"]] for manifest in manifests]
    assert told[0] == told[1]
    assert {path.name for path in (past.folder / "out").iterdir()} == {f"{kind}.{form}" for kind in kinds} | {
        "manifest.json"
    }


async def test_pseudonyms_stay_the_same_over_a_kill(past: Desk) -> None:
    await _killed(past, "exported:2", "out", "--anonymised", "--format", "jsonl")
    assert (await past.types("export", "out", "--anonymised", "--format", "jsonl")).code == 0
    customers = {row["customer"] for row in _lines(past.folder / "out" / "contacts.jsonl")}
    assert {row["customer"] for row in _lines(past.folder / "out" / "tickets.jsonl")} <= customers


async def test_two_exports_into_one_folder_do_not_meet(past: Desk) -> None:
    (past.folder / "out").mkdir()
    with (past.folder / "out" / ".export.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = await past.types("export", "out")
    assert (said.code, "another export is being written there" in said.err) == (1, True)

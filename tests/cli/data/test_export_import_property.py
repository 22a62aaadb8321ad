"""Whatever people, tickets, answers and reviews there are: imported, exported, imported elsewhere, exported alike."""

import asyncio
import csv
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli.data.export_folder import ExportFolder
from bot.cli.data.export_run import ExportWanted, write_export
from bot.cli.data.exported_rows import ExportSource
from bot.imports.table_columns import ImportKind
from bot.jobs.imports.import_run import ImportOrder
from bot.wiring.services import open_services
from config.settings.loading import load_settings
from storage.bulk.snapshot_session import SnapshotSession, read_snapshot
from tests.support.database.migrated import copy_migrated

Row = dict[str, str]
Table = list[Row]
KINDS = ("tickets", "contacts", "responses")
CAME = {
    "tickets": ("stage",),
    "contacts": (),
    "responses": ("entered.by", "entered.at", "asked_at", "started_at", "by"),
}
"""Columns that tell how something came to us."""
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n\t=+-@'\";,|{}[]")
texts = st.text(LETTERS, max_size=40).map(str.strip)
lines = st.text(LETTERS, max_size=20).map(lambda text: " ".join(text.split()))
days = st.integers(1, 28).map(lambda day: f"2026-03-{day:02}T02:30:00Z")
ids = st.integers(0, 6).map(lambda number: f"c-{number}")

customers = st.fixed_dictionaries(
    {
        "customer": ids,
        "name": lines,
        "locale": st.sampled_from(("", "zh-Hans", "en")),
        "timezone": st.sampled_from(("", "Asia/Shanghai", "Europe/Berlin")),
        "tier": lines,
        "phone": st.sampled_from(("", "13800138000", "+86 10 6666 8888")),
        "email": st.sampled_from(("", "w@example.com")),
        "postal_address": texts,
        "opted_out_at": st.sampled_from(("", "2026-03-05T04:00:00Z")),
        "contacts": st.sampled_from(("", "telegram:10001", "telegram:10001;telegram:10002")),
    }
)
tickets = st.fixed_dictionaries(
    {
        "customer": ids,
        "status": st.sampled_from(("closed", "open", "pending")),
        "closed_at": days,
        "opened_at": st.sampled_from(("", "2026-02-01T00:00:00Z")),
        "subject": texts,
        "category": lines,
        "team": lines,
        "agent.id": st.sampled_from(("", "a1", "0012")),
        "agent.name": lines,
        "fault": texts,
        "tags": st.lists(lines.filter(bool), max_size=3).map(lambda tags: ";".join(t.replace(";", ",") for t in tags)),
        "resent": st.sampled_from(("", "true", "false")),
        "warranty": st.sampled_from(("", "true", "整机两年")),
        "fields.parts": lines,
    }
)
answers = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(("paper", "phone", "platform")),
        "given_at": days,
        "comment": texts,
        "answers.attitude": st.integers(1, 5).map(str),
        "answers.attitude.text": texts,
        "answers.convenience": st.sampled_from(("", "1", "5")),
    }
)
reviews = st.fixed_dictionaries({"stars": st.integers(1, 5).map(str), "text": texts, "given_at": days})


async def imported(url: str, folder: Path, files: Mapping[str, Path]) -> None:
    async with open_services(load_settings({"HUIFANG_DATABASE__URL": url}, cwd=folder)) as services:
        for kind, path in files.items():
            job = services.imports.job(services.imports.start(ImportOrder(ImportKind(kind), path, path.name, by="x")))
            assert job is not None
            await asyncio.wait([job.task])
            job.task.result()
            assert job.progress.mistakes == [], (kind, job.progress.mistakes)


async def exported(url: str, folder: Path) -> dict[str, Path]:
    wanted = ExportWanted(KINDS, "csv", None, None)
    with ExportFolder.open(folder, {"kinds": list(KINDS)}, {"secret": ""}, resumes=False) as opened:
        opened.start()

        def work(session: SnapshotSession) -> None:
            write_export(ExportSource(session, "en"), opened, wanted, "now", lambda *_: None)

        await read_snapshot(url, work)
        opened.finish({})
    return {kind: folder / f"{kind}.csv" for kind in KINDS}


def written(path: Path, rows: Sequence[Row]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names)
        table.writeheader()
        table.writerows({name: guarded(text) for name, text in row.items()} for row in rows)
    return path


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(("'", "=", "+", "-", "@", "＝", "＋", "－", "＠", "\t")) else text


def told(path: Path, kind: str) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return [{name: value for name, value in row.items() if name not in CAME[kind]} for row in rows]


def numbered(rows: Sequence[Row], name: str) -> Table:
    return [row | {name: f"{number}"} for number, row in enumerate(rows)]


def files_of(folder: Path, parts: tuple[Table, Table, Table, Table]) -> dict[str, Path]:
    people, visits, said, public = parts
    people = list({one["customer"]: one for one in people}.values())
    visits = [row | {"source": "desk", "ticket": f"G{number}"} for number, row in enumerate(visits)]
    visits = [row if row["status"] == "closed" else row | {"closed_at": ""} for row in visits]
    closed = [row["ticket"] for row in visits if row["status"] == "closed"]
    said = [
        row | {"ticket": f"desk/{ticket}", "number": f"{number}"}
        for number, (row, ticket) in enumerate(zip(said, itertools.cycle(closed), strict=False))
    ]
    tables = {"contacts": people, "tickets": visits, "responses": said, "reviews": numbered(public, "number")}
    return {kind: written(folder / f"in.{kind}.csv", rows) for kind, rows in tables.items() if rows}


@pytest.mark.proof
@pytest.mark.long
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(customers, min_size=1, max_size=6),
    st.lists(tickets, min_size=1, max_size=8),
    st.lists(answers, max_size=8),
    st.lists(reviews, max_size=4),
)
def test_whatever_there_is_comes_back_as_it_went(people: Table, visits: Table, said: Table, public: Table) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        one, two = (f"sqlite:///{copy_migrated(folder / f'{name}.db')}" for name in ("one", "two"))
        asyncio.run(imported(one, folder, files_of(folder, (people, visits, said, public))))
        first = asyncio.run(exported(one, folder / "first"))
        back = {kind: first[kind] for kind in ("contacts", "tickets", "responses")}
        asyncio.run(imported(two, folder, back))
        second = asyncio.run(exported(two, folder / "second"))
        for kind in KINDS:
            assert told(first[kind], kind) == told(second[kind], kind), kind

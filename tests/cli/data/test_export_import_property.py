"""Whatever is stored, of every kind that comes and goes: exported, imported into an empty database, exported alike."""

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
from config.surveys.canonical_json import survey_json
from dialogs.survey import Question, Survey
from scoring.scale import Scale
from storage.bulk.snapshot_session import SnapshotSession, read_snapshot
from tests.support.database.migrated import copy_migrated
from tests.support.stage.scene import POLICY

Row = dict[str, str]
Table = list[Row]
KINDS = ("surveys", "contacts", "tickets", "responses", "assessments")
"""In the order in which they are imported: each after what it names."""
CAME = {
    "surveys": (),
    "tickets": ("stage",),
    "contacts": (),
    "responses": ("entered.by", "entered.at", "by"),
    "assessments": ("id",),  # made with the secret of the installation
}
"""Columns that tell how something came to us; rows that were told at one moment may follow each other otherwise."""
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
QUESTIONS = ("speed", "words", "price")


@st.composite
def versions(draw: st.DrawFn) -> list[Survey]:
    """Return versions of the owner's own survey: other questions, words and scales; the latest is in their folder."""
    numbers = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
    return [draw(version(number)) for number in sorted(numbers)]


@st.composite
def version(draw: st.DrawFn, number: int) -> Survey:
    name = st.builds(lambda text: {"en": f"Ours {text}".strip()}, lines)
    asked = draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, unique=True))
    questions = tuple(Question(id_, draw(name), draw(name)) for id_ in asked)
    scale = Scale(1, draw(st.integers(3, 10)), {"en": {1: "Bad"}})
    return Survey("ours", number, draw(name), scale, questions, words=draw(st.sampled_from(({}, {"meh": 2}))))


@st.composite
def replies(draw: st.DrawFn, asked: Sequence[Survey]) -> Row:
    """Return an answer to any of these versions."""
    survey = draw(st.sampled_from(asked))
    points = st.integers(survey.scale.lowest, survey.scale.highest).map(str)
    rated = {f"answers.{question.id}": draw(points) for question in survey.questions}
    told = {"survey": survey.id, "version": str(survey.version), "customer": draw(ids), "comment": draw(texts)}
    return told | {"channel": "paper", "given_at": draw(days)} | rated


surveyed = versions().flatmap(lambda asked: st.tuples(st.just(asked), st.lists(replies(asked), max_size=5)))
sheets = st.fixed_dictionaries(
    {
        "form": st.just("appraisal_360"),
        "subject": st.sampled_from(("a1", "a2", "0012")),
        "period": st.sampled_from(("2026-03", "2026-Q1", "2025")),
        "role": st.sampled_from(("self", "superior")),
        "rater": st.sampled_from(("赵经理", "Lee")),
        "by": lines,
        "at": days,
        **{f"values.{item.id}": st.integers(1, 5).map(str) for item in POLICY.forms["appraisal_360"].items},
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
        told_now = [{name: value for name, value in row.items() if name not in CAME[kind]} for row in rows]
        return sorted(told_now, key=str)


def numbered(rows: Sequence[Row], name: str) -> Table:
    return [row | {name: f"{number}"} for number, row in enumerate(rows)]


def definitions(surveys: Sequence[Survey]) -> Table:
    return [{"survey": one.id, "version": str(one.version), "definition": survey_json(one)} for one in surveys]


def rated_once(filled: Table) -> Table:
    """Return sheets without a second one of the same rater; who rates themselves bears the subject's name."""
    named = [row | ({"rater": row["subject"]} if row["role"] == "self" else {}) for row in filled]
    return list({tuple(row[name] for name in ("subject", "period", "role", "rater")): row for row in named}.values())


def files_of(folder: Path, parts: Mapping[str, Table]) -> dict[str, Path]:
    people, visits, said, public = (parts[name] for name in ("contacts", "tickets", "responses", "reviews"))
    people = list({one["customer"]: one for one in people}.values())
    visits = [row | {"source": "desk", "ticket": f"G{number}"} for number, row in enumerate(visits)]
    visits = [row if row["status"] == "closed" else row | {"closed_at": ""} for row in visits]
    closed = [row["ticket"] for row in visits if row["status"] == "closed"]
    said = [
        row | {"ticket": f"desk/{ticket}", "number": f"{number}"}
        for number, (row, ticket) in enumerate(zip(said, itertools.cycle(closed), strict=False))
    ]
    tables = {**parts, "contacts": people, "tickets": visits, "responses": said, "reviews": numbered(public, "number")}
    return {kind: written(folder / f"in.{kind}.csv", rows) for kind, rows in tables.items() if rows}


@pytest.mark.proof
@pytest.mark.long
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    surveyed,
    st.lists(customers, min_size=1, max_size=6),
    st.lists(tickets, min_size=1, max_size=8),
    st.lists(answers, max_size=8),
    st.lists(reviews, max_size=4),
    st.lists(sheets, max_size=4),
)
def test_whatever_there_is_comes_back_as_it_went(  # noqa: PLR0913, PLR0917 (a kind each)
    asked: tuple[list[Survey], Table], people: Table, visits: Table, said: Table, public: Table, filled: Table
) -> None:
    surveys, replied = asked
    parts = {"surveys": definitions(surveys), "contacts": people, "tickets": visits, "responses": said}
    parts |= {"reviews": public, "assessments": rated_once(filled)}
    with TemporaryDirectory() as place:
        folder = Path(place)
        one, two = (f"sqlite:///{copy_migrated(folder / f'{name}.db')}" for name in ("one", "two"))
        asyncio.run(imported(one, folder, files_of(folder, parts)))
        own = numbered(replied, "number")
        asyncio.run(imported(one, folder, {"responses": written(folder / "own.csv", own)} if own else {}))
        first = asyncio.run(exported(one, folder / "first"))
        asyncio.run(imported(two, folder, first))
        second = asyncio.run(exported(two, folder / "second"))
        for kind in KINDS:
            assert told(first[kind], kind) == told(second[kind], kind), kind
        for kind in ("surveys", "tickets", "assessments"):
            assert len(told(first[kind], kind)) >= len(parts[kind]), kind

"""The archive is read by pages, by id and by what is revised; a file is kept to the byte."""

from datetime import timedelta

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.archive.report_records import RunOutcome
from storage.model.errors import WriteConflict
from storage.reads.archive.report_reads import ArchiveFilter, ArchiveReads, FiledReport
from storage.reads.reader import Reader
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.sample_archive import PAGE, filed_report
from tests.storage.samples import NOW, look, save, soon

MINUTE = timedelta(minutes=1)


@pytest.fixture(name="reads")
async def _reads(writer: Writer, store: Store) -> ArchiveReads:
    """Keep two revisions of October and one of September, a minute after each other."""
    for minute, (number, period) in enumerate([(1, "2026-10"), (1, "2026-09"), (2, "2026-10")]):
        await save(writer, *filed_report(NOW + minute * MINUTE, number, period=period, page=PAGE + bytes([number])))
    return ArchiveReads(store)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ArchiveFilter(), [("2026-10", 1), ("2026-09", 1), ("2026-10", 2)]),
        (ArchiveFilter(period="2026-10"), [("2026-10", 1), ("2026-10", 2)]),
        (ArchiveFilter(kind="summary", schedule="month"), [("2026-10", 1), ("2026-09", 1), ("2026-10", 2)]),
        (ArchiveFilter(kind="review"), []),
    ],
)
async def test_reports_are_listed_by_what_is_wanted(
    reads: ArchiveReads, wanted: ArchiveFilter, found: list[tuple[str, int]]
) -> None:
    page = await reads.page(wanted, None, 9)
    assert [(one.period, one.number) for one in page.items] == found


async def test_a_long_archive_is_read_page_by_page(reads: ArchiveReads) -> None:
    first = await reads.page(ArchiveFilter(), None, 2)
    second = await reads.page(ArchiveFilter(), first.next, 2)
    assert ([one.number for one in (*first.items, *second.items)], second.next) == ([1, 1, 2], None)


async def test_the_latest_revision_is_the_one_with_the_highest_number(reads: ArchiveReads) -> None:
    found = [await reads.latest("summary", period) for period in ("2026-10", "2026-09", "2026-08")]
    assert [one and one.number for one in found] == [2, 1, None]


async def test_a_report_is_found_with_its_formats_to_the_byte(reads: ArchiveReads, store: Store) -> None:
    _, report, kept, _ = filed_report(NOW, page=PAGE + bytes([1]))
    found = await reads.find(report.id)
    assert found == FiledReport(replace(report, version=1), (kept,))
    assert await Reader(store).file(kept.hash) == PAGE + bytes([1])
    assert await reads.find("rep_none") is None


async def test_a_revision_or_a_run_is_written_once(reads: ArchiveReads, writer: Writer) -> None:
    file, report, kept, run = filed_report(NOW)
    for one in (replace(report, title="another"), kept, run):
        with pytest.raises(WriteConflict):
            await save(writer, file, one)
    assert (await reads.find(report.id)) is not None


async def test_a_decision_sees_a_report_with_its_formats_and_a_run(reads: ArchiveReads, writer: Writer) -> None:
    _, report, kept, run = filed_report(NOW, page=PAGE + bytes([1]))
    seen = await look(writer, Needs(archived=frozenset({report.id}), report_runs=frozenset({run.id})))
    assert seen.archived(report.id) == replace(report, version=1)
    assert seen.archived_files(report.id) == [kept]
    assert seen.report_run(run.id) == replace(run, version=1)
    assert await reads.run(run.id) == replace(run, version=1)


async def test_runs_are_due_at_their_moment_and_listed_by_schedule(reads: ArchiveReads, writer: Writer) -> None:
    quiet = replace(filed_report(NOW)[3], id="run_q", schedule="week", outcome=RunOutcome.EMPTY, wake_at=None)
    await save(writer, quiet)
    assert [one.at for one in await reads.due_runs(soon(days=5, minutes=1))] == [NOW, NOW + MINUTE]
    assert [one.id for one in (await reads.runs("week", None, 9)).items] == ["run_q"]
    assert len((await reads.runs("", None, 9)).items) == 4
    last = await reads.last_run("month")
    assert last is not None
    assert last.at == NOW + 2 * MINUTE
    assert await reads.last_run("none") is None

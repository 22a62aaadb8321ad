"""Which files of sheets an export tells of."""

from bot.cli.data.exported_kinds import EXPORTED_KINDS
from bot.cli.data.exported_rows import ExportSource
from dialogs.forms.model import RaterRole
from scoring.values import replace
from storage.bulk.snapshot_session import SnapshotSession, read_snapshot
from storage.unit_of_work.writer import Writer
from tests.storage.conftest import committed, store, url, writer
from tests.storage.sample_facts import full_file
from tests.storage.sample_sheets import file_of_sheet, full_assessment
from tests.storage.samples import NOW, person, save

__all__ = ["committed", "store", "url", "writer"]


async def test_files_of_raters_who_are_not_named_and_those_of_no_sheet_are_not_told(url: str, writer: Writer) -> None:
    kept = full_file(NOW)
    peers = replace(full_assessment(NOW), id="asm_2", role=RaterRole.PEER, customer=None, source="")
    files = [file_of_sheet(NOW, kept.hash, 10, sheet) for sheet in ("asm_1", "asm_2", "asm_3")]
    theirs = replace(peers, evidence=(("manner", "file_asm_2"),))
    await save(writer, person()[0], kept, full_assessment(NOW), theirs, *files)

    def look(session: SnapshotSession) -> list[str]:
        source = ExportSource(session, "zh-Hans")
        pages = EXPORTED_KINDS["assessment_files"].pages(source, None, None)
        return [row["id"] for page in pages for row in page.rows]

    assert await read_snapshot(url, look) == ["file_asm_1"]

"""What a customer's sheet says goes with them and after its time; figures and colleagues' sheets stay."""

from base64 import b64decode
from datetime import timedelta

from dialogs.forms.model import RaterRole
from scoring.values import replace
from storage.connection.store import Store
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.model.filled_forms import FilledForm, without_words
from storage.model.records import StoredFile
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.export import export_personal_data
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.reader import Reader
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.sample_sheets import file_of_sheet, full_assessment
from tests.storage.samples import NOW, look, person, save

YEAR = timedelta(days=366)


async def kept(writer: Writer, *ids: str) -> list[FilledForm]:
    """Return sheets as they are stored."""
    rows = await look(writer, Needs(assessments=frozenset(ids)))
    found = (rows.assessment(id_) for id_ in ids)
    return [one for one in found if one is not None]


async def _two(writer: Writer) -> tuple[FilledForm, FilledForm]:
    """Keep a sheet of Mei's and one of a superior, with the same words."""
    theirs = full_assessment(NOW)
    ours = replace(theirs, id="asm_2", role=RaterRole.SUPERIOR, rater="王经理", customer=None, source="")
    await save(writer, person()[0], theirs, ours)
    return theirs, ours


PHOTO = StoredFile.of(b"\x89PNG\r\n\x1a\n", NOW)


async def _two_with_files(writer: Writer, same: StoredFile = PHOTO) -> None:
    """Keep both sheets with a file each: the photo, and the same or another one."""
    await _two(writer)
    files = ((PHOTO, "asm_1"), (same, "asm_2"))
    photos = ((sheet, file_of_sheet(NOW, one.hash, len(one.content), sheet)) for one, sheet in files)
    had = (replace(one, kept_until=None, customer="c-mei" if sheet == "asm_1" else None) for sheet, one in photos)
    await save(writer, *{one.hash: one for one, _ in files}.values(), *had)


async def files_left(store: Store) -> list[str]:
    return [one.id for one in await Reader(store).assessments.files("asm_1", "asm_2")]


async def test_a_persons_copy_holds_the_files_of_their_sheets(writer: Writer, store: Store) -> None:
    await _two_with_files(writer)
    held = await export_personal_data(store, "c-mei")
    assert held is not None
    (told,) = held["sheet_files"]
    assert (told["id"], told["name"], told["hash"]) == ("file_asm_1", "回访单.png", PHOTO.hash)
    assert b64decode(told["content"]) == PHOTO.content


async def test_a_forgotten_customers_files_go_at_once(writer: Writer, store: Store) -> None:
    other = StoredFile.of(b"%PDF-1.7", NOW)
    await _two_with_files(writer, other)
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    assert await files_left(store) == ["file_asm_2"]
    assert (await Reader(store).file(PHOTO.hash), await Reader(store).file(other.hash)) == (None, other.content)


async def test_a_forgotten_customers_unsent_file_goes_though_no_sheet_has_it(writer: Writer, store: Store) -> None:
    unsent = file_of_sheet(NOW, PHOTO.hash, len(PHOTO.content), "asm_9")
    nobodys = replace(unsent, id="file_x", customer=None)
    await save(writer, person()[0], PHOTO, unsent, nobodys)
    held = await export_personal_data(store, "c-mei")
    assert held is not None
    assert [one["id"] for one in held["sheet_files"]] == ["file_asm_9"]
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    assert [one.id for one in await Reader(store).assessments.files("asm_9")] == ["file_x"]


async def test_a_forgotten_customers_file_leaves_the_same_one_of_another_sheet(writer: Writer, store: Store) -> None:
    await _two_with_files(writer)
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    assert await files_left(store) == ["file_asm_2"]
    assert await Reader(store).file(PHOTO.hash) == PHOTO.content


async def test_files_go_with_the_words_of_their_sheets_after_their_time(writer: Writer, store: Store) -> None:
    await _two_with_files(writer)
    await apply_retention(store, writer, RetentionPeriods(), NOW + YEAR)
    assert await files_left(store) == ["file_asm_2"]
    await apply_retention(store, writer, RetentionPeriods(assessments=4 * YEAR), NOW + 5 * YEAR)
    assert await files_left(store) == []
    assert (await keep_house(store, writer, HousekeepingPeriods(), NOW + 5 * YEAR))["files"] == 1


async def test_a_sheet_is_part_of_a_persons_copy(writer: Writer, store: Store) -> None:
    await _two(writer)
    held = await export_personal_data(store, "c-mei")
    assert held is not None
    assert [one["id"] for one in held["assessments"]] == ["asm_1"]
    assert held["assessments"][0]["words"][0]["text"] == "来得很慢"


async def test_a_forgotten_customer_leaves_figures_without_words(writer: Writer, store: Store) -> None:
    theirs, ours = await _two(writer)
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    left, beside = await kept(writer, "asm_1", "asm_2")
    assert (left.customer, left.words, left.evidence) == ("gone_x", (), ())
    assert (left.total, left.sheet) == (theirs.total, theirs.sheet)
    assert replace(beside, version=0) == ours


async def test_words_of_customers_go_after_their_time_and_those_of_colleagues_stay(
    writer: Writer, store: Store
) -> None:
    theirs, ours = await _two(writer)
    early = await apply_retention(store, writer, RetentionPeriods(), NOW + timedelta(days=300))
    assert early["texts"] == 0
    told = await apply_retention(store, writer, RetentionPeriods(), NOW + YEAR)
    assert told["texts"] == 1
    left, beside = await kept(writer, "asm_1", "asm_2")
    assert replace(left, version=0) == without_words(theirs)
    assert replace(beside, version=0) == ours
    assert told["assessments"] == 0
    again = await apply_retention(store, writer, RetentionPeriods(), NOW + YEAR)
    assert again["texts"] == 0


async def test_what_colleagues_wrote_and_showed_as_evidence_goes_after_a_time_of_its_own(
    writer: Writer, store: Store
) -> None:
    _, ours = await _two(writer)
    assert ours.evidence
    assert (await apply_retention(store, writer, RetentionPeriods(), NOW + 4 * YEAR))["assessments"] == 0
    told = await apply_retention(store, writer, RetentionPeriods(assessments=4 * YEAR), NOW + 5 * YEAR)
    assert told["assessments"] == 1
    (left,) = await kept(writer, "asm_2")
    assert (left.words, left.evidence, left.total, left.sheet) == ((), (), ours.total, ours.sheet)
    for_ever = await apply_retention(store, writer, RetentionPeriods(assessments=None), NOW + 9 * YEAR)
    assert "assessments" not in for_ever

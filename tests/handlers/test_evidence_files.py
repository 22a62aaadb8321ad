"""Files as evidence: known by what they hold, and kept under a name that harms nobody."""

import pytest

from bot.handlers.evidence_files import (
    LARGEST_FILE,
    MOST_FILES,
    EvidenceType,
    evidence_type,
    file_problem,
    is_evidence_file,
    safe_file_name,
)
from tests.storage.sample_evidence import HEIC, JPEG, PDF, PNG, office, with_macros

OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (HEIC, "image/heic"),
        (office(), f"{OFFICE}.wordprocessingml.document"),
        (office("xl/workbook.xml"), f"{OFFICE}.spreadsheetml.sheet"),
    ],
    ids=["pdf", "jpeg", "png", "heic", "docx", "xlsx"],
)
def test_a_file_is_what_it_holds(content: bytes, media_type: str) -> None:
    kind = evidence_type(content)
    assert kind is not None
    assert (kind.media_type, file_problem(content, evidence_type(content), 0)) == (media_type, "")


def test_an_archive_of_very_many_parts_is_no_document() -> None:
    assert evidence_type(office("word/document.xml", *(f"word/{number}.xml" for number in range(300)))) is not None
    assert evidence_type(office("word/document.xml", *(f"word/{number}.xml" for number in range(5_000)))) is None


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00",
        b"GIF89a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        with_macros(),
        office("ppt/presentation.xml"),
        b"PK\x03\x04 and no archive",
        b" %PDF-1.7",
    ],
    ids=["html", "svg", "program", "gif", "old or locked office", "macros", "slides", "broken zip", "late pdf"],
)
def test_other_files_are_none_of_those(content: bytes) -> None:
    assert evidence_type(content) is None
    assert file_problem(content, evidence_type(content), 0) == "type"


def test_an_archive_is_looked_at_and_not_unpacked() -> None:
    packed = bytearray(office())
    packed[packed.index(b"<x/>")] ^= 0xFF
    assert evidence_type(bytes(packed)) is not None, "a wrong checksum is seen only by unpacking"


def test_empty_large_and_too_many_files_are_told_apart() -> None:
    kind = evidence_type(PDF)
    assert file_problem(b"", None, 0) == "empty"
    assert file_problem(PDF.ljust(LARGEST_FILE + 1), kind, 0) == "large"
    assert file_problem(PDF.ljust(LARGEST_FILE), kind, 0) == ""
    assert (file_problem(PDF, kind, MOST_FILES - 1), file_problem(PDF, kind, MOST_FILES)) == ("", "many")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("回访单.pdf", "回访单.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\li\\sheet.PDF", "sheet.pdf"),
        ("photo.jpg", "photo.jpg.pdf"),
        ("run.pdf.exe", "run.pdf.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe.pdf"),
        ('<b>"x"</b>.pdf', "b.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("长" * 300 + ".pdf", "长" * 96 + ".pdf"),
    ],
)
def test_a_name_is_made_safe_and_ends_as_what_the_file_is(given: str, kept: str) -> None:
    assert safe_file_name(given, EvidenceType(("pdf",), "application/pdf")) == kept


def test_another_usual_ending_stays() -> None:
    kind = evidence_type(JPEG)
    assert kind is not None
    assert [safe_file_name(name, kind) for name in ("a.JPEG", "a.jpg", "a")] == ["a.jpeg", "a.jpg", "a.jpg"]


def test_a_file_is_told_from_an_address() -> None:
    assert is_evidence_file("file_1x9")
    assert not is_evidence_file("https://example.com/file_1")

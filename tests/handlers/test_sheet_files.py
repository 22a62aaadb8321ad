"""What becomes of files that are uploaded for a sheet: taken once, had by one sheet, let go, handed out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.sheet_files import (
    RefusedFile,
    SheetUpload,
    add_file,
    files_taken,
    hand_out_file,
    hand_out_needs,
    named_files,
    shown_files,
    upload_id,
    upload_needs,
)
from config.locale.phrases import load_phrases
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import RaterRole
from scoring.values import replace
from storage.model.filled_forms import AssessmentFile, FilledForm
from storage.model.records import Customer, StoredFile
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision
from tests.storage.sample_evidence import PDF, PNG
from tests.storage.sample_sheets import full_assessment

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SHEET = replace(full_assessment(NOW), id="asm_1", evidence=(("manner", "https://example.com/1"), ("manner", "file_1")))
UPLOAD = SheetUpload("file_1", "../回访单.pdf", PDF, "老王", "asm_1", "manner")


def context(*found: Record) -> DecisionContext:
    """Return what a decision sees where this is stored."""
    return DecisionContext(Snapshot(found), Policy({}, {}, load_phrases()), NOW)


def had(**changed: Any) -> AssessmentFile:  # noqa: ANN401 (any field)
    """Return a file that waits for its sheet."""
    found = add_file(context(), UPLOAD).answer
    assert isinstance(found, AssessmentFile)
    return replace(found, version=1, **changed)


def test_a_file_is_stored_with_what_it_holds() -> None:
    decision = add_file(context(), UPLOAD)
    content, file = decision.changes.records
    assert content == StoredFile.of(PDF, NOW)
    assert file == AssessmentFile(
        id="file_1",
        assessment="asm_1",
        item="manner",
        hash=StoredFile.of(PDF, NOW).hash,
        name="回访单.pdf",
        media_type="application/pdf",
        size=len(PDF),
        by="老王",
        at=NOW,
        kept_until=NOW + timedelta(days=7),
    )
    assert decision.answer == file


def test_the_same_file_again_waits_longer_and_stays_one() -> None:
    first = had(kept_until=NOW - timedelta(hours=1))
    decision = add_file(context(first), UPLOAD)
    (_, again) = decision.changes.records
    assert isinstance(again, AssessmentFile)
    assert (again.id, again.version, again.kept_until) == ("file_1", 1, NOW + timedelta(days=7))


def test_a_file_that_a_sheet_has_is_not_stored_again() -> None:
    taken = had(kept_until=None)
    decision = add_file(context(taken), UPLOAD)
    assert (decision.changes.records, decision.answer) == ((), taken)


@pytest.mark.parametrize(("content", "why"), [(b"", "empty"), (b"<html>", "type")])
def test_what_is_not_taken_is_not_stored(content: bytes, why: str) -> None:
    decision = add_file(context(), replace(UPLOAD, content=content))
    assert (decision.changes.records, decision.answer) == ((), RefusedFile(why))


def test_a_file_of_a_customer_is_theirs_and_of_nobody_whom_we_do_not_know() -> None:
    theirs = replace(UPLOAD, customer="c-mei")
    assert add_file(context(), theirs) == Decision(Changes(), RefusedFile("owner"))
    _, stored = add_file(context(Customer("c-mei")), theirs).changes.records
    assert isinstance(stored, AssessmentFile)
    assert stored.customer == "c-mei"


def test_ids_of_files_are_those_of_their_content_and_place() -> None:
    policy = context().policy
    ids = {
        upload_id(policy, sheet, item, content)
        for sheet, item, content in (
            ("asm_1", "manner", PDF),
            ("asm_2", "manner", PDF),
            ("asm_1", "speed", PDF),
            ("asm_1", "manner", PNG),
        )
    }
    assert (len(ids), {one[:5] for one in ids}) == (4, {"file_"})
    assert upload_id(policy, "asm_1", "manner", PDF) in ids


def test_what_is_needed() -> None:
    assert upload_needs(UPLOAD) == Needs(sheet_files=frozenset({"file_1"}), assessments=frozenset({"asm_1"}))
    assert upload_needs(replace(UPLOAD, assessment="")) == Needs(sheet_files=frozenset({"file_1"}))
    theirs = upload_needs(replace(UPLOAD, assessment="", customer="c-mei"))
    assert theirs == Needs(sheet_files=frozenset({"file_1"}), customers=frozenset({"c-mei"}))
    assert hand_out_needs("asm_1") == Needs(assessments=frozenset({"asm_1"}))
    entry = SheetEntry(evidence={"a": ("https://example.com/file_9", "file_1"), "b": ("file_2",)})
    assert named_files(entry) == {"file_1", "file_2"}


def test_a_sheet_takes_what_it_names_and_lets_the_rest_go() -> None:
    waiting, before = had(assessment="", item=""), had(id="file_0", kept_until=None)
    taken = files_taken(context(waiting, before), SHEET)
    assert taken == (
        replace(waiting, assessment="asm_1", item="manner", kept_until=None, customer="c-mei"),
        replace(before, kept_until=NOW),
    )


def test_what_a_sheet_has_already_is_not_written_again() -> None:
    assert files_taken(context(had(kept_until=None, customer="c-mei")), SHEET) == ()


@pytest.mark.parametrize("held", [None, "asm_2"])
def test_a_file_of_another_sheet_and_one_that_is_not_there_are_wrong(held: str | None) -> None:
    found = [] if held is None else [had(assessment=held)]
    refused = files_taken(context(*found), SHEET)
    assert refused == Invalid("evidence.manner", "names file_1, which was not uploaded for this sheet; upload the file")


def sheet_of(role: RaterRole, *evidence: str) -> FilledForm:
    """Return the sheet of a rater in a role, who shows this."""
    return replace(SHEET, role=role, evidence=tuple(("manner", one) for one in evidence))


@pytest.mark.parametrize(
    ("sheet", "seen"),
    [
        (SHEET, ["file_1"]),
        (sheet_of(RaterRole.SUPERIOR, "file_1"), ["file_1"]),
        (sheet_of(RaterRole.SUPERIOR), []),
        (sheet_of(RaterRole.PEER, "file_1"), []),
        (sheet_of(RaterRole.SUBORDINATE, "file_1"), []),
        (replace(SHEET, id="asm_2"), []),
    ],
    ids=["customer", "superior", "not named any more", "peer", "subordinate", "another sheet"],
)
def test_files_are_seen_with_their_sheet_and_none_of_who_is_not_named(sheet: FilledForm, seen: list[str]) -> None:
    assert [one.id for one in shown_files(sheet, [had(kept_until=None)])] == seen


def test_the_audit_log_says_which_file_went_to_whom() -> None:
    file = had(kept_until=None)
    decision = hand_out_file(context(SHEET, file), "asm_1", "file_1", "李工")
    assert decision.answer == file
    (line,) = decision.changes.records
    assert isinstance(line, AuditEntry)
    assert (line.by, line.action, line.subject) == ("李工", "assessment.file_fetched", "asm_1")


@pytest.mark.parametrize(("sheet", "file"), [("asm_1", "file_2"), ("asm_2", "file_1")])
def test_what_is_not_there_is_not_handed_out(sheet: str, file: str) -> None:
    decision = hand_out_file(context(SHEET, had(kept_until=None)), sheet, file, "李工")
    assert (decision.changes.records, decision.answer) == ((), NotFound(f"file {file} of sheet {sheet}"))

"""Files as evidence: stored before the sheet that names them, had by one sheet, and handed out to who may see that."""

from datetime import timedelta

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.evidence_files import (
    LARGEST_FILE,
    MOST_FILES,
    TAKEN_FILES,
    evidence_type,
    file_problem,
    is_evidence_file,
    safe_file_name,
)
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import ANONYMOUS_ROLES
from dialogs.ids import derive_keyed
from scoring.values import Value, replace
from storage.model.filled_forms import AssessmentFile, FilledForm
from storage.model.records import StoredFile
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "PROBLEM_TEXTS",
    "UNKNOWN_OWNER",
    "RefusedFile",
    "SheetUpload",
    "add_file",
    "files_taken",
    "hand_out_file",
    "hand_out_needs",
    "named_files",
    "shown_files",
    "upload_id",
    "upload_needs",
]

_STAYS = timedelta(days=7)
"""How long a file is kept that no sheet names, as what the team types and never sends."""
_MEGABYTES = LARGEST_FILE // 1024 // 1024
UNKNOWN_OWNER = "owner"
PROBLEM_TEXTS = {
    "empty": "is empty; send the file as it is",
    "large": f"is larger than {_MEGABYTES} MiB; make it smaller, or give its address as evidence",
    "type": f"is none of {TAKEN_FILES}, or has macros; save it as one of them",
    "many": f"has {MOST_FILES} files already, and no more are taken",
    UNKNOWN_OWNER: "is of a customer whom nobody knows (any more)",
}
"""In words what `file_problem` returns, and of a customer's file that they are not there."""


class SheetUpload(Value):
    """A file that somebody sends; `id` is what the sheet names it by.

    `assessment` is the sheet where it is known, `customer` who sends it where that is a customer.
    """

    id: str
    name: str
    content: bytes
    by: str
    assessment: str = ""
    item: str = ""
    customer: str = ""


def upload_id(policy: Policy, assessment: str, item: str, content: bytes) -> str:
    """Return the id of a file of a known sheet: the same file for the same item has the same."""
    return derive_keyed(policy.links.key, "file", assessment, item, StoredFile.hash_of(content))


def upload_needs(upload: SheetUpload) -> Needs:
    """Return the need for the files that the sheet has, and for the customer."""
    sheets, customers = (frozenset({one} if one else ()) for one in (upload.assessment, upload.customer))
    return Needs(sheet_files=frozenset({upload.id}), assessments=sheets, customers=customers)


class RefusedFile(Value):
    """A file that is not taken: `why` is a key of `PROBLEM_TEXTS`."""

    why: str


def add_file(context: DecisionContext, upload: SheetUpload) -> Decision[AssessmentFile | RefusedFile]:
    """Store a file, and return it; it goes after 7 days unless a sheet names it. One that is there stays longer."""
    if upload.customer and context.snapshot.customer(upload.customer) is None:
        return Decision(Changes(), RefusedFile(UNKNOWN_OWNER))
    there = context.snapshot.sheet_file(upload.id)
    others = [one for one in context.snapshot.files_of_sheet(upload.assessment) if one.id != upload.id]
    kind = evidence_type(upload.content)
    problem = file_problem(upload.content, kind, len(others) if upload.assessment else 0)
    if problem or kind is None:
        return Decision(Changes(), RefusedFile(problem or "type"))
    if there is not None and there.kept_until is None:
        return Decision(Changes(), there)
    stored, name = StoredFile.of(upload.content, context.now), safe_file_name(upload.name, kind)
    made = AssessmentFile(
        id=upload.id,
        assessment=upload.assessment,
        item=upload.item,
        hash=stored.hash,
        name=name,
        media_type=kind.media_type,
        size=len(upload.content),
        by=upload.by,
        at=context.now,
        kept_until=context.now + _STAYS,
        version=there.version if there is not None else 0,
        customer=upload.customer or None,
    )
    return Decision(Changes((stored, made)), made)


def named_files(entry: SheetEntry) -> frozenset[str]:
    """Return the ids of the files that an entry names."""
    return frozenset(one for given in entry.evidence.values() for one in given if is_evidence_file(one))


def files_taken(context: DecisionContext, made: FilledForm) -> Invalid | tuple[AssessmentFile, ...]:
    """Return the files as a sheet has them from now on, and those that it had and does not name any more.

    The latter go within a day. A file that is there for another sheet, or not at all, is wrong.
    """
    changed, named = list[AssessmentFile](), {one: item for item, one in made.evidence if is_evidence_file(one)}
    for id_, item in named.items():
        found = context.snapshot.sheet_file(id_)
        if found is None or found.assessment not in ("", made.id):
            return Invalid(f"evidence.{item}", f"names {id_}, which was not uploaded for this sheet; upload the file")
        if (taken := replace(found, assessment=made.id, item=item, kept_until=None, customer=made.customer)) != found:
            changed.append(taken)
    had = context.snapshot.files_of_sheet(made.id)
    left = (one for one in had if one.id not in named and one.kept_until is None)
    return (*changed, *(replace(one, kept_until=context.now) for one in left))


def shown_files(sheet: FilledForm, files: list[AssessmentFile]) -> list[AssessmentFile]:
    """Return the files of a sheet that others may see: those that it names, and none of a rater who is not named."""
    if sheet.role in ANONYMOUS_ROLES:
        return []
    named = {one for _, one in sheet.evidence}
    return [one for one in files if one.id in named and one.assessment == sheet.id]


def hand_out_needs(assessment: str) -> Needs:
    """Return the need for a sheet with its files."""
    return Needs(assessments=frozenset({assessment}))


def hand_out_file(context: DecisionContext, assessment: str, file: str, by: str) -> Decision[AssessmentFile | NotFound]:
    """Return a file of a sheet that is to be handed out; the audit log says to whom."""
    sheet, found = context.snapshot.assessment(assessment), context.snapshot.files_of_sheet(assessment)
    shown = shown_files(sheet, found) if sheet is not None else []
    wanted = next((one for one in shown if one.id == file), None)
    if wanted is None:
        return Decision(Changes(), NotFound(f"file {file} of sheet {assessment}"))
    cause = f"{by}:{file}:{context.now.isoformat()}"
    line = audit_entry(context, by, "assessment.file_fetched", assessment, cause, file=file, hash=wanted.hash)
    return Decision(Changes((line,)), wanted)

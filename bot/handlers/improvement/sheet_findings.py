"""What somebody wrote on a sheet to be improved becomes a finding, and is followed as any other from then on."""

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.improvement.commands import FindingAnswer, FindingOutcome, finding_outcome
from bot.handlers.issues.workers import known_as, refused_stranger
from dialogs.forms.filled_sheet import FilledText
from dialogs.forms.model import ANONYMOUS_ROLES, RaterRole
from dialogs.ids import RefKind, derive
from dialogs.improvement.model import Finding, FindingKind
from dialogs.survey import in_locale
from scoring.values import Value
from storage.model.filled_forms import FilledForm
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["SheetFinding", "open_sheet_finding", "sheet_finding_id", "sheet_finding_needs"]

_WITHHELD = ANONYMOUS_ROLES | {RaterRole.CUSTOMER}
"""Roles whose words go nowhere else: nobody is told what these raters wrote, and customers' words expire."""


class SheetFinding(Value):
    """What of which sheet is to be improved, and who says so.

    `line` is the field with the words; empty for the one that the form marks. `department` has to see to it; empty for
    whoever the sheet is about.
    """

    assessment: str
    by: str
    line: str = ""
    department: str = ""


def sheet_finding_id(assessment: str, line: str) -> str:
    """Return the id of the finding that a field of a sheet becomes: there is one of each."""
    return derive(RefKind.FINDING, "sheet", assessment, line)


def sheet_finding_needs(wanted: SheetFinding, sheet: FilledForm | None) -> Needs:
    """Return what has to be loaded; `sheet` is the sheet as it was read before, None where there is none."""
    lines = {line.id for line in sheet.words} if sheet is not None else set[str]()
    findings = frozenset(sheet_finding_id(wanted.assessment, line) for line in lines)
    return Needs(assessments=frozenset({wanted.assessment}), findings=findings, roster=True)


def open_sheet_finding(context: DecisionContext, wanted: SheetFinding) -> Decision[FindingAnswer]:
    """Open the finding, or return what is wrong; the same field a second time changes nothing."""
    sheet, by = context.snapshot.assessment(wanted.assessment), known_as(context, wanted.by)
    if sheet is None:
        return Decision(Changes(), NotFound(f"assessment {wanted.assessment}"))
    line = _line(sheet, wanted.line)
    if isinstance(line, Invalid):
        return Decision(Changes(), line)
    known = context.snapshot.finding(sheet_finding_id(sheet.id, line.id))
    if known is not None:
        return Decision(Changes(), finding_outcome(context, known))
    refused = refused_stranger(context, by)
    if refused is not None:
        return Decision(Changes(), refused)
    finding = Finding(
        sheet_finding_id(sheet.id, line.id),
        FindingKind.ASSESSMENT,
        _text(context, sheet, line),
        wanted.department.strip() or sheet.subject,
        opened_at=context.now,
        opened_by=by,
    )
    told = {"kind": finding.kind.value, "assessment": sheet.id, "field": line.id}
    entry = audit_entry(context, by, "finding_opened", finding.id, "", **told)
    return Decision(Changes((finding, entry)), FindingOutcome(finding, created=True))


def _line(sheet: FilledForm, asked: str) -> FilledText | Invalid:
    """Return the words that are meant: those of a field, or of the one that the form marks as an action."""
    if sheet.role in _WITHHELD:
        return Invalid("assessment", f"is of a {sheet.role}, whose words are told to nobody else")
    found = [line for line in sheet.words if (line.id == asked if asked else line.is_action)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(line.id for line in sheet.words) or "none"
    if asked:
        return Invalid("field", f"is {asked!r}, in which nothing stands on this sheet; words stand in: {there}")
    return Invalid("field", f"is missing; name the field whose words are to be followed, words stand in: {there}")


def _text(context: DecisionContext, sheet: FilledForm, line: FilledText) -> str:
    policy = context.policy
    name = in_locale(line.name, policy.team_speaks)
    about = {"subject": sheet.subject, "period": sheet.period, "field": name}
    return policy.phrases.say(policy.team_speaks, "improvement.from_sheet", text=" ".join(line.text.split()), **about)

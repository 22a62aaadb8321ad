"""A filled sheet is checked against its form and stored; a correction keeps in the audit log what stood before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.sheet_files import files_taken, named_files
from dialogs.forms.filled_sheet import SheetEntry, entry_problems, fill_sheet, filled_words
from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole
from dialogs.ids import derive_keyed
from dialogs.names import is_same_person, name_key
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period
from scoring.forms.raters import is_step
from scoring.values import Value, replace
from storage.model.filled_forms import FilledForm
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs, RatedKey
from storage.unit_of_work.writer import Decision

__all__ = [
    "SOURCES",
    "AssessmentOutcome",
    "NewAssessment",
    "is_same_sheet",
    "make_sheet",
    "needs",
    "rating_problems",
    "rating_refusal",
    "store_assessment",
    "with_group",
]

SOURCES = "web, sms, phone, paper, onsite, platform"
"""The ways by which a customer's answers reach whoever enters them."""
_OTHERS = (RaterRole.SUPERIOR, RaterRole.PEER, RaterRole.SUBORDINATE)


class NewAssessment(Value):
    """A sheet to store: what `entry` says about a subject for a period, by a rater in a role.

    `by` entered it. A customer's sheet has a `source`, a `customer` where it is known who that was, and a `sheet_no`
    otherwise, the number on the paper; everybody else's a `rater`. `reason` says why a sheet that is there already is
    to be corrected.
    """

    form: Form
    subject: str
    period: Period
    role: RaterRole
    by: str
    entry: SheetEntry
    rater: str = ""
    customer: str = ""
    source: str = ""
    sheet_no: str = ""
    reason: str = ""

    def id(self, policy: Policy) -> str:
        """Return its id: a rater fills one sheet about a subject for a period, in one role; a customer each paper.

        It is keyed, as those who read sheets could try the names of peers otherwise.
        """
        form = self.form
        is_customers = self.role is RaterRole.CUSTOMER
        who = ("customer", self.customer, name_key(self.sheet_no)) if is_customers else ("rater", name_key(self.rater))
        parts = (form.id, form.subject, self.subject, self.period.name, *who)
        return derive_keyed(policy.links.key, "asm", *parts)

    @property
    def rated(self) -> RatedKey:
        """Which sheets belong together with it."""
        return self.subject, self.form.id, self.period.name


class AssessmentOutcome(Value):
    """A stored sheet; `created` when it is new."""

    assessment: FilledForm
    created: bool = False


def needs(new: NewAssessment, policy: Policy) -> Needs:
    """Return the need for the sheet that may be there, its files, the others about the same, and the customer."""
    customers = frozenset({new.customer}) if new.customer else frozenset[str]()
    files = named_files(new.entry)
    ours = frozenset({new.id(policy)})
    return Needs(assessments=ours, sheet_files=files, rated=frozenset({new.rated}), customers=customers)


def store_assessment(
    context: DecisionContext, new: NewAssessment
) -> Decision[AssessmentOutcome | Invalid | NotFound | Conflict]:
    """Store a sheet. The same one again changes nothing; another one in its place needs a reason."""
    refused = rating_refusal(context, new) or _first(entry_problems(new.form, new.entry))
    if refused is not None:
        return Decision(Changes(), refused)
    made = make_sheet(new, context.policy, context.now)
    before = context.snapshot.assessment(made.id)
    if before is None:
        return _stored(context, new, made, created=True)
    if is_same_sheet(made, before):
        return Decision(Changes(), AssessmentOutcome(before))
    if not new.reason:
        sentence = "This rater has filled another sheet about that already; give a reason to correct it."
        return Decision(Changes(), Conflict(sentence))
    held = before.released if before.role is made.role else None
    corrected = replace(made, version=before.version, released=held)
    return _stored(context, new, corrected, before)


def _stored(
    context: DecisionContext,
    new: NewAssessment,
    made: FilledForm,
    before: FilledForm | None = None,
    *,
    created: bool = False,
) -> Decision[AssessmentOutcome | Invalid | NotFound | Conflict]:
    """Store a sheet with its files, and what it changes of those whose mean it enters, or has left for another role."""
    files = files_taken(context, made)
    if isinstance(files, Invalid):
        return Decision(Changes(), files)
    others = [one for one in context.snapshot.assessments_of(new.rated) if one.id != made.id]
    left = [] if before is None or before.role is made.role else _of_role(others, before)
    made, *others = with_group(made, others)
    freed = (replace(one, released=None) for one in left if one.released is not None)
    told = [] if before is None else [_correction(context, new, before)]
    return Decision(Changes((made, *files, *others, *freed, *told)), AssessmentOutcome(made, created=created))


def with_group(made: FilledForm, others: Iterable[FilledForm]) -> list[FilledForm]:
    """Return a new sheet, and those of the others about the same that the mean of its role holds anew with it."""
    return _step((made, *_of_role(others, made)))


def _of_role(sheets: Iterable[FilledForm], like: FilledForm) -> list[FilledForm]:
    """Return those of raters who are not named in the same role; none where they are named."""
    if like.role not in ANONYMOUS_ROLES:
        return []
    return [one for one in sheets if one.role is like.role and one.subject_kind is like.subject_kind]


def _step(group: Sequence[FilledForm]) -> list[FilledForm]:
    """Return the first sheet, and those that the mean of the group holds from now on; none of them before a step.

    When somebody has left for another role the others are held anew, with the next that come (`_stored`).
    """
    if group[0].role not in ANONYMOUS_ROLES or not is_step((_exact(one.total), _exact(one.released)) for one in group):
        return [group[0]]
    first, *others = (replace(one, released=one.total) for one in group)
    return [first, *(one for one, was in zip(others, group[1:], strict=True) if one != was)]


def _exact(number: str | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def rating_refusal(context: DecisionContext, new: NewAssessment) -> Invalid | NotFound | None:
    """Return why this rater cannot rate this subject for this period at all, None where they can."""
    wrong = _first(rating_problems(new, context.policy, context.now))
    if wrong is None and new.customer and context.snapshot.customer(new.customer) is None:
        return NotFound(f"customer {new.customer}")
    return wrong


def _first(problems: Iterator[tuple[str, str]]) -> Invalid | None:
    return next((Invalid(field, problem) for field, problem in problems), None)


def is_same_sheet(made: FilledForm, before: FilledForm) -> bool:
    """Return whether it is the same one again: spellings of the name may differ, and ends in another time zone."""
    kept = replace(made, rater=before.rater, sheet_no=before.sheet_no, since=before.since, until=before.until)
    return replace(kept, at=before.at, version=before.version, released=before.released) == before


def _correction(context: DecisionContext, new: NewAssessment, before: FilledForm) -> AuditEntry:
    """Return the line of a correction; of peers and subordinates neither who made it nor why nor what stood there."""
    cause = context.now.isoformat()
    unnamed = next((role for role in (before.role, new.role) if role in ANONYMOUS_ROLES), None)
    if unnamed is not None:
        return audit_entry(context, unnamed, "assessment.corrected", before.id, cause)
    told = {"reason": new.reason, "total": before.total or "", "values": _values(before)}
    return audit_entry(context, new.by, "assessment.corrected", before.id, cause, **told)


def rating_problems(new: NewAssessment, policy: Policy, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield why this rater cannot rate this subject for this period, each with the field that is wrong."""
    form, first = new.form, wall_of(new.period.since, policy.timezone).date().isoformat()
    if new.role not in form.raters:
        yield "role", f"does not rate by {form.id}; there are {', '.join(form.raters)}"
    elif new.role is RaterRole.CUSTOMER:
        yield from _customer(new)
    else:
        yield from _rater(new)
    if first < form.effective_from:
        yield "period", f"begins before {form.effective_from}, from which on {form.id} is in force"
    if new.period.since > now:
        yield "period", "has not begun yet"


def _customer(new: NewAssessment) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with how a customer's answers came, and with which sheet they are."""
    if new.source not in SOURCES.split(", "):
        yield "source", f"must say how the answers came: {SOURCES}"
    if new.rater:
        yield "rater", "belongs to no sheet of a customer; write who entered it into by"
    if not (new.customer or name_key(new.sheet_no)):
        yield "sheet_no", "is missing; number the papers, or say which customer it was"


def _rater(new: NewAssessment) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with who rates whom, where it is no customer."""
    theirs = (("customer", new.customer), ("source", new.source), ("sheet_no", new.sheet_no))
    yield from ((name, "belongs to the sheet of a customer only") for name, given in theirs if given)
    if not new.rater:
        yield "rater", "is missing; write who rates"
    elif new.role is RaterRole.SELF and not is_same_person(new.rater, new.subject):
        yield "rater", f"must be {new.subject}: in the role self everybody rates themselves"
    elif new.role in _OTHERS and is_same_person(new.rater, new.subject):
        yield "rater", f"is {new.subject}, who cannot be their own {new.role}"


def make_sheet(new: NewAssessment, policy: Policy, at: datetime) -> FilledForm:
    """Return the sheet of an entry without problems, filled at a moment."""
    form, entry = new.form, new.entry
    sheet = fill_sheet(form, entry)
    evidence = ((item.id, one) for item in form.items for one in entry.evidence.get(item.id, ()))
    return FilledForm(
        id=new.id(policy),
        form=form.id,
        form_number=form.version,
        subject_kind=form.subject,
        subject=new.subject,
        period=new.period.name,
        since=new.period.since,
        until=new.period.until,
        role=new.role,
        rater=new.rater,
        by=new.by,
        at=at,
        sheet=sheet,
        words=filled_words(form, entry),
        evidence=tuple(evidence),
        total=sheet.total,
        customer=new.customer or None,
        source=new.source,
        sheet_no=new.sheet_no,
    )


def _values(assessment: FilledForm) -> Mapping[str, str]:
    return {item.id: item.value for item in assessment.sheet.items if item.value is not None}

"""The link by which one rater fills one sheet: whom it is for, and whether they may rate at all."""

from collections.abc import Mapping

from bot.handlers.assessments import AssessmentOutcome, NewAssessment, needs, rating_refusal, store_assessment
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Conflict, Invalid, NotFound
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import Form, RaterRole
from dialogs.time.periods import Period
from scoring.values import Value
from storage.model.filled_forms import AssessmentFile, FilledForm
from storage.model.publications import publication_id
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "RaterLink",
    "RaterSight",
    "check_rater",
    "page_needs",
    "rater_link",
    "rating_by",
    "send_sheet",
    "view_sheet",
]

_BETWEEN = "\x1f"
_CUSTOMERS_SOURCE = "web"
_CUSTOMERS_BY = "customer"
_REASON = "changed by the rater on their page"


class RaterLink(Value):
    """What a rater's link says: the form, whom it is about, the period's name, and who rates in which role.

    `subject_name` is how the page calls the subject, empty for its id. A `customer` has no `rater`.
    """

    form: str
    subject: str
    period: str
    role: RaterRole
    rater: str = ""
    customer: str = ""
    subject_name: str = ""

    @property
    def text(self) -> str:
        """The link's subject, as it is signed."""
        parts = (self.form, self.subject, self.period, self.role, self.rater, self.customer, self.subject_name)
        return _BETWEEN.join(parts)


def rater_link(text: str) -> RaterLink:
    """Return what a signed text says. Raises LookupError for one that another version has written otherwise."""
    try:
        form, subject, period, role, *who = text.split(_BETWEEN)
        return RaterLink(form, subject, period, RaterRole(role), *who)
    except (TypeError, ValueError):
        raise LookupError("this link is of another version") from None


def rating_by(link: RaterLink, form: Form, period: Period, entry: SheetEntry | None = None) -> NewAssessment:
    """Return the sheet of a link's rater; their own change of it is a correction that names itself."""
    is_customers = link.role is RaterRole.CUSTOMER
    return NewAssessment(
        form=form,
        subject=link.subject,
        period=period,
        role=link.role,
        by=_CUSTOMERS_BY if is_customers else link.rater,
        entry=entry or SheetEntry(),
        rater=link.rater,
        customer=link.customer,
        source=_CUSTOMERS_SOURCE if is_customers else "",
        reason=_REASON,
    )


def check_rater(context: DecisionContext, new: NewAssessment) -> Decision[Invalid | NotFound | None]:
    """Return why a link cannot be made, None where it can; nothing is stored."""
    return Decision(Changes(), rating_refusal(context, new))


class RaterSight(Value):
    """The sheet that a rater has sent, None before that, its files by id, and whether its result is published.

    The files are those that the page has taken, also where no sheet names them yet.
    """

    stored: FilledForm | None
    files: Mapping[str, AssessmentFile]
    is_published: bool


def page_needs(new: NewAssessment, policy: Policy) -> Needs:
    """Return what a rater's page needs: the sheet, and whether the scores of its form are published."""
    return needs(new, policy) | Needs(publications=frozenset({_first_revision(new)}))


def view_sheet(context: DecisionContext, new: NewAssessment) -> RaterSight:
    """Return what a rater has sent so far."""
    id_ = new.id(context.policy)
    files = sorted(context.snapshot.files_of_sheet(id_), key=lambda one: (one.at, one.id))
    return RaterSight(context.snapshot.assessment(id_), {one.id: one for one in files}, _is_published(context, new))


def send_sheet(
    context: DecisionContext, new: NewAssessment
) -> Decision[AssessmentOutcome | Invalid | NotFound | Conflict]:
    """Store what a rater sends. A sheet of theirs that a published score rests on is not changed any more.

    A first sheet that comes late is stored, and counts in the next revision.
    """
    if _is_published(context, new) and context.snapshot.assessment(new.id(context.policy)) is not None:
        return Decision(Changes(), Conflict(f"The scores of {new.form.id} for {new.period.name} are published."))
    return store_assessment(context, new)


def _is_published(context: DecisionContext, new: NewAssessment) -> bool:
    published = context.snapshot.publication(_first_revision(new))
    return published is not None and (not published.asked or new.subject in published.asked)


def _first_revision(new: NewAssessment) -> str:
    """Return the id of the first revision; later ones are about the same subjects."""
    return publication_id(new.form.id, new.period.name, 1)

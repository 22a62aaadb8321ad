"""A period's figures or scores are published: a revision is stored once and never changed, the next one beside it."""

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid
from bot.handlers.issues.workers import known_as, refused_publisher
from dialogs.names import is_same_person
from scoring.metrics.fact_changes import fact_changes
from scoring.values import Value, replace
from storage.model.publications import Publication, publication_id
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["PublishOutcome", "needs", "publish"]


class PublishOutcome(Value):
    """A published revision; `created` when it is new."""

    publication: Publication
    created: bool = False


def needs(made: Publication) -> Needs:
    """Return the need for this revision, the one before it, and who may publish."""
    numbers = (made.number, made.number - 1)
    ids = frozenset(publication_id(made.about, made.period, number) for number in numbers)
    return Needs(publications=ids, roster=True)


def publish(context: DecisionContext, made: Publication) -> Decision[PublishOutcome | Conflict | Invalid]:
    """Store a revision as it was computed. The same one again changes nothing; another one of its number is refused."""
    made = replace(made, by=known_as(context, made.by), at=context.now)
    there = context.snapshot.publication(made.id)
    if there is not None:
        return Decision(Changes(), _repeated(there, made))
    before = context.snapshot.publication(publication_id(made.about, made.period, made.number - 1))
    refused = refused_publisher(context, made.by) or _not_to_be_published(context, made, before)
    if refused is not None:
        return Decision(Changes(), refused)
    if before is not None:
        made = replace(made, changes=fact_changes(before.tally, made.tally))
    told = {"revision": made.number, "digest": made.digest, "reason": made.reason}
    line = audit_entry(context, made.by, "period.published", made.id, str(made.number), **told)
    return Decision(Changes((made, line)), PublishOutcome(made, created=True))


def _repeated(there: Publication, made: Publication) -> PublishOutcome | Conflict:
    """Return the revision that is there, if it is what is asked for."""
    asked = [(one.asked, one.metrics, one.reason) for one in (there, made)]
    if asked[0] == asked[1] and is_same_person(there.by, made.by):
        return PublishOutcome(there)
    return Conflict(
        f"Revision {there.number} of {there.about} for {there.period} was published otherwise, by {there.by}, "
        f"and stays as it is; publish revision {there.number + 1}."
    )


def _not_to_be_published(
    context: DecisionContext, made: Publication, before: Publication | None
) -> Conflict | Invalid | None:
    if context.now < made.until:
        ends = made.until.isoformat(timespec="seconds").replace("+00:00", "Z")
        return Conflict(
            f"{made.period} is not over before {ends}: until then its figures are provisional, and not published."
        )
    if made.number == 1:
        return None
    if before is None:
        return Conflict(f"There is no revision {made.number - 1} of {made.about} for {made.period} to follow.")
    if not made.reason:
        return Invalid("reason", "is missing; write why a new revision is published")
    if (before.inputs_digest, before.rules, before.content) == (made.inputs_digest, made.rules, made.content):
        return Conflict(f"Nothing has changed since revision {before.number}: there is nothing new to publish.")
    return None

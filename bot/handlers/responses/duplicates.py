"""Which of the responses that say the same counts: found from all of them, whatever was found before."""

from collections.abc import Iterator, Mapping, Sequence

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.fact_rows import ratings_after
from bot.handlers.surveys.response_flags import duplicate_flag, may_count, review_of
from dialogs.interview.model import Interview
from dialogs.survey import Survey, SurveyKey
from scoring.deduplication import Review, SharedKey, find_duplicates
from scoring.validity import RaisedFlag, ResponseFlag
from scoring.values import replace
from storage.reads.figures.review_keys import ReviewKeys
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["duplicate_needs", "reflagged", "settle_duplicates"]

_Linked = Sequence[tuple[ReviewKeys, Interview]]


def reflagged(policy: Policy, surveys: Mapping[SurveyKey, Survey], linked: _Linked, period: str) -> list[Interview]:
    """Return the responses whose flags are others than they stand, with those; `linked` hang together in a period."""
    found = find_duplicates(_reviews(policy, surveys, linked, period), policy.duplicates)
    after: list[Interview] = []
    for _, interview in linked:
        others = tuple(raised for raised in interview.flags if raised.flag is not ResponseFlag.DUPLICATE)
        duplicate = found.get(interview.id)
        ours: tuple[RaisedFlag, ...] = () if duplicate is None else (duplicate_flag(policy.duplicates, duplicate),)
        after.append(replace(interview, flags=(*ours, *others)))
    return [one for one, (_, before) in zip(after, linked, strict=True) if set(one.flags) != set(before.flags)]


def _reviews(policy: Policy, surveys: Mapping[SurveyKey, Survey], linked: _Linked, period: str) -> Iterator[Review]:
    for keys, interview in linked:
        survey = surveys.get(interview.survey)
        if survey is None or not may_count(policy, interview):
            continue
        shared = {SharedKey.CUSTOMER: keys.customer, SharedKey.CONTACT: keys.contact}
        if keys.ticket:
            about = (keys.source, keys.ticket, keys.customer)
            shared |= {SharedKey.TICKET: "/".join(about), SharedKey.CLOSING: "/".join((*about, str(keys.closing)))}
        services = frozenset(word.strip().casefold() for word in (keys.service_type, keys.category) if word)
        yield review_of(survey, interview, period, shared, services)


def duplicate_needs(changed: Sequence[Interview]) -> Needs:
    """Return the need for the responses whose flags change."""
    return Needs(
        interviews=frozenset(one.id for one in changed), invitations=frozenset(one.invitation for one in changed)
    )


def settle_duplicates(context: DecisionContext, changed: Sequence[Interview]) -> Decision[tuple[str, ...]]:
    """Store other flags, and what counts by them; answer which responses have changed since they were read.

    Those are left for another look.
    """
    changes, missed = Changes(), list[str]()
    for after in changed:
        before = context.snapshot.interview(after.id)
        if before is None or before.version != after.version:
            missed.append(after.id)
        else:
            changes += Changes((after, *ratings_after(context, before, after)))
    return Decision(changes, tuple(missed))

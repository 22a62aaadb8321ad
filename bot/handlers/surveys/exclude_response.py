"""Responses excluded from figures by people: proposed by one, decided by a second, an appeal reviewed by a third.

Nothing is deleted: the ratings stay as facts that do not count, with the reason.
"""

from collections.abc import Callable
from datetime import datetime

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.issues.workers import known_as, refused_lead, refused_stranger
from bot.handlers.surveys.fact_rows import excluded_by, ratings_after
from dialogs.exclusion.machine import (
    EXCLUSION,
    AppealDismissed,
    Appealed,
    AppealGranted,
    ExclusionApproved,
    ExclusionRejected,
)
from dialogs.exclusion.model import Exclusion, ExclusionState
from dialogs.ids import derive
from dialogs.interview.model import FINAL, Interview
from dialogs.messages import Address, Person, Prompt
from dialogs.names import is_same_person
from scoring.validity import ExclusionReason
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "EXCLUSION_STEPS",
    "ExclusionAnswer",
    "ExclusionOutcome",
    "Proposal",
    "StepWanted",
    "needs",
    "propose",
    "take_step",
]

APPEAL_DAYS = 3
"""Working days in which a decision can be appealed, after the day on which it was made."""


_REVIEWED = (ExclusionState.RESTORED, ExclusionState.UPHELD)


class Proposal(Value):
    """Who wants a response excluded, and why."""

    response: str
    reason: ExclusionReason
    by: str
    note: str


class StepWanted(Value):
    """Who takes a step of `EXCLUSION_STEPS`, and why; an appeal may come with links as `evidence`."""

    name: str
    by: str
    note: str
    evidence: tuple[str, ...] = ()


class ExclusionOutcome(Value):
    """An exclusion as it stands; `created` when it is new."""

    exclusion: Exclusion
    created: bool = False


ExclusionAnswer = ExclusionOutcome | NotFound | Conflict | Invalid
_Event = ExclusionApproved | ExclusionRejected | Appealed | AppealGranted | AppealDismissed


def needs(response: str) -> Needs:
    """Return the need for a response with its exclusions, and for who may decide."""
    return Needs(interviews=frozenset({response}), exclusions=frozenset({response}), roster=True)


def propose(context: DecisionContext, new: Proposal) -> Decision[ExclusionAnswer]:
    """Store the proposal that a response does not count; repeating it changes nothing."""
    interview, new = context.snapshot.interview(new.response), replace(new, by=known_as(context, new.by))
    refused = refused_stranger(context, new.by) or _not_to_be_excluded(context, interview, new.response)
    if refused is not None or interview is None:
        return Decision(Changes(), refused or NotFound(f"response {new.response}"))
    before = _latest(context, new.response)
    if before is not None and before.is_open:
        is_same = is_same_person(before.proposed_by, new.by) and before.reason is new.reason
        taken = Conflict(f"{before.proposed_by} has proposed it already ({before.reason}); a second person decides")
        return Decision(Changes(), ExclusionOutcome(before) if is_same else taken)
    reason = excluded_by(context, interview)
    if reason is not None:
        return Decision(Changes(), Conflict(f"it does not count already: {reason}"))
    number = before.number + 1 if before is not None else 1
    id_ = derive("exc", new.response, number)
    exclusion = Exclusion(id_, new.response, number, new.reason, new.by, context.now, new.note)
    return Decision(_kept(context, exclusion, new.by, "exclusion_proposed"), ExclusionOutcome(exclusion, created=True))


def _not_to_be_excluded(context: DecisionContext, interview: Interview | None, id_: str) -> NotFound | Conflict | None:
    if interview is None:
        return NotFound(f"response {id_}")
    if context.policy.survey_version(interview.survey).anonymous:
        return Conflict("an anonymous response cannot be told from others, so it cannot be excluded")
    if interview.state not in FINAL or not interview.answers:
        return Conflict("only a response that has ended with answers can be excluded")
    return None


def _latest(context: DecisionContext, response: str) -> Exclusion | None:
    return max(context.snapshot.exclusions(response), key=lambda one: one.number, default=None)


def _kept(context: DecisionContext, exclusion: Exclusion, by: str, action: str) -> Changes:
    line = audit_entry(context, by, action, exclusion.id, exclusion.state.value, reason=exclusion.reason.value)
    return Changes((exclusion, line))


# -- decisions ------------------------------------------------------------------------------------------------------

_Make = Callable[[str, str, datetime], _Event]


class _Step(Value):
    """A step of people: its event, the states that say that it was done, who may do it, and why it may not be done."""

    event: _Make
    done: tuple[ExclusionState, ...]
    why_not: Callable[[Exclusion, str], str]
    by_lead: bool = True


def _why_no_decision(exclusion: Exclusion, by: str) -> str:
    if exclusion.state is not ExclusionState.PROPOSED:
        return f"nothing waits for a decision: it is {exclusion.state}"
    return f"{by} has proposed it, and a second person has to approve"


def _why_no_appeal(exclusion: Exclusion, _by: str) -> str:
    if exclusion.state is ExclusionState.EXCLUDED and exclusion.appeal_until is not None:
        until = exclusion.appeal_until.isoformat(timespec="seconds").replace("+00:00", "Z")
        return f"an appeal was possible within {APPEAL_DAYS} working days, until {until}"
    return f"there is no decision to appeal: it is {exclusion.state}"


def _why_no_review(exclusion: Exclusion, by: str) -> str:
    if exclusion.state is not ExclusionState.APPEALED:
        return f"there is no appeal: it is {exclusion.state}"
    return f"{by} has proposed, decided or appealed, and a third person has to review"


EXCLUSION_STEPS: dict[str, _Step] = {
    "approve": _Step(ExclusionApproved, (ExclusionState.EXCLUDED,), _why_no_decision),
    "reject": _Step(lambda by, note, _until: ExclusionRejected(by, note), (ExclusionState.REJECTED,), _why_no_decision),
    "appeal": _Step(
        lambda by, note, _until: Appealed(by, note), (ExclusionState.APPEALED,), _why_no_appeal, by_lead=False
    ),
    "grant": _Step(lambda by, note, _until: AppealGranted(by, note), (ExclusionState.RESTORED,), _why_no_review),
    "dismiss": _Step(lambda by, note, _until: AppealDismissed(by, note), (ExclusionState.UPHELD,), _why_no_review),
}


def take_step(context: DecisionContext, response: str, wanted: StepWanted) -> Decision[ExclusionAnswer]:
    """Decide on the exclusion of a response, appeal, or review: one of `EXCLUSION_STEPS`; repeating changes nothing.

    The ratings count or do not count with it, in the same commit.
    """
    step, interview, exclusion = (
        EXCLUSION_STEPS[wanted.name],
        context.snapshot.interview(response),
        _latest(context, response),
    )
    if interview is None or exclusion is None:
        return Decision(Changes(), NotFound(f"exclusion of response {response}"))
    if wanted.evidence and wanted.name != "appeal":
        return Decision(Changes(), Invalid("evidence", "belongs to an appeal only"))
    by = known_as(context, wanted.by)
    refused = _refused(context, exclusion, wanted.name, by)
    if refused is not None:
        return Decision(Changes(), refused)
    theirs = (exclusion.decided_by, exclusion.appealed_by, exclusion.reviewed_by)
    if exclusion.state in step.done and any(is_same_person(by, one) for one in theirs):
        return Decision(Changes(), ExclusionOutcome(exclusion))
    until = context.policy.working.end_of_day(context.now, APPEAL_DAYS)
    moved = EXCLUSION.step(exclusion, step.event(by, wanted.note, until), context.now)
    if moved is None:
        return Decision(Changes(), Conflict(step.why_not(exclusion, by)))
    after = replace(moved.thing, evidence=wanted.evidence or exclusion.evidence)
    changes = _kept(context, after, by, f"exclusion_{after.state}") + _counted(context, interview, after)
    if after.state in _REVIEWED:
        changes += _outcome_messages(context, after, interview)
    return Decision(changes, ExclusionOutcome(after))


def _refused(context: DecisionContext, exclusion: Exclusion, name: str, by: str) -> Invalid | Conflict | None:
    """Return why somebody may not take a step, or why nobody can tell that they are another person."""
    by_lead = EXCLUSION_STEPS[name].by_lead and name != "reject"
    refused = refused_lead(context, by) if by_lead else refused_stranger(context, by)
    is_known = not context.snapshot.roster() or context.snapshot.member(exclusion.proposed_by) is not None
    if refused is not None or name != "approve" or is_known or exclusion.state is not ExclusionState.PROPOSED:
        return refused
    return Conflict(
        f"{exclusion.proposed_by}, who has proposed it, is not on the roster; reject it and propose it again"
    )


def _counted(context: DecisionContext, interview: Interview, exclusion: Exclusion) -> Changes:
    """Return the interview and its ratings where they count otherwise than before."""
    reason = exclusion.reason if exclusion.excludes else None
    if reason is interview.exclusion:
        return Changes()
    after = replace(interview, exclusion=reason)
    return Changes((after, *ratings_after(context, interview, after)))


# -- who is told -------------------------------------------------------------------------------------------------------


def _outcome_messages(context: DecisionContext, exclusion: Exclusion, interview: Interview) -> Changes:
    """Return what is told once an appeal is reviewed; without the reason, which is deleted with the response's words.

    Whoever has no chat of their own, as by the API only, is named in the team's chats.
    """
    own = _own_chat(context, exclusion.appealed_by)
    places = (own,) if own is not None else context.policy.team
    invitation = context.snapshot.invitation(interview.invitation)
    about = f"{invitation.source}/{invitation.ticket}" if invitation is not None and invitation.ticket else interview.id
    words = {"name": exclusion.appealed_by, "about": about, "by": exclusion.reviewed_by}
    text = context.policy.phrases.say(context.policy.team_speaks, f"appeal.{exclusion.state}", **words)
    told = []
    for place in places:
        prompt = Prompt(text, mentions=Person(place.chat if place == own else "", exclusion.appealed_by))
        id_ = derive("out", exclusion.id, "reviewed", place.channel, place.chat)
        told.append(message_to_team(context, place, prompt, id_))
    return Changes(tuple(told))


def _own_chat(context: DecisionContext, name: str) -> Address | None:
    """Return the chat of somebody on the roster, where people have chats of their own and they have joined from it."""
    member, policy = context.snapshot.member(name), context.policy
    own = next((channel for channel in policy.channels if policy.can(channel).roster), "")
    return Address(own, member.telegram) if member is not None and member.telegram and own else None

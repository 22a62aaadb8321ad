"""Which survey rule decides about a ticket, and why: now, and at its closing."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import NotFound
from bot.handlers.surveys.pause import Pause, pause_of
from bot.handlers.surveys.rule_facts import ruling_on
from bot.handlers.surveys.tickets import latest
from dialogs.invitation.model import Invitation, InvitationReason, status_of
from dialogs.invitation.survey_rules import PAUSED_RULE, SINGULAR, Check, Ruling, RulingReason, Step
from dialogs.issue.model import TicketKey
from scoring.values import Value, replace
from storage.model.note_keys import SURVEYS_PAUSED
from storage.model.records import Ticket, TicketStatus
from storage.unit_of_work.needs import Needs

__all__ = ["Decided", "Explanation", "Looked", "explain", "explain_needs"]


class Looked(Value):
    """One rule that was evaluated, and in plain words why it matches or does not."""

    rule: str
    matches: bool
    because: str


class Decided(Value):
    """What was decided at the closing, and its status now; `timing` says why it is asked at that time."""

    invitation: Invitation
    status: str
    because: str
    timing: str = ""


class Explanation(Value):
    """What the rules decide about a ticket now, and what was decided at its closing.

    `decision` is `ask`, `excluded` or `sampled_out`. `rule` is empty where no rule fits. `is_closed` is False where
    nothing has been decided yet. `differs` says that the rules or the ticket have changed since it was.
    """

    ticket: TicketKey
    is_closed: bool
    rule: str
    survey: str
    decision: str
    because: str
    steps: tuple[Looked, ...]
    decided: Decided | None
    paused: Pause | None
    differs: bool


def explain_needs(ticket: TicketKey) -> Needs:
    """Return the need for the ticket and the pause of surveys."""
    return Needs(tickets=frozenset({ticket}), notes=frozenset({SURVEYS_PAUSED}))


def explain(context: DecisionContext, key: TicketKey) -> Explanation | NotFound:
    """Return which rule decides about a ticket, and why; an open ticket is evaluated as if it closed now."""
    ticket = context.snapshot.ticket(*key)
    if ticket is None:
        return NotFound(f"ticket {key[0]}/{key[1]}")
    is_closed = ticket.status is TicketStatus.CLOSED
    ruling = ruling_on(context, ticket if is_closed else replace(ticket, closing=ticket.closing + 1))
    survey = ruling.survey or context.policy.default_survey
    decided = _decided(context, ticket, ruling)
    differs = decided is not None and is_closed and not decided.invitation.by_hand
    return Explanation(
        ticket=key,
        is_closed=is_closed,
        rule=ruling.rule,
        survey=survey,
        decision=ruling.reason.value if ruling.reason is not None else "ask",
        because=_WHY[ruling.why].format(rule=ruling.rule, sample=_sample(context, ruling), survey=survey),
        steps=tuple(_looked(step) for step in ruling.steps),
        decided=decided,
        paused=pause_of(context),
        differs=differs and decided is not None and decided.invitation.rule not in {ruling.rule, PAUSED_RULE},
    )


def _decided(context: DecisionContext, ticket: Ticket, ruling: Ruling) -> Decided | None:
    view = latest(context, ticket)
    if view.invitation is None:
        return None
    invitation = view.invitation
    because = _REASONS.get(invitation.reason.value, "") if invitation.reason is not None else ""
    if invitation.by_hand:
        because = "it was asked by hand, which skips rules, delay, quiet hours and quarantine"
    elif invitation.rule == PAUSED_RULE:
        because = "all surveys were paused until its deadline"
    return Decided(invitation, status_of(invitation, view.interview), because, _timing(context, invitation, ruling))


def _timing(context: DecisionContext, invitation: Invitation, ruling: Ruling) -> str:
    """Return why it is asked at that time, by the settings that hold now; empty where another rule has planned it."""
    if invitation.by_hand or invitation.reason in _NEVER or invitation.rule != ruling.rule:
        return ""
    delay = context.policy.delay if ruling.delay is None else ruling.delay
    whose = "survey.delay" if ruling.delay is None else f"the delay of rule {ruling.rule}"
    wanted = invitation.closed_at + delay
    if invitation.due_at == wanted:
        return f"{whose} after the closing"
    zone = context.policy.zone_of(context.snapshot.customer(invitation.customer))
    if not context.policy.contact_hours.allows(wanted.astimezone(zone)):
        return f"{whose} ends in the customer's quiet hours (survey.quiet_hours, {zone.key})"
    if not context.policy.contact_hours.prefers(wanted.astimezone(zone)):
        return f"{whose} ends outside the hours or days on which asking is welcome ({zone.key})"
    return f"not {whose} after the closing: we heard of it later, that moment was not free, or it was asked for since"


def _looked(step: Step) -> Looked:
    failing = [check for check in step.checks if not check.fits]
    told = failing or step.checks
    because = "; ".join(map(_said, told)) or "it has no conditions, so it fits every ticket"
    return Looked(step.rule, step.fits, because)


def _said(check: Check) -> str:
    singular = _NAMES.get(check.field, check.field)
    found = ", ".join(filter(None, check.found)) or "none"
    wanted = ", ".join(name or "none" for name in check.wanted)
    return f"{singular} {found} {'is' if check.fits else 'is not'} among {wanted}"


def _sample(context: DecisionContext, ruling: Ruling) -> int:
    return next((rule.sample for rule in context.policy.rules.rules if rule.name == ruling.rule), 1)


_NEVER = {
    InvitationReason.EXCLUDED,
    InvitationReason.SAMPLED_OUT,
    InvitationReason.DEADLINE,
    InvitationReason.IMPORTED,
}
"""Reasons with which no time to ask was looked for."""
_NAMES = {**SINGULAR, "tags": "tag"}

_WHY = {
    RulingReason.ASKS: "rule {rule} fits first and asks the survey {survey}",
    RulingReason.EXCLUDES: "rule {rule} fits first and asks nobody (ask = false)",
    RulingReason.OUTSIDE_PILOT: "rule {rule} fits first, and the ticket is outside its pilot share",
    RulingReason.SAMPLED_OUT: "rule {rule} fits first and asks one in {sample}; this ticket is not that one",
    RulingReason.ASKED_BEFORE: "rule {rule} fits first and asks once for a ticket, which has been asked about before",
    RulingReason.NO_RULE: "no rule fits, so the settings decide: the survey {survey}",
}

_REASONS = {
    "quarantine": "the customer had been asked lately (survey.quarantine)",
    "excluded": "the rule excludes it",
    "sampled_out": "the rule asks only one in some, and this one was not drawn",
    "deadline": "its closing was longer ago than survey.deadline",
    "quiet_hours": "quiet hours left no moment before the deadline",
    "no_contact": "the customer has no chat in which they could be asked",
    "blocked": "the customer has blocked us",
    "window_closed": "the channel lets us write only for a while after the customer's words",
    "opted_out": "the customer wants no surveys",
    "reopened": "the ticket was opened again",
    "imported": "the closing came by an import, about which nobody is asked",
}

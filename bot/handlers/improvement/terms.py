"""What time brings to a measure: its owner is reminded, it falls overdue, those above are told, it is verified.

Each is one commit with the message to the team, whose id is derived from what caused it, the finding in the version
that fell due: it is told once, whatever happens in between, and once more where the measure is planned anew.
"""

from datetime import timedelta

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.issues.team_messages import called_there
from dialogs.admin.lists import AdminLocale
from dialogs.ids import derive
from dialogs.improvement.machine import FINDING, AnswersAwaited, EscalationDue, MeasureOverdue, ReminderDue
from dialogs.improvement.model import Finding, FindingState, MeasureResult
from dialogs.improvement.team_text import late_message, reminder_message, result_message
from dialogs.messages import Address, Person, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["BY_TIME", "ESCALATE_AFTER", "pass_term", "postpone_verification", "result_messages"]

ESCALATE_AFTER = timedelta(days=3)
"""How long a measure is overdue before the people of `alerts.escalate_to` are called."""
BY_TIME = "huifang"
"""Who did it, in the audit log, where nobody had to."""


def pass_term(context: DecisionContext, finding: str) -> Decision[bool]:
    """Take a measure that is not done over the term that has come; return whether there was one."""
    known = context.snapshot.finding(finding)
    if known is None or known.measure is None or known.look_at is None or not context.has_passed(known.look_at):
        return Decision(Changes(), answer=False)
    is_over, due_at = context.has_passed(known.measure.due_at), known.measure.due_at
    event = {
        FindingState.PLANNED: MeasureOverdue(due_at + ESCALATE_AFTER) if is_over else ReminderDue(),
        FindingState.OVERDUE: EscalationDue(),
    }.get(known.state)
    step = None if event is None else FINDING.step(known, event, context.now)
    if step is None:
        return Decision(Changes(), answer=False)
    after = step.thing
    line = audit_entry(context, BY_TIME, f"measure_{_named(after)}", after.id, str(known.version))
    return Decision(Changes((after, line)) + _term_messages(context, after), answer=True)


def _named(after: Finding) -> str:
    if after.state is FindingState.PLANNED:
        return "reminded"
    return "escalated" if after.escalated_at is not None else "overdue"


def _term_messages(context: DecisionContext, after: Finding) -> Changes:
    measure, admin, named = after.measure, _admin(context), _named(after)
    if measure is None:
        return Changes()
    own = _own_chat(context, measure.owner)
    places = (own,) if own is not None and named == "reminded" else context.policy.team
    told = []
    for place in places:
        people = called_there(context, place) if named == "escalated" else []
        prompt = late_message(after, measure, people, admin)
        if named == "reminded":
            owner = Person(place.chat if place == own else "", measure.owner)
            prompt = replace(reminder_message(after, measure, admin), mentions=owner)
        told.append(_message(context, place, prompt, f"{named}:{after.version}", after))
    return Changes(tuple(told))


def _own_chat(context: DecisionContext, name: str) -> Address | None:
    """Return the chat of somebody on the roster, where people have chats of their own and they have joined from it."""
    member, policy = context.snapshot.member(name), context.policy
    own = next((channel for channel in policy.channels if policy.can(channel).roster), "")
    return Address(own, member.telegram) if member is not None and member.telegram and own else None


def postpone_verification(context: DecisionContext, finding: str, by: timedelta) -> Decision[bool]:
    """Move a verification, while some who were asked in its window may still answer."""
    known = context.snapshot.finding(finding)
    step = None if known is None else FINDING.step(known, AnswersAwaited(context.now + by), context.now)
    return Decision(Changes() if step is None else Changes((step.thing,)), step is not None)


def result_messages(context: DecisionContext, after: Finding, result: MeasureResult) -> Changes:
    """Return what the team's chats are told of what came of a measure."""
    prompt = result_message(after, result, len(context.snapshot.voices(after.id)), _admin(context))
    what = f"result:{len(after.results)}"
    return Changes(tuple(_message(context, place, prompt, what, after) for place in context.policy.team))


def _message(context: DecisionContext, place: Address, prompt: Prompt, what: str, finding: Finding) -> OutboxMessage:
    shown = prompt if context.policy.can(place.channel).buttons else _written(prompt)
    return message_to_team(context, place, shown, derive("out", finding.id, what, place.channel, place.chat))


def _written(prompt: Prompt) -> Prompt:
    """Return a message for a chat without buttons: the command stands in the text."""
    return replace(prompt, text="\n".join(filter(None, (prompt.text, prompt.typed))), rows=(), typed="")


def _admin(context: DecisionContext) -> AdminLocale:
    policy = context.policy
    return AdminLocale(policy.phrases, policy.team_speaks, policy.timezone)

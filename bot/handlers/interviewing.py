"""A move of an interview becomes rows: the interview, its answers, the message that shows it, perhaps an issue."""

from datetime import datetime, timedelta

from bot.handlers.raising import Said, raise_issues
from bot.handlers.scene import Scene
from dialogs.ids import derive
from dialogs.interview import INTERVIEW
from dialogs.interview_events import HandedOver, Hint, Mumbled, Shown, Withdrawn
from dialogs.interviews import Interview, Talk
from dialogs.invitation import Invitation
from dialogs.messages import Prompt
from dialogs.showing import Greeting, show
from scoring.values import replace
from storage.changes import Cancel, Changes
from storage.records import AnswerLog, OutboxMessage, Purpose

__all__ = ["advance", "survey_message", "withdraw"]

_LAST_WORDS_WITHIN = timedelta(hours=24)
"""How long the farewell of a finished interview may wait for the channel; later it would only puzzle."""


def advance(scene: Scene, interview: Interview, event: object, cause: str) -> Changes | None:
    """Move an interview and write down what follows; None where the event means nothing to it now.

    `cause` names what was heard, so that the same thing heard twice writes the same rows.
    """
    step = INTERVIEW.step(interview, event, Talk(scene.policy.surveys[interview.survey], scene.now))
    if step is None:
        return None
    log = _log(interview, step.thing, scene.now, cause)
    moved = replace(step.thing, logged=interview.logged + len(log)) if log else step.thing
    handed = any(isinstance(effect, HandedOver) for effect in step.effects)
    said = Said(cause, event.text if isinstance(event, Mumbled) else "", handed)
    moved, raised = raise_issues(scene, interview, moved, said)
    changes = Changes(log) + raised
    for effect in (effect for effect in step.effects if isinstance(effect, Shown)):
        message = survey_message(scene, moved, effect.hint, cause, afresh=effect.afresh)
        moved = replace(moved, message=message.id, shown="") if message.edits is None else moved
        changes += Changes((message,))
    return changes + Changes((moved, *_arrived(scene, moved, log)))


def _arrived(scene: Scene, interview: Interview, log: tuple[AnswerLog, ...]) -> tuple[Invitation, ...]:
    """Whoever answers has been asked, even where a crash kept the sending from being noted."""
    invitation = scene.snapshot.invitation(interview.invitation) if log else None
    return () if invitation is None or invitation.sent_at else (replace(invitation, sent_at=scene.now),)


def withdraw(scene: Scene, interview: Interview) -> Changes:
    """Take back an unfinished interview; empty when it was finished."""
    changes = advance(scene, interview, Withdrawn(), cause="withdrawn")
    if changes is None:
        return Changes()
    return Changes(cancels=(Cancel((Purpose.SURVEY, Purpose.REMINDER, Purpose.REPLY), about=interview.id),)) + changes


def survey_message(
    scene: Scene,
    interview: Interview,
    hint: Hint,
    cause: str,
    *,
    afresh: bool = False,
) -> OutboxMessage:
    """Show the interview as it stands: an edit of its message, or a new message where there is none or `afresh`."""
    edits = interview.message if interview.message and not afresh else None
    return OutboxMessage(
        id=derive("out", "show", interview.id, cause),
        channel=interview.channel,
        chat=interview.chat,
        purpose=Purpose.REMINDER if hint is Hint.REMINDER else Purpose.REPLY,
        prompt=_prompt(scene, interview, hint),
        created_at=scene.now,
        not_before=scene.now,
        customer=interview.customer,
        about=interview.id,
        edits=edits,
        receipt=interview.shown if edits else "",
        obeys_opt_out=hint is Hint.REMINDER or not interview.message,
        expires_at=max(interview.expires_at, scene.now + _LAST_WORDS_WITHIN),
    )


def _prompt(scene: Scene, interview: Interview, hint: Hint) -> Prompt:
    invitation = scene.snapshot.invitation(interview.invitation)
    ticket = scene.snapshot.ticket(invitation.source, invitation.ticket) if invitation else None
    customer = scene.snapshot.customer(interview.customer)
    greeting = Greeting(
        name=customer.name if customer else "",
        subject=ticket.subject if ticket else "",
        agent=invitation.agent_name if invitation else "",
    )
    return show(interview, scene.policy.surveys[interview.survey], scene.policy.phrases, greeting, hint)


def _log(before: Interview, after: Interview, now: datetime, cause: str) -> tuple[AnswerLog, ...]:
    """Write every rating, remark and comment that is new or different; nothing written is ever rewritten."""
    old = {answer.question: (answer.value, answer.text) for answer in before.answers}
    new = {answer.question: (answer.value, answer.text) for answer in after.answers}
    said: list[tuple[str, int | None, str | None]] = [
        (question, *pair) for question, pair in new.items() if old.get(question) != pair
    ]
    if after.comment != before.comment:
        said.append(("comment", None, after.comment))
    return tuple(
        AnswerLog(after.id, after.logged + place, question, value, text, now, cause)
        for place, (question, value, text) in enumerate(said)
    )

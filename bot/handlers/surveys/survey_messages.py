"""The messages that show an interview in its chat: the newest one, the one above it, and those in doubt."""

from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_customer
from bot.signed_links import LinkPurpose as Opens
from dialogs.ids import derive
from dialogs.interview.events import Hint
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show, summary
from dialogs.interview.model import Interview, InterviewState, SurveyMessage, step_of
from dialogs.invitation.feedback import is_feedback
from dialogs.messages import Link, Prompt
from scoring.values import replace
from storage.model.records import Contact, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes

__all__ = [
    "above_left_behind",
    "arrived",
    "greeting_of",
    "left_behind",
    "newest_message",
    "pressed_on",
    "reminded",
    "shown_above",
    "shown_nowhere",
    "survey_message",
    "without_buttons",
]

_LAST_WORDS_WITHIN = timedelta(hours=24)
"""How long the last message of a finished interview may wait for its channel."""


def survey_message(
    context: DecisionContext,
    interview: Interview,
    hint: Hint,
    cause: str,
    *,
    afresh: bool = False,
) -> OutboxMessage:
    """Return the message that shows the interview: an edit, or a new one where there is none or `afresh`."""
    is_edit = interview.message and not afresh and context.policy.can(interview.channel).edits
    edits = interview.message if is_edit else None
    message = message_to_customer(
        context,
        Contact(interview.customer, interview.channel, interview.chat),
        Purpose.REMINDER if hint is Hint.REMINDER else Purpose.REPLY,
        _prompt(context, interview, hint),
        message_id=derive("out", "show", interview.id, cause),
        about=interview.ref,
        expires_at=max(interview.expires_at, context.now + _LAST_WORDS_WITHIN),
    )
    obeys = hint is Hint.REMINDER or not interview.message or interview.state is InterviewState.EXPIRED
    return replace(message, edits=edits, receipt=interview.shown if edits else "", obeys_opt_out=obeys)


def shown_above(context: DecisionContext, interview: Interview, doubted: OutboxMessage) -> Changes:
    """Note that the interview's newest message is in doubt or lost, and show the step in the one above, if any.

    A new message is not sent twice, but an edit of another does no harm, where that is known to have arrived.
    """
    if interview.message != doubted.id:
        return Changes()
    if not interview.above or not context.policy.can(interview.channel).edits:
        return Changes((replace(interview, doubted=doubted.id),))
    was = interview.above
    above = replace(interview, message=was.id, shown=was.shown, above=None, doubted=doubted.id)
    edit = survey_message(context, above, Hint.NONE, f"doubt:{doubted.id}")
    return Changes((above, replace(edit, prompt=replace(edit.prompt, only_edits=True))))


def newest_message(interview: Interview) -> SurveyMessage | None:
    """Return the message that shows the interview, as the one above is kept."""
    return SurveyMessage(interview.message, interview.shown) if interview.message else None


def shown_nowhere(interview: Interview, edit: OutboxMessage) -> Changes:
    """Note that the interview's message may never have arrived, where it was found that there is nothing to `edit`."""
    if interview.message != edit.edits:
        return Changes()
    return Changes((replace(interview, doubted=interview.message),))


def pressed_on(interview: Interview, step: str, pressed: str) -> tuple[Interview, str]:
    """Return the interview as a press shows it, and the chat's id of a message that is to lose its buttons, or "".

    `pressed` is the chat's id of the message under whose button of `step` somebody pressed.
    """
    if pressed in ("", interview.shown):
        return interview, ""
    if not (interview.shown and (interview.above or interview.doubted)):
        # A button of an earlier step stands on a message above: the newest is the one that shows where it stands.
        is_newest = not interview.above or step in (interview.at, step_of(interview), "")
        return (replace(interview, shown=pressed) if is_newest else interview), ""
    if interview.above:
        return interview, pressed
    arrived_after_all = replace(
        interview, message=interview.doubted, above=newest_message(interview), doubted="", shown=pressed
    )
    return arrived_after_all, interview.shown


def without_buttons(context: DecisionContext, interview: str, other: str, cause: str) -> Changes:
    """Take the buttons from the message with this id in the chat, which is not the one that shows the interview."""
    moved = context.snapshot.interview(interview)
    if moved is None or not moved.message or not other:
        return Changes()
    above = replace(moved, message=moved.above.id if moved.above else moved.doubted, shown=other)
    return Changes((left_behind(context, above, cause),))


def arrived(context: DecisionContext, interview: Interview, message: str, receipt: str) -> Changes:
    """Note the newest message's id in the chat, by which a press on another one is known.

    Where another was pressed before, the step is shown in the newest, and the other loses its buttons.
    """
    has_others = bool(interview.above or interview.doubted) and context.policy.can(interview.channel).edits
    if interview.message != message or interview.shown == receipt or not has_others:
        return Changes()
    known = Changes((replace(interview, shown=receipt),))
    if not interview.shown:
        return known
    cause = f"arrived:{message}"
    known += Changes((survey_message(context, replace(interview, shown=receipt), Hint.NONE, cause),))
    return known + without_buttons(context.after(known), interview.id, interview.shown, cause)


def reminded(context: DecisionContext, interview: Interview, reminder: OutboxMessage) -> Changes:
    """Take the buttons from the message above a reminder that arrived, which has them as well."""
    if interview.message != reminder.id or interview.above is None or not context.policy.can(interview.channel).edits:
        return Changes()
    return Changes((above_left_behind(context, interview, f"reminded:{reminder.id}"),))


def above_left_behind(context: DecisionContext, interview: Interview, cause: str) -> OutboxMessage:
    """Return the edit that takes the buttons from the message above the newest one."""
    was = interview.above or SurveyMessage(interview.message, interview.shown)
    return left_behind(context, replace(interview, message=was.id, shown=was.shown), cause)


def left_behind(context: DecisionContext, interview: Interview, cause: str) -> OutboxMessage:
    """Return the edit that takes the buttons from the message above and leaves the summary there.

    It follows the new message in the chat's order, and goes nowhere where the one above was never known to arrive.
    """
    survey, greeting = context.policy.survey_version(interview.survey), greeting_of(context, interview)
    message = message_to_customer(
        context,
        Contact(interview.customer, interview.channel, interview.chat),
        Purpose.REPLY,
        summary(interview, survey, context.policy.phrases, greeting),
        message_id=derive("out", "above", interview.id, cause),
        about=interview.ref,
        expires_at=context.now + _LAST_WORDS_WITHIN,
    )
    return replace(message, edits=interview.message, receipt=interview.shown, obeys_opt_out=False)


def _prompt(context: DecisionContext, interview: Interview, hint: Hint) -> Prompt:
    greeting = greeting_of(context, interview)
    prompt = show(interview, context.policy.survey_version(interview.survey), context.policy.phrases, greeting, hint)
    return (
        replace(prompt, link=_page(context, interview)) if context.policy.can(interview.channel).page_links else prompt
    )


def greeting_of(context: DecisionContext, interview: Interview) -> Greeting:
    """Return whom and what an interview is about, and who asks."""
    invitation = context.snapshot.invitation(interview.invitation)
    ticket = context.snapshot.ticket(invitation.source, invitation.ticket) if invitation else None
    customer = context.snapshot.customer(interview.customer)
    return Greeting(
        name=customer.name if customer else "",
        subject=ticket.subject if ticket and ticket.customer == interview.customer else "",
        agent=invitation.agent_name if invitation else "",
        company=context.policy.privacy.company,
        policy=context.policy.privacy.url,
        is_feedback=invitation is not None and is_feedback(invitation),
    )


def _page(context: DecisionContext, interview: Interview) -> Link | None:
    """Return the link to the survey page for the first message and the reminder, None for later ones."""
    if interview.state is not InterviewState.INVITED:
        return None
    url = context.policy.links.url(Opens.SURVEY, interview.id, interview.expires_at)
    return Link(context.policy.phrases.say(interview.locale, "button.page"), url)

"""The messages that show an interview in its chat: the newest one, the one above it, and those in doubt."""

from collections.abc import Iterator
from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_customer
from bot.signed_links import LinkPurpose as Opens
from dialogs.ids import derive
from dialogs.interview.events import Hint
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show, summary
from dialogs.interview.model import Interview, InterviewState, SurveyMessage
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
    "shown_where_pressed",
    "survey_message",
    "without_buttons",
]

_LAST_WORDS_WITHIN = timedelta(hours=24)
"""How long the last message of a finished interview may wait for its channel."""
_KEPT = 5
"""Messages kept above one that is not known to be there, while the customer writes and nothing is known to arrive."""


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

    A new message is not sent twice, but an edit of another does no harm, where that is known to have arrived. A message
    that was pressed on is there, whatever became of the answer to its sending.
    """
    if interview.message != doubted.id or interview.shown:
        return Changes()
    return _one_up(context, interview, doubted.id, doubted.id)


def shown_nowhere(context: DecisionContext, interview: Interview, edit: OutboxMessage) -> Changes:
    """Show the step one message further up, where it was found that there is nothing to `edit`."""
    if interview.message != edit.edits or interview.shown:
        return Changes()
    return _one_up(context, interview, edit.id, interview.doubted or interview.message)


def _one_up(context: DecisionContext, interview: Interview, lost: str, doubted: str) -> Changes:
    if not interview.above or not context.policy.can(interview.channel).edits:
        return Changes((replace(interview, doubted=doubted),))
    moved = _shown_in(interview, interview.above, doubted)
    edit = survey_message(context, moved, Hint.NONE, f"doubt:{lost}")
    return Changes((moved, replace(edit, prompt=replace(edit.prompt, only_edits=True))))


def newest_message(interview: Interview) -> SurveyMessage | None:
    """Return the message that shows the interview, as the one above is kept.

    Those further up are kept with it while it is not known to be there.
    """
    if not interview.message:
        return None
    return SurveyMessage(interview.message, interview.shown, None if interview.shown else _cut(interview.above, _KEPT))


def _cut(message: SurveyMessage | None, most: int) -> SurveyMessage | None:
    return None if message is None or not most else replace(message, above=_cut(message.above, most - 1))


def _shown_in(interview: Interview, message: SurveyMessage, doubted: str) -> Interview:
    return replace(interview, message=message.id, shown=message.shown, above=message.above, doubted=doubted)


def pressed_on(interview: Interview, pressed: str) -> tuple[Interview, str]:
    """Return the interview as a press shows it, and the chat's id of a message that is to lose its buttons, or "".

    `pressed` is the chat's id of the message under whose button somebody pressed: that one is there. The step is shown
    in it, unless a newer one is known to be there as well.
    """
    if pressed in ("", interview.shown) or not interview.message:
        return interview, ""
    if not interview.shown or interview.doubted:
        found = _found(interview, pressed)
        doubted = interview.doubted or interview.message
        return _shown_in(interview, found, "" if doubted == found.id else doubted), interview.shown
    return (interview, pressed) if interview.above else (replace(interview, shown=pressed), "")


def shown_where_pressed(context: DecisionContext, found: Interview, changes: Changes, cause: str) -> Changes:
    """Show the step in the message pressed, which `found` was not shown in before, where a press changes nothing."""
    moved = context.snapshot.interview(found.id)
    is_shown = any(isinstance(one, OutboxMessage) and one.about == found.ref for one in changes.records)
    if moved is None or not moved.message or is_shown:
        return Changes()
    return Changes((survey_message(context, moved, Hint.NONE, f"{cause}:pressed"),))


def _found(interview: Interview, pressed: str) -> SurveyMessage:
    """Return the message with this id in the chat; where it may be one or another, it has no row of its own."""
    if not interview.above and interview.doubted in ("", interview.message):
        return SurveyMessage(interview.message, pressed)
    named = (one for one in _above(interview) if one.shown == pressed)
    return next(named, SurveyMessage(_row_of(interview, pressed), pressed, interview.above))


def _above(interview: Interview) -> Iterator[SurveyMessage]:
    above = interview.above
    while above is not None:
        yield above
        above = above.above


def _row_of(interview: Interview, shown: str) -> str:
    """Return the outbox id by which a message is edited of which only the id in the chat is known."""
    named = (one.id for one in _above(interview) if one.shown == shown)
    return next(named, derive("out", "pressed", interview.channel, interview.chat, shown))


def without_buttons(context: DecisionContext, interview: str, other: str, cause: str) -> Changes:
    """Take the buttons from the message with this id in the chat, which is not the one that shows the interview."""
    moved = context.snapshot.interview(interview)
    if moved is None or not moved.message or not other:
        return Changes()
    return Changes((left_behind(context, replace(moved, message=_row_of(moved, other), shown=other), cause),))


def arrived(context: DecisionContext, interview: Interview, message: str, receipt: str) -> Changes:
    """Note the newest message's id in the chat, by which a press on another one is known.

    Where another was pressed before, the step is shown in the newest, and the other loses its buttons.
    """
    has_others = bool(interview.above or interview.doubted) and context.policy.can(interview.channel).edits
    if not has_others or message not in (interview.message, interview.doubted):
        return Changes()
    is_awaited, other = message != interview.message, interview.shown
    if not is_awaited and other == receipt:
        return Changes()
    above = newest_message(interview) if is_awaited and other != receipt else interview.above
    doubted = "" if message == interview.doubted else interview.doubted
    moved = _shown_in(interview, SurveyMessage(message, receipt, above), doubted)
    known = Changes((moved,))
    if other == receipt or not (other or is_awaited):
        return known
    cause = f"arrived:{message}"
    known += Changes((survey_message(context, moved, Hint.NONE, cause),))
    return known + without_buttons(context.after(known), interview.id, other, cause)


def reminded(context: DecisionContext, interview: str, reminder: OutboxMessage) -> Changes:
    """Take the buttons from the message above a reminder that arrived, which has them as well."""
    now = context.snapshot.interview(interview)
    if now is None or now.message != reminder.id or now.above is None or not context.policy.can(now.channel).edits:
        return Changes()
    return Changes((above_left_behind(context, now, f"reminded:{reminder.id}"),))


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

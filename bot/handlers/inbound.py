"""The decision about an inbound message of any channel; its inbox row is in the same commit.

A message goes to the first of `_HANDLERS` that it is for; what a button or a command does stands in tables.

Before: the channel's webhook or poller checks secret and size, and its `parse` makes an `Inbound` (on Telegram
`bot/channels/telegram/inbound/`: `webhook.py`, `poll.py`, `parse.py`); `bot/receiver.py` asks `needs` for the rows and
has the writer call `handle_inbound` within the next commit; only then is the delivery acknowledged.

A press on a survey's button goes `_handle_customer`, `_survey_button`, then `advance` in
`bot/handlers/surveys/interview.py`. It is checked on the way, in this order: a delivery whose key is known is
acknowledged and changes nothing (`handle_inbound`); an interview that is not there or belongs to another chat's
customer answers "not yours" (`_survey_button`). Then the table of `dialogs/interview/machine.py`: an earlier question
with another value is a correction and is stored, also after the end until the interview expires; with the same value
it has a row that changes nothing while the interview runs, and none once it is completed. Without a row (besides: a
question not yet asked, a value off the scale, an interview that is over otherwise) the answer is "already answered".
Of two presses in one batch the later decision sees what the earlier one changed.

After: the commit writes the interview, its log, the message and what alerts follow (`bot/handlers/issues/alerts.py`);
`bot/process/after_commit.py` wakes the sender and the scheduler.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.handlers.admin.private_messages import opens_own_chat, released_in_own_chat
from bot.handlers.admin.router import admin_needs, handle_admin
from bot.handlers.common.chat_migration import migration_note
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import NOTHING, QueryResults
from bot.handlers.common.turn import TurnContext, people_in
from bot.handlers.customers.binding import bind_chat, chat_blocked, chat_unblocked
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.customers.commands import choose_language, handle_command
from bot.handlers.customers.consent import opt_out_unread, press_stop
from bot.handlers.customers.typed_words import take_rewording, take_typed
from bot.handlers.customers.unprompted import take_unprompted
from bot.handlers.issues.customer_answers import take_answer_to_team
from bot.handlers.issues.team_chat import handle_team
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.verdicts import take_verdict, typed_verdict
from bot.handlers.surveys.interview import advance
from bot.handlers.surveys.survey_messages import pressed_on, shown_where_pressed, without_buttons
from bot.handlers.team_findings.finding_router import handle_findings, talk_needs
from bot.ports import InboundResult
from dialogs.ids import Ref, RefKind, ref_of
from dialogs.interview import events as ev
from dialogs.interview.model import Interview
from dialogs.invitation.feedback import FEEDBACK
from dialogs.issue.card_text import numbers_in
from dialogs.messages import Address, Granted, Inbound, Joined, Left, Said, Tap, Text, Verb
from dialogs.understanding.commands import LONGEST_TEXT, Command, bare_word, command
from scoring.values import replace
from storage.model.known_deliveries import is_in_span, span_key
from storage.model.note_keys import SURVEYS_PAUSED, migration_key
from storage.model.records import InboxOutcome, InboxRow, IssueEvent, OutboxMessage
from storage.unit_of_work.changes import Acknowledgement, Changes, Record
from storage.unit_of_work.needs import Needs, needs_of
from storage.unit_of_work.writer import Decision

__all__ = ["failed_inbound", "handle_inbound", "needs", "stop_anyway"]

_REPEATED_WITHIN = timedelta(minutes=1)
"""How long a platform repeats a delivery whose key has changed: WeChat does three times, after five seconds each
(developers.weixin.qq.com, receiving standard messages)."""

_LAST_MESSAGE_LAG = timedelta(hours=1)
"""How far the stored time of a chat's last message may lag: exact enough to prefer a chat, and it saves most writes."""


def needs(inbound: Inbound, policy: Policy) -> Needs:
    """Return the need for the chat and for what the message is about."""
    mine = Needs(inbox=_known_by(inbound, policy), addresses=frozenset({inbound.place})) | talk_needs(inbound, policy)
    as_admin = admin_needs(inbound, policy)
    if as_admin is not None:
        mine |= as_admin
    if inbound.place in policy.team:
        mine |= Needs(roster=True)
    elif policy.can(inbound.place.channel).reply_window is not None or opens_own_chat(inbound, policy):
        mine |= Needs(windows=frozenset({inbound.place}))
    if inbound.moved_to:
        mine |= Needs(notes=frozenset({migration_key(inbound.place)}))
    if not isinstance(inbound.said, Tap):  # who joins or writes may be asked at once
        mine |= Needs(notes=frozenset({SURVEYS_PAUSED}))
    match inbound.said:
        case Tap(about=Ref(RefKind.ISSUE) as issue) as tap:
            return mine | needs_of(issue) | _of_an_issue(inbound, tap, policy)
        case Tap(about=Ref() as about):
            return mine | needs_of(about)
        case Text(replies_to=message, quoted=quoted) if message:
            may_be_team = Needs(roster=policy.can(inbound.place.channel).roster)
            return mine | may_be_team | _answered(inbound.place, message, quoted)
        case Joined(token=token) if token:
            return mine | Needs(tokens=frozenset({token_hash(token)}))
        case _:
            return mine


def _answered(place: Address, message: str, quoted: str) -> Needs:
    """Return the need for the message that somebody answered; `quoted` are its words, where it is known to be ours."""
    key = (place.channel, place.chat, message)
    found = frozenset({(*key, tuple(numbers_in(quoted)))} if quoted else ())
    return Needs(receipts=frozenset({key}), quoted=found)


def _of_an_issue(inbound: Inbound, tap: Tap, policy: Policy) -> Needs:
    """Return the need for what a press may change besides the issue.

    The team's may be on a copy of the card, which is edited then, or name another issue, to merge into.
    """
    calls = call_needs(policy, inbound.at)
    if tap.verb in (Verb.SOLVED, Verb.NOT_SOLVED):
        return calls
    pressed = (inbound.place.channel, inbound.place.chat, inbound.message)
    is_edited = bool(tap.value) or tap.verb is Verb.MERGE
    return calls | needs_of(ref_of(tap.step)) | Needs(roster=True, receipts=frozenset({pressed} if is_edited else ()))


def _known_by(inbound: Inbound, policy: Policy) -> frozenset[str]:
    """Return the keys of inbox rows by which a delivery may be known."""
    own = {inbound.key, inbound.former_key or inbound.key}
    channel = inbound.place.channel
    return frozenset({*own, span_key(channel)} if policy.can(channel).numbered else own)


def handle_inbound(  # noqa: PLR0913 (each is needed, and none belongs to another)
    context: DecisionContext,
    inbound: Inbound,
    door: str,
    raw: bytes,
    found: QueryResults = NOTHING,
    *,
    is_kept: bool = False,
) -> Decision[InboundResult]:
    """Decide about an inbound message; the same key again changes nothing and is acknowledged again.

    `found` was queried before, for an admin's command; what `is_kept` as failed is no repetition of something deleted.
    """
    before = context.snapshot.inbox_row(inbound.key)
    is_known = not is_kept and _is_gone(context, inbound) if before is None else before.outcome is InboxOutcome.DONE
    if is_known:
        return Decision(_acknowledged(inbound), InboundResult.REPEATED)
    former = _former(context, inbound)
    if former is not None:
        return Decision(Changes((replace(former, key=inbound.key),)) + _acknowledged(inbound), InboundResult.REPEATED)
    is_shown = context.policy.can(inbound.place.channel).simulated
    turn = TurnContext(context, inbound, people_in(context, inbound))
    decided = _in_its_topic(inbound, _decide(turn, found))
    is_content = is_shown or _is_kept_nowhere_else(turn, decided)
    changes = Changes((InboxRow(inbound.key, door, raw if is_content else b"", context.now),)) + decided
    is_answered = not inbound.callback or changes.acknowledgements
    return Decision(changes if is_answered else changes + _acknowledged(inbound), InboundResult.NEW)


def _in_its_topic(inbound: Inbound, changes: Changes) -> Changes:
    """Return changes whose new messages to this chat appear in the topic in which it was said."""
    if not inbound.topic:
        return changes
    return replace(changes, records=tuple(_belonging(one, inbound) for one in changes.records))


def _belonging(record: Record, inbound: Inbound) -> Record:
    if not isinstance(record, OutboxMessage) or record.address != inbound.place or record.edits is not None:
        return record
    return replace(record, prompt=replace(record.prompt, topic=inbound.topic))


def _is_kept_nowhere_else(turn: TurnContext, decided: Changes) -> bool:
    """Return whether a customer's words stand in no response and no issue, so that only the delivery holds them."""
    talks = [record for record in decided.records if isinstance(record, Interview)]
    is_anonymous = any(turn.policy.survey_version(talk.survey).anonymous for talk in talks)
    is_bare = bool(talks) and len(turn.words) <= _BARE_ANSWER
    if not (turn.words and turn.people) or command(turn.words) is not None or is_bare or is_anonymous:
        return False
    texts = (text for record in decided.records for text in _texts_of(record))
    return len(turn.words) >= LONGEST_TEXT or not any(turn.words in text for text in texts)  # what is longer was cut


def _texts_of(record: Record) -> tuple[str, ...]:
    if isinstance(record, Interview):
        return record.texts
    return (record.text or "",) if isinstance(record, IssueEvent) else ()


_BARE_ANSWER = 4
"""The longest text, in characters, that is nothing but an answer when it is read as one: a number, a scale's word."""


def _is_gone(context: DecisionContext, inbound: Inbound) -> bool:
    """Return whether it was received so long ago that its row is deleted, where the channel numbers deliveries."""
    return is_in_span(context.snapshot.inbox_row(span_key(inbound.place.channel)), inbound.key, context.now)


def _former(context: DecisionContext, inbound: Inbound) -> InboxRow | None:
    """Return the row by which an earlier version knows this delivery, where the platform still repeats it.

    The older key is not unique, so that a row which has lain longer belongs to another delivery.
    """
    row = context.snapshot.inbox_row(inbound.former_key) if inbound.former_key else None
    is_done = row is not None and row.outcome is InboxOutcome.DONE
    return row if row is not None and is_done and context.now - row.received_at < _REPEATED_WITHIN else None


def failed_inbound(inbound: Inbound, door: str, raw: bytes, why: str) -> InboxRow:
    """Return the inbox row of a message whose decision raised; it is decided again at the next start."""
    return InboxRow(inbound.key, door, raw, inbound.at, InboxOutcome.FAILED, why=why)


def stop_anyway(context: DecisionContext, inbound: Inbound, failed: InboxRow, *, confirms: bool) -> Changes:
    """Record an opt-out whose decision `failed` (`opt_out_unread`), and do not decide it again at the next start.

    The delivery is kept where it was said in own words.
    """
    is_said = isinstance(inbound.said, Text) and command(inbound.said.text) is None
    raw = failed.raw if is_said else b""
    row = InboxRow(inbound.key, failed.door, raw, context.now, why=failed.why)
    return Changes((row,)) + opt_out_unread(context, inbound, confirms=confirms) + _acknowledged(inbound)


def _decide(turn: TurnContext, found: QueryResults) -> Changes:
    """Return what the first handler decides that the message is for; the others return None."""
    handled = (handle(turn, found) for handle in _HANDLERS)
    return next((changes for changes in handled if changes is not None), Changes())


def _handle_platform(turn: TurnContext, _found: QueryResults) -> Changes | None:
    """Record the new id of a group that was upgraded."""
    if not turn.inbound.moved_to:
        return None
    return Changes((migration_note(turn.snapshot, turn.place, turn.inbound.moved_to, turn.context.now),))


def _handle_elsewhere(turn: TurnContext, _found: QueryResults) -> Changes | None:
    """Keep silent in a group that is not the team's; only a press is answered, to whoever pressed."""
    if not turn.policy.is_elsewhere(turn.place):
        return None
    return turn.toast("not_yours") if isinstance(turn.inbound.said, Tap) else Changes()


def _handle_customer(turn: TurnContext, _found: QueryResults) -> Changes | None:
    taken = _last_chat(turn) + _KINDS[type(turn.inbound.said)](turn, turn.inbound.said)
    return taken + released_in_own_chat(turn)


_HANDLERS: tuple[Callable[[TurnContext, QueryResults], Changes | None], ...] = (
    _handle_platform,
    _handle_elsewhere,
    handle_findings,
    handle_admin,
    handle_team,
    _handle_customer,
)


# -- buttons ---------------------------------------------------------------------------------------------------------


def _survey_button(turn: TurnContext, tap: Tap) -> Changes:
    """Answer a survey's question; a forged or outdated press changes nothing and is answered."""
    interview = turn.snapshot.interview(tap.subject)
    if interview is None or interview.customer not in {customer.id for customer in turn.people}:
        return _not_yours(turn, tap)
    found, other = pressed_on(interview, turn.inbound.message if turn.can_edit else "")
    changes = advance(turn.context, found, _EVENTS[tap.verb](tap), turn.key)
    is_elsewhere = found.message != interview.message
    if changes is None:
        changes = turn.toast_or_reply("already_answered")
        if not is_elsewhere:
            return changes
        changes += Changes((found,))
    if is_elsewhere:
        changes += shown_where_pressed(turn.context.after(changes), found, changes, turn.key)
    return changes + without_buttons(turn.context.after(changes), interview.id, other, turn.key) if other else changes


_EVENTS: Mapping[Verb, Callable[[Tap], object]] = {
    Verb.RATE: lambda tap: ev.Rated(tap.step, tap.value),
    Verb.WEIGH: lambda tap: ev.Weighed(tap.step, tap.value),
    Verb.NO_IMPORTANCE: lambda tap: ev.ImportanceDeclined(tap.step),
    Verb.CLARIFY: lambda tap: ev.Clarified(is_meant=bool(tap.value)),
    Verb.REASON: lambda tap: ev.ReasonGiven(tap.step, tap.value),
    Verb.SKIP: lambda tap: ev.Skipped(tap.step),
    Verb.BACK: lambda tap: ev.Back(tap.step),
    Verb.UNDO: lambda _tap: ev.Undone(),
}


def _verdict_button(turn: TurnContext, tap: Tap) -> Changes:
    return take_verdict(turn, tap) or _not_yours(turn, tap)


def _language_button(turn: TurnContext, tap: Tap) -> Changes:
    return choose_language(turn, turn.phrases.locale(tap.step))


def _command_button(command: Command) -> Callable[[TurnContext, Tap], Changes]:
    """Return what a button does that stands for a typed command."""
    return lambda turn, _tap: handle_command(turn, command)


def _not_yours(turn: TurnContext, _tap: Tap) -> Changes:
    return turn.toast_or_reply("not_yours")


_BUTTONS: Mapping[Verb, Callable[[TurnContext, Tap], Changes]] = {
    Verb.RATE: _survey_button,
    Verb.WEIGH: _survey_button,
    Verb.NO_IMPORTANCE: _survey_button,
    Verb.CLARIFY: _survey_button,
    Verb.REASON: _survey_button,
    Verb.SKIP: _survey_button,
    Verb.BACK: _survey_button,
    Verb.UNDO: _survey_button,
    Verb.SOLVED: _verdict_button,
    Verb.NOT_SOLVED: _verdict_button,
    Verb.LANGUAGE: _language_button,
    Verb.STOP: lambda turn, tap: press_stop(turn, tap.step),
    Verb.RESUME: _command_button(Command.RESUME),
    Verb.FORGET: _command_button(Command.DO_FORGET),
    Verb.KEEP: _command_button(Command.DO_KEEP),
}


# -- words -----------------------------------------------------------------------------------------------------------


def _said(turn: TurnContext, text: Text) -> Changes:
    """Take words as the first that fits: a command, an answer to the team, an answer to the survey, unprompted."""
    if text.edited:
        reworded = take_rewording(turn, text)
        return _said(turn, replace(text, edited=False)) if reworded is None else reworded
    wanted = command(text.text)
    if wanted is not None:
        return handle_command(turn, wanted)
    interview = _addressed(turn)
    is_nothing = interview is not None and bare_word(text.text) in turn.policy.lexicon.nothing
    verdict = None if is_nothing else typed_verdict(turn, text.text)
    if verdict is not None:
        return verdict
    answered = take_answer_to_team(turn, text, interview)
    if answered is not None:
        return answered
    taken = take_typed(turn, text, interview)
    return take_unprompted(turn, text) if taken is None else taken


def _addressed(turn: TurnContext) -> Interview | None:
    """Return the interview that words belong to: the one replied to, else the one asked last."""
    interviews = [i for customer in turn.people for i in turn.snapshot.open_interviews(customer.id)]
    replied = (interview for interview in interviews if turn.answers(interview))
    newest = max(interviews, key=lambda i: (i.asked_at, i.id), default=None)
    return next(replied, newest)


# -- chats -----------------------------------------------------------------------------------------------------------


def _pressed(turn: TurnContext, tap: Tap) -> Changes:
    return _BUTTONS.get(tap.verb, _not_yours)(turn, tap)


def _joined(turn: TurnContext, joined: Joined) -> Changes:
    if joined.token == FEEDBACK:
        return handle_command(turn, Command.FEEDBACK)
    return bind_chat(turn, joined.token) if joined.token else chat_unblocked(turn)


def _left(turn: TurnContext, _left: Left) -> Changes:
    return chat_blocked(turn)


def _granted(_turn: TurnContext, _granted: Granted) -> Changes:
    return Changes()  # the channel's own quota counts it (`MessageQuota` in bot/ports.py)


_KINDS: Mapping[type[Said], Callable[[TurnContext, Any], Changes]] = {
    Tap: _pressed,
    Text: _said,
    Joined: _joined,
    Left: _left,
    Granted: _granted,
}


def _last_chat(turn: TurnContext) -> Changes:
    """Record in which chat a customer spoke last: the next question goes there."""
    if isinstance(turn.inbound.said, Left | Joined):
        return Changes()
    now = turn.inbound.at
    contacts = turn.snapshot.contacts_at(turn.place)
    stale = (c for c in contacts if c.last_received_at is None or c.last_received_at < now - _LAST_MESSAGE_LAG)
    return Changes(tuple(replace(contact, last_received_at=now) for contact in stale))


def _acknowledged(inbound: Inbound) -> Changes:
    """Stop the waiting sign on a pressed button."""
    if not inbound.callback:
        return Changes()
    return Changes(acknowledgements=(Acknowledgement(inbound.place.channel, inbound.callback),))

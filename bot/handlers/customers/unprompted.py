"""Words of a customer that answer neither a survey nor a question of the team."""

from collections.abc import Mapping

from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.binding import ask_waiting
from bot.handlers.issues.alerts import raise_from_words, raise_in_issue
from bot.handlers.issues.customer_answers import media_in_words, reply_to_media
from bot.handlers.issues.team_messages import customer_wrote_messages
from bot.handlers.issues.transitions import latest_of, move
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import HandoverReason
from dialogs.interview.model import Interview, KeptWords
from dialogs.issue.events import CustomerWrote, MoreFound
from dialogs.issue.model import WITH_THE_TEAM, IssueKind
from dialogs.issue.reasons import PersonWanted
from dialogs.messages import Text
from dialogs.understanding.lexicon import Intent
from dialogs.understanding.read import complains, is_small_talk, wish
from scoring.rules import alert_words
from scoring.values import replace
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes

__all__ = ["take_unprompted"]


def take_unprompted(turn: TurnContext, text: Text) -> Changes:
    """Handle words that answer no question.

    In this order: words for the team, an invitation that waited for this chat. For any other
    words the answer says what the bot does; where people answer in the chat as well, it stays silent. Of a picture or
    voice the team is told that it came; words that only take note, such as 好的, are for nobody.
    """
    said = turn.words or media_in_words(turn, text)
    intent = wish(text.text, turn.policy.lexicon)
    for_nobody = _for_nobody(turn, intent)
    passed_on = (_pass_on(turn, customer, said, intent) for customer in turn.people if for_nobody is None)
    changes = next(filter(None, passed_on), Changes())
    for customer in turn.people:
        asked = ask_waiting(turn.context.after(changes), customer.id)
        if asked:
            return changes + _with_words(turn, asked)
    if changes:
        return changes + (turn.reply_with(_taken(turn, text, intent)) if text.text else reply_to_media(turn, text))
    if turn.policy.can(turn.place.channel).staffed:
        return changes
    return turn.reply_with((for_nobody or FixedReply.NOTHING_OPEN) if turn.people else FixedReply.UNKNOWN_CHAT)


def _with_words(turn: TurnContext, asked: Changes) -> Changes:
    """Return an ask that waited for these words with the words in it, which came before its question."""
    if not turn.words:
        return asked
    said = (KeptWords(turn.words, turn.context.now, turn.inbound.message),)
    records = (replace(one, said=said) if isinstance(one, Interview) else one for one in asked.records)
    return replace(asked, records=tuple(records))


_UNTAKEN: Mapping[Intent | None, FixedReply] = {Intent.THANKS: FixedReply.WELCOME, Intent.WHO: FixedReply.HELP}


def _for_nobody(turn: TurnContext, intent: Intent | None) -> FixedReply | None:
    """Return the answer to words that nobody of the team has to read; None for all others."""
    if intent in _UNTAKEN:
        return _UNTAKEN[intent]
    if intent is Intent.PERSON or not is_small_talk(turn.words, turn.policy.lexicon):
        return None
    return FixedReply.LEFT_ALONE if intent is Intent.END else FixedReply.ALL_RIGHT


def _taken(turn: TurnContext, text: Text, intent: Intent | None) -> FixedReply:
    """Return how it is acknowledged that the team has the words."""
    if alert_words(text.text, turn.policy.alerts) or complains(text.text, turn.policy.lexicon):
        return FixedReply.SORRY
    return FixedReply.SOMEBODY_COMES if intent is Intent.PERSON else FixedReply.PASSED_ON


def _pass_on(turn: TurnContext, customer: Customer, text: str, intent: Intent | None) -> Changes:
    """Add the words to the customer's latest issue that is no call.

    Without any, alert words open an issue, and so does the wish to talk to a person.
    """
    mine = turn.snapshot.issues_of_customer(customer.id)
    issues = sorted(mine, key=lambda issue: issue.kind is not IssueKind.CALL)
    if not issues or not text:
        why = HandoverReason.PERSON_WANTED if intent is Intent.PERSON else None
        why = HandoverReason.COMPLAINT if complains(text, turn.policy.lexicon) else why
        return raise_from_words(turn.context, customer, text, turn.key, why)
    issue = issues[-1]
    unread = is_small_talk(text, turn.policy.lexicon)
    if intent is Intent.PERSON and issue.state in WITH_THE_TEAM:
        changes = move(turn.context, issue, MoreFound((PersonWanted(),), text=text, unread=unread)) or Changes()
    else:
        changes = move(turn.context, issue, CustomerWrote(text, customer.name or customer.id)) or Changes()
    if issue.state in WITH_THE_TEAM:
        return changes + raise_in_issue(turn.context.after(changes), latest_of(changes, issue), text)
    return changes + customer_wrote_messages(turn.context, latest_of(changes, issue), text, turn.key)

"""Answers of a customer to a question or a note of the team, told from answers to a survey.

Pictures, voices and the like cannot be looked at here: the team is told what came, and where it is.
"""

from datetime import datetime

from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.alerts import raise_in_issue
from bot.handlers.issues.team_messages import customer_answered_messages
from bot.handlers.issues.transitions import latest_of, move
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Back, Rated, RatedAll, Skipped, Undone
from dialogs.interview.model import Interview, InterviewState
from dialogs.interview.understand import understand
from dialogs.issue.events import CustomerWrote, QuestionAnswered
from dialogs.issue.model import NOT_CLOSED, WITH_THE_TEAM, Issue, IssueState
from dialogs.messages import Media, Prompt, Text
from dialogs.understanding.commands import bare, is_solved
from dialogs.understanding.lexicon import Intent
from dialogs.understanding.numerals import read_numeral
from dialogs.understanding.read import is_small_talk, wish
from scoring.rules import alert_words
from storage.model.records import Purpose
from storage.unit_of_work.changes import Changes

__all__ = ["media_in_words", "reply_to_media", "take_answer_to_team"]

_OF_THE_SURVEY = (Rated, RatedAll, Skipped, Back, Undone)
_WRITING = (InterviewState.REMARKING, InterviewState.COMMENTING)
"""Steps that wait for a text."""


def take_answer_to_team(turn: TurnContext, text: Text, interview: Interview | None) -> Changes | None:
    """Take words as the answer to the team; None where they are something else.

    They are a reply to the question or note, or free text. While a survey waits for a text, the later question gets
    them; what the survey's step understands as a rating, Skip or Back stays with the survey.
    """
    words = turn.words
    if not turn.people:
        return None
    replied = _replied_to(turn)
    if not words:
        return _shown_to_team(turn, text, replied or _asked_last(turn))
    if replied is not None:
        return _answered(turn, replied, words) if replied.question else _wrote(turn, replied, words)
    issue = _asked_last(turn)
    if issue is not None and issue.question is None and _says_nothing_of_it(turn, words):
        return None
    if issue is None or _is_for_the_survey(turn, words, interview, issue) or _is_verdict(turn, words):
        return None
    return _answered(turn, issue, words) if issue.question else _wrote(turn, issue, words)


def _shown_to_team(turn: TurnContext, text: Text, issue: Issue | None) -> Changes | None:
    """Record what came instead of an answer; the question stays open. None where it was not for the team."""
    what = media_in_words(turn, text)
    if issue is None or not what:
        return None
    changes = move(turn.context, issue, CustomerWrote(what, _name(turn, issue))) or Changes()
    return changes + reply_to_media(turn, text)


def _replied_to(turn: TurnContext) -> Issue | None:
    """Return the issue, if not closed, of the note or question that was replied to."""
    shown = turn.replied_to
    if shown is None or shown.purpose is not Purpose.REPLY or shown.customer not in {one.id for one in turn.people}:
        return None
    issue = turn.snapshot.about(Issue, shown.about)
    return issue if issue is not None and issue.state in NOT_CLOSED else None


def _asked_last(turn: TurnContext) -> Issue | None:
    """Return the issue whose question was asked last and has been delivered, or that was just said not to be solved."""
    issues = [issue for person in turn.people for issue in turn.snapshot.issues_of_customer(person.id)]
    asking = [i for i in issues if i.asked_at is not None and i.state in WITH_THE_TEAM]
    waiting = [i for i in asking if i.question is None or not _is_unseen(turn, i)]
    return max(waiting, key=lambda issue: (issue.asked_at or issue.opened_at, issue.id), default=None)


def _is_unseen(turn: TurnContext, issue: Issue) -> bool:
    """Return whether the question was held for the reply window that these words open."""
    held = turn.snapshot.held(turn.place)
    if any((message.about, message.created_at) == (issue.ref, issue.asked_at) for message in held):
        return True
    lasts, typed_at = turn.policy.can(turn.place.channel).reply_window, turn.snapshot.window(turn.place).typed_at
    return lasts is not None and (typed_at is None or typed_at + lasts <= (issue.asked_at or issue.opened_at))


def _is_for_the_survey(turn: TurnContext, words: str, interview: Interview | None, issue: Issue) -> bool:
    if interview is None:
        return False
    event = understand(words, interview, turn.policy.survey_version(interview.survey), turn.policy.lexicon)
    is_reply, is_later = turn.answers(interview), _prompted_at(interview) > (issue.asked_at or issue.opened_at)
    if issue.question is None:  # whoever says why it is not solved may say "still bad", which is no rating
        is_answer = isinstance(event, _OF_THE_SURVEY) and not isinstance(event, Rated | RatedAll)
        return is_reply or is_later or is_answer or read_numeral(bare(words)) is not None
    return is_reply or (is_later and interview.state in _WRITING) or isinstance(event, _OF_THE_SURVEY)


def _says_nothing_of_it(turn: TurnContext, words: str) -> bool:
    """Return whether words do not tell why something is not solved: they only take note, thank, or ask for no more.

    An answer to a question of the team's may well be "send me no more": there only commands stop it all.
    """
    lexicon = turn.policy.lexicon
    return wish(words, lexicon) in (Intent.STOP, Intent.THANKS) or is_small_talk(words, lexicon)


def _prompted_at(interview: Interview) -> datetime:
    """Return when the survey last asked something."""
    moments = (interview.asked_at, interview.reminded_at, *(one.at for one in interview.answers))
    return max(moment for moment in moments if moment is not None)


def _is_verdict(turn: TurnContext, words: str) -> bool:
    """Return whether the words answer a closure message instead."""
    told = (i for person in turn.people for i in turn.snapshot.issues_of_customer(person.id) if person.id in i.told)
    return is_solved(words) is not None and any(issue.state is IssueState.RESOLVED for issue in told)


def _answered(turn: TurnContext, issue: Issue, words: str) -> Changes | None:
    changes = move(turn.context, issue, QuestionAnswered(words, _name(turn, issue)))
    if changes is None:
        return None
    told = customer_answered_messages(turn.context.after(changes), latest_of(changes, issue), words, turn.key)
    changes += told
    changes += raise_in_issue(turn.context.after(changes), latest_of(changes, issue), words)
    return changes + turn.reply_with(FixedReply.ANSWER_TAKEN)


def _wrote(turn: TurnContext, issue: Issue, words: str) -> Changes:
    """Write a reply to a note into the issue, or why it is not solved."""
    unread = is_small_talk(words, turn.policy.lexicon)
    changes = move(turn.context, issue, CustomerWrote(words, _name(turn, issue), unread)) or Changes()
    changes += raise_in_issue(turn.context.after(changes), latest_of(changes, issue), words)
    is_alert = alert_words(words, turn.policy.alerts)
    return changes + turn.reply_with(FixedReply.SORRY if is_alert else FixedReply.PASSED_ON)


def _name(turn: TurnContext, issue: Issue) -> str:
    mine = (one for one in turn.people if one.id in issue.customers)
    person = next(mine, None)
    return (person.name or person.id) if person is not None else ""


def media_in_words(turn: TurnContext, text: Text) -> str:
    """Return what the team reads of something without words; empty for a sticker, which tells nothing."""
    if text.media is None or text.media is Media.STICKER:
        return ""
    where = "media.in_their_chat_staffed" if turn.policy.can(turn.place.channel).staffed else "media.in_their_chat"
    return _in_team_language(turn, where, what=_in_team_language(turn, f"media.{text.media.value}"))


def reply_to_media(turn: TurnContext, text: Text) -> Changes:
    """Answer that the team knows of it, and may need words."""
    return turn.reply(Prompt(turn.say("media.told", what=turn.say(f"media.{(text.media or Media.OTHER).value}"))))


def _in_team_language(turn: TurnContext, key: str, **values: object) -> str:
    return turn.phrases.say(turn.policy.team_speaks, key, **values)

"""Words that are typed while a survey waits for an answer: what they are, and how they are answered."""

from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.consent import opt_out
from bot.handlers.issues.alerts import issue_with_team
from bot.handlers.surveys.interview import Showing, advance
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import (
    Complained,
    Edited,
    Hint,
    Narrated,
    Noted,
    NotUnderstood,
    Rated,
    RatedAll,
    Resumed,
    Skipped,
    Spoke,
    Undone,
)
from dialogs.interview.model import OPEN, Interview
from dialogs.interview.understand import understand
from dialogs.messages import Text
from dialogs.understanding.lexicon import Intent
from dialogs.understanding.read import complains, is_small_talk, wish
from scoring.rules import alert_words
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["take_rewording", "take_typed"]


def take_typed(turn: TurnContext, text: Text, interview: Interview | None) -> Changes | None:
    """Take words as a wish for no more messages, or at the survey's step; None where they are neither."""
    if turn.people and wish(text.text, turn.policy.lexicon) is Intent.STOP:
        return _stop_in_words(turn, interview)
    return None if interview is None else _take_survey_words(turn, text, interview)


def _stop_in_words(turn: TurnContext, interview: Interview | None) -> Changes:
    """Keep the words that ask for no more messages, and take them as `/stop`."""
    kept = Changes()
    if interview is not None:
        kept = advance(turn.context, interview, Noted(turn.words, turn.inbound.message), turn.key) or kept
    return kept + opt_out(turn.after(kept))


def _take_survey_words(turn: TurnContext, text: Text, interview: Interview) -> Changes:
    """Take words as what they are at the step where the survey stands; the next step follows below them.

    A complaint is answered by itself, in a new message, and the question above stays open; so are the third words and
    those that follow which are not understood, since they go to the team.
    """
    survey, source = turn.policy.survey_version(interview.survey), turn.inbound.message
    event = understand(text.text, interview, survey, turn.policy.lexicon, source)
    if isinstance(event, NotUnderstood | Narrated):
        event = _unanswering(turn, interview, event)
    changes = advance(turn.context, interview, event, turn.key, Showing.BELOW)
    if changes is None:  # there is no step before the first
        return advance(turn.context, interview, Resumed(), turn.key, Showing.BELOW) or Changes()
    if survey.anonymous or not isinstance(event, Complained | Narrated | NotUnderstood):
        return changes
    if isinstance(event, Complained) or alert_words(event.text, turn.policy.alerts):
        return changes + turn.reply_with(FixedReply.SORRY)
    is_unanswered = isinstance(event, NotUnderstood) and interview.misses > 1
    return changes + turn.reply_with(FixedReply.PASSED_ON) if is_unanswered else changes


def take_rewording(turn: TurnContext, text: Text) -> Changes | None:
    """Take an edited text as the new wording of its message; None where it is to be taken like one that is new.

    That is so where it asks for no more messages, complains though its message is known to nobody, or answers the
    question that the survey still asks.
    """
    source = turn.inbound.message
    if wish(text.text, turn.policy.lexicon) is Intent.STOP:
        return None
    interviews = [i for customer in turn.people for i in turn.snapshot.interviews(customer.id)]
    for interview in interviews:
        if _answers_now(turn, text, interview):
            return None
        rated_anew = _all_rated_anew(turn, text, interview)
        if rated_anew is not None:
            return rated_anew
        was = interview.words_of(source) or ""
        changes = advance(turn.context, interview, Edited(turn.words, source), turn.key)
        if changes is not None:
            is_new = _is_upset(turn, turn.words) and not _is_upset(turn, was)
            is_answered = is_new and not _is_anonymous(turn, interview)
            return changes + turn.reply_with(FixedReply.SORRY) if is_answered else changes
    # What was said in an anonymous survey is known to nobody once that has ended, and a new wording of it stays so.
    is_open = bool(turn.people) and not any(_is_anonymous(turn, interview) for interview in interviews)
    return None if is_open and _is_upset(turn, turn.words) else Changes()


def _is_anonymous(turn: TurnContext, interview: Interview) -> bool:
    return turn.policy.survey_version(interview.survey).anonymous


def _all_rated_anew(turn: TurnContext, text: Text, interview: Interview) -> Changes | None:
    """Take back what a text rated at once, and rate it as the text reads now; None for any other edit."""
    source = turn.inbound.message
    if not (interview.undo and source and interview.undo[0].source == source):
        return None
    if interview.comment_source == source:
        earlier = (interview.comment or "")[: interview.comment_begins].rstrip("\n")
        interview = replace(interview, comment=earlier or None, comment_source="", comment_begins=0)
    undone = advance(turn.context, interview, Undone(), f"{turn.key}:undone", Showing.QUIETLY) or Changes()
    undone = replace(undone, records=tuple(one for one in undone.records if not isinstance(one, OutboxMessage)))
    restored = next((one for one in undone.records if isinstance(one, Interview)), interview)
    survey = turn.policy.survey_version(interview.survey)
    if not isinstance(understand(text.text, restored, survey, turn.policy.lexicon), Rated | RatedAll):
        return None
    return undone + _take_survey_words(turn.after(undone), text, restored)


def _answers_now(turn: TurnContext, text: Text, interview: Interview) -> bool:
    """Return whether an edit of the last words, which were no answer, answers the question that is still asked."""
    last = interview.said[-1] if interview.said else None
    if last is None or last.source != turn.inbound.message or interview.state not in OPEN:
        return False
    survey = turn.policy.survey_version(interview.survey)
    is_later = any(answer.at >= last.at for answer in interview.answers)
    event = understand(text.text, interview, survey, turn.policy.lexicon)
    return not is_later and isinstance(event, Rated | RatedAll | Skipped)


def _is_upset(turn: TurnContext, words: str) -> bool:
    return complains(words, turn.policy.lexicon) or bool(alert_words(words, turn.policy.alerts))


def _unanswering(
    turn: TurnContext, interview: Interview, event: NotUnderstood | Narrated
) -> NotUnderstood | Narrated | Spoke:
    """Return words that are no answer as they count: not as a miss where somebody reads them, or nobody was asked."""
    is_anonymous = turn.policy.survey_version(interview.survey).anonymous
    has_hint = isinstance(event, NotUnderstood) and event.hint is not Hint.EXAMPLE
    if not has_hint and is_small_talk(event.text, turn.policy.lexicon):
        if is_anonymous:  # explained like all words there, and counted among nobody's answers
            return Spoke(event.text, event.source, Hint.EXAMPLE, is_wish=True)
        return Spoke(event.text, event.source, Hint.NONE if interview.is_unseen else Hint.SMALL_TALK)
    is_explained = has_hint or is_anonymous or bool(alert_words(event.text, turn.policy.alerts))
    if not is_explained and issue_with_team(turn.context, interview) is not None:
        return Spoke(event.text, event.source, Hint.PASSED_ON)
    # A first question whose sending is in doubt may never have been seen.
    is_missed = interview.is_unseen and isinstance(event, NotUnderstood)
    return Spoke(event.text, event.source) if is_missed else event

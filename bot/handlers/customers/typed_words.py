"""Words that are typed while a survey waits for an answer: what they are, and how they are answered."""

from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.consent import opt_out
from bot.handlers.issues.alerts import issue_with_team
from bot.handlers.surveys.interview import Showing, advance
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Complained, Hint, Narrated, Noted, NotUnderstood, Resumed, Spoke
from dialogs.interview.model import Interview
from dialogs.interview.understand import understand
from dialogs.messages import Text
from dialogs.understanding.read import is_small_talk
from scoring.rules import alert_words
from storage.unit_of_work.changes import Changes

__all__ = ["stop_in_words", "take_survey_words"]


def stop_in_words(turn: TurnContext, interview: Interview | None) -> Changes:
    """Keep the words that ask for no more messages, and take them as `/stop`."""
    kept = Changes()
    if interview is not None:
        kept = advance(turn.context, interview, Noted(turn.words, turn.inbound.message), turn.key) or kept
    return kept + opt_out(turn.after(kept))


def take_survey_words(turn: TurnContext, text: Text, interview: Interview) -> Changes:
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


def _unanswering(
    turn: TurnContext, interview: Interview, event: NotUnderstood | Narrated
) -> NotUnderstood | Narrated | Spoke:
    """Return words that are no answer as they count: not as a miss where somebody reads them, or nobody was asked."""
    is_anonymous = turn.policy.survey_version(interview.survey).anonymous
    has_hint = isinstance(event, NotUnderstood) and event.hint is not Hint.EXAMPLE
    if not has_hint and not is_anonymous and is_small_talk(event.text, turn.policy.lexicon):
        return Spoke(event.text, event.source, Hint.NONE if interview.is_unseen else Hint.SMALL_TALK)
    is_explained = has_hint or is_anonymous or bool(alert_words(event.text, turn.policy.alerts))
    if not is_explained and issue_with_team(turn.context, interview) is not None:
        return Spoke(event.text, event.source, Hint.PASSED_ON)
    # A first question whose sending is in doubt may never have been seen.
    is_missed = interview.is_unseen and isinstance(event, NotUnderstood)
    return Spoke(event.text, event.source) if is_missed else event

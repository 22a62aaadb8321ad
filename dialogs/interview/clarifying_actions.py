"""What the interview's table does where words say the opposite of ratings: the customer is asked once which is meant.

Everything was asked by then, so that whatever ends the interview completes it, with the ratings as they were given.
"""

from dialogs.interview.actions import keep_comment_and_thank, recorded, reword, saying, thank
from dialogs.interview.contradiction import clarified, open_doubts, to_ask
from dialogs.interview.events import Back, Clarified, Commented, Edited, Ended, Rated, Shown, Skipped
from dialogs.interview.model import Answer, Clarification, Interview, InterviewTerms
from scoring.values import replace

__all__ = [
    "ask_comment_again",
    "clarify_and_thank",
    "complete_as_rated",
    "keep_comment_and_ask_which",
    "record_and_thank",
    "record_in_doubt",
    "reword_and_thank",
    "reword_in_doubt",
    "skip_and_ask_which",
]

Moved = tuple[Interview, tuple[object, ...]]


def keep_comment_and_ask_which(interview: Interview, event: Commented, terms: InterviewTerms) -> Moved:
    done, effects = keep_comment_and_thank(interview, event, terms)
    return _asking(done, terms), effects


def skip_and_ask_which(interview: Interview, event: Skipped, terms: InterviewTerms) -> Moved:
    done, effects = thank(interview, event, terms)
    return _asking(done, terms), effects


def clarify_and_thank(interview: Interview, event: Clarified, terms: InterviewTerms) -> Moved:
    answers = tuple(_confirmed(one, event, terms) for one in interview.answers)
    return thank(saying(replace(interview, answers=answers), event, terms), event, terms)


def record_and_thank(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    return thank(clarified(recorded(interview, event, terms)), event, terms)


def record_in_doubt(interview: Interview, event: Rated, terms: InterviewTerms) -> Moved:
    return clarified(recorded(interview, event, terms)), (Shown(),)


def reword_and_thank(interview: Interview, event: Edited, terms: InterviewTerms) -> Moved:
    moved, effects = reword(interview, event, terms)
    return thank(clarified(moved), event, terms)[0], effects


def reword_in_doubt(interview: Interview, event: Edited, terms: InterviewTerms) -> Moved:
    moved, effects = reword(interview, event, terms)
    return clarified(moved), effects


def ask_comment_again(interview: Interview, _event: Back, _terms: InterviewTerms) -> Moved:
    return replace(interview, misses=0), (Shown(),)


def complete_as_rated(interview: Interview, event: object, terms: InterviewTerms) -> Moved:
    """Complete it as of the moment at which everything was answered but this."""
    if isinstance(event, Skipped | Ended):
        interview = saying(interview, event, terms)
    asked_at = max((one.at for _, one in open_doubts(interview)), default=terms.now)
    done, effects = thank(interview, event, terms)
    return replace(done, completed_at=asked_at), effects


def _asking(interview: Interview, terms: InterviewTerms) -> Interview:
    doubted = {answer.question for answer in to_ask(interview, terms)}
    answers = tuple(_in_doubt(one, terms) if one.question in doubted else one for one in interview.answers)
    return replace(interview, answers=answers, completed_at=None, misses=0)


def _in_doubt(answer: Answer, terms: InterviewTerms) -> Answer:
    scale = terms.survey.scale
    meant = scale.lowest + scale.highest - answer.value
    return replace(answer, clarification=Clarification(answer.value, meant, terms.now))


def _confirmed(answer: Answer, event: Clarified, terms: InterviewTerms) -> Answer:
    asked = answer.clarification
    if asked is None or asked.confirmed is not None:
        return answer
    value = event.value if event.value is not None else asked.meant if event.is_meant else asked.given
    at = answer.at if value == answer.value else terms.now
    return replace(answer, value=value, at=at, clarification=replace(asked, confirmed=value))

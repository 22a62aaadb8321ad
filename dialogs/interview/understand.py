"""Turns what a person typed into an event; defined for any text, and never a guess."""

import re
from collections.abc import Callable, Mapping
from typing import assert_never

from dialogs.interview.contradiction import open_doubts
from dialogs.interview.events import (
    Back,
    Clarified,
    Commented,
    Complained,
    Declined,
    Edited,
    Ended,
    Hint,
    ImportanceDeclined,
    Narrated,
    NotUnderstood,
    Rated,
    RatedAll,
    Remarked,
    Skipped,
    Spoke,
    Undone,
    WantedPerson,
    Weighed,
    Wordless,
)
from dialogs.interview.model import Interview, InterviewState, left_from, step_of
from dialogs.sanitize import columns
from dialogs.survey import Question, Survey
from dialogs.understanding.commands import bare, bare_word, storable
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.model import AllChosen, AskedQuestion, Chosen, Contrary, OffScale, Reading, Wants, Words
from dialogs.understanding.numerals import read_numeral
from dialogs.understanding.read import complains, is_bare_skip, read, read_rating_number, tells_of_trouble, wish
from scoring.scale import FIVE
from scoring.values import replace

__all__ = ["Understood", "reread", "understand"]

Understood = (
    Rated
    | RatedAll
    | Weighed
    | ImportanceDeclined
    | Undone
    | Clarified
    | Remarked
    | Commented
    | Skipped
    | Back
    | Declined
    | Ended
    | WantedPerson
    | Spoke
    | Complained
    | Narrated
    | NotUnderstood
    | Wordless
)

_STORY = 60
"""Columns from which words that are no rating are a story, such as thirty Chinese characters: a colleague reads it."""
_LONGEST_NUMBER = 12
_CLAUSE = re.compile(r"[，,。.！!；;、~～\n]+")
_IMPORTANCE = Survey("", 1, {}, FIVE, (Question("", {}, {}),))
"""What is answered where it is asked how important something is, as a survey."""
_WORDS_THERE: Mapping[Intent, tuple[InterviewState, ...]] = {
    Intent.THANKS: (InterviewState.REMARKING, InterviewState.COMMENTING, InterviewState.CLARIFYING),
    Intent.SKIP: (InterviewState.REMARKING, InterviewState.COMMENTING),
    Intent.END: (InterviewState.COMMENTING,),
}
"""Where a wish is as good as any words: whoever thanks us in the open comment, or ends there, is through.

So is a skip that says more than one word for it.
"""


def understand(text: str, interview: Interview, survey: Survey, lexicon: Lexicon, source: str = "") -> Understood:
    """Return the event that a typed text is at the interview's step; `source` is the channel's id of the message."""
    said = storable(text)
    if not said:
        return Wordless()
    if interview.undo and bare_word(said) in lexicon.undo:
        return Undone()
    chosen = _chosen(said, interview, survey, lexicon, source)
    if chosen is not None:
        return chosen
    intent = wish(said, lexicon)
    if intent is Intent.SKIP and is_bare_skip(said, lexicon):
        return Skipped(step_of(interview))
    if intent is not None and interview.state not in _WORDS_THERE.get(intent, ()):
        return _WISHES[intent](interview, said, source)
    return _answer(said, interview, survey, lexicon, source)


def _chosen(
    said: str, interview: Interview, survey: Survey, lexicon: Lexicon, source: str
) -> Weighed | ImportanceDeclined | Clarified | None:
    """Return the choice that a text is at a step with choices of its own; None where it is none of them."""
    if interview.state is InterviewState.WEIGHING:
        return _importance(said, interview, lexicon, source)
    if interview.state is not InterviewState.CLARIFYING or complains(said, lexicon):
        return None
    return _clarified_as_number(said, interview, survey, lexicon) or _clarified(said, lexicon, source)


def reread(edited: Edited, interview: Interview, survey: Survey, lexicon: Lexicon) -> Edited:
    """Return a new wording as it is read: a number in it corrects the rating of its message, a complaint is new."""
    was = interview.words_of(edited.source)
    complained = was is None or complains(was, lexicon)
    edited = replace(edited, complains=complains(edited.text, lexicon) and not complained)
    answer = next((answer for answer in interview.answers if edited.source and answer.source == edited.source), None)
    if answer is None:
        return edited
    found = read_rating_number(edited.text, AskedQuestion(survey, answer.question, interview.locale), lexicon)
    return edited if found is None else replace(edited, text=found.rest, value=found.value)


def _answer(said: str, interview: Interview, survey: Survey, lexicon: Lexicon, source: str) -> Understood:
    match interview.state:
        case InterviewState.INVITED | InterviewState.RATING:
            reading = read(said, _asked(interview, survey), lexicon)
            return _with_mood(_rating(said, interview, reading, source), said, lexicon)
        case InterviewState.REMARKING:
            return _remark(said, _asked(interview, survey), lexicon, source)
        case InterviewState.COMMENTING | InterviewState.WEIGHING if bare_word(said) in lexicon.nothing:
            return Skipped(step_of(interview))
        case InterviewState.COMMENTING:
            return Commented(said, source, complains=complains(said, lexicon))
        case InterviewState.WEIGHING | InterviewState.CLARIFYING:
            return _in_words(said, source, complaint=complains(said, lexicon))
        case InterviewState.COMPLETED | InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN:
            return NotUnderstood(said, source)
        case never:
            assert_never(never)


_WISHES: Mapping[Intent, Callable[[Interview, str, str], Understood]] = {
    Intent.STOP: lambda _interview, _said, _source: Declined(),
    Intent.END: lambda _interview, said, source: Ended(said, source),
    Intent.PERSON: lambda _interview, said, source: WantedPerson(said, source),
    Intent.WHO: lambda _interview, said, source: Spoke(said, source, Hint.WHO),
    Intent.THANKS: lambda _interview, said, source: Spoke(said, source, Hint.THANKED),
    Intent.SKIP: lambda interview, said, source: Skipped(step_of(interview), said, source),
    Intent.BACK: lambda interview, _said, _source: Back(step_of(interview)),
}


def _rating(said: str, interview: Interview, reading: Reading, source: str) -> Understood:
    match reading:
        case Chosen(value, rest, explains):
            return Rated(interview.at, value, rest, source, explains=explains)
        case AllChosen(values, rest):
            return RatedAll(values, rest, source)
        case OffScale():
            return NotUnderstood(said, source, Hint.OFF_SCALE)
        case Contrary():
            return NotUnderstood(said, source, Hint.CONTRARY)
        case Wants(intent):
            return _WISHES[intent](interview, said, source)
        case Words(complaint):
            return _in_words(said, source, complaint=complaint)
        case never:
            assert_never(never)


def _remark(said: str, asked: AskedQuestion, lexicon: Lexicon, source: str) -> Spoke | Remarked:
    if _is_number(said, asked, lexicon):
        return Spoke(said, source, Hint.NUMBER)
    return Remarked(said, source, complains=complains(said, lexicon))


def _importance(said: str, interview: Interview, lexicon: Lexicon, source: str) -> Weighed | ImportanceDeclined | None:
    """Return how important a text says that something is, or that it shall not be asked; None where it says neither."""
    if _plain(said, lexicon) in lexicon.no_importance:
        return ImportanceDeclined(step_of(interview))
    value = lexicon.importance.get(_plain(said, lexicon))
    if value is not None:
        return Weighed(interview.at, value)
    number = read_rating_number(said, AskedQuestion(_IMPORTANCE, "", interview.locale), lexicon)
    if number is None:
        return None
    is_said = number.rest and _plain(number.rest, lexicon) not in lexicon.importance
    return Weighed(interview.at, number.value, said if is_said else "", source if is_said else "")


def _clarified(said: str, lexicon: Lexicon, source: str) -> Clarified | None:
    """Return what a text says that begins with yes or no and does not say the contrary after it; else None."""
    first, *more = (_plain(clause, lexicon) for clause in _CLAUSE.split(bare(said)))
    is_yes, is_no = first in lexicon.yes, first in lexicon.no
    contrary = lexicon.no if is_yes else lexicon.yes
    if not (is_yes or is_no) or any(clause in contrary for clause in more):
        return None
    is_said = any(clause not in lexicon.yes | lexicon.no for clause in more)
    return Clarified(is_yes, text=said if is_said else "", source=source if is_said else "")


def _clarified_as_number(said: str, interview: Interview, survey: Survey, lexicon: Lexicon) -> Clarified | None:
    """Return which rating a text says was meant as a number; None where it says none.

    Where several ratings are in doubt, a number of either side stands for all of them.
    """
    doubts = open_doubts(interview)
    number = read_rating_number(said, _asked(interview, survey), lexicon)
    if number is None or not doubts or not _says_only_which(number.rest, lexicon):
        return None
    given, meant = ({getattr(one, name) for _, one in doubts} for name in ("given", "meant"))
    if len(given) == 1:
        return Clarified(is_meant=number.value not in given, value=number.value)
    if number.value not in given | meant:
        return None
    return Clarified(is_meant=number.value in meant)


def _says_only_which(rest: str, lexicon: Lexicon) -> bool:
    """Return whether the words beside a number are none, or yes or no."""
    clauses = (_plain(clause, lexicon) for clause in _CLAUSE.split(rest))
    return all(not clause or clause in lexicon.yes | lexicon.no for clause in clauses)


def _plain(said: str, lexicon: Lexicon) -> str:
    return lexicon.folded_word(bare_word(said)) if bare_word(said) else ""


def _in_words(said: str, source: str, *, complaint: bool) -> Complained | Narrated | NotUnderstood:
    if complaint:
        return Complained(said, source)
    return Narrated(said, source) if columns(said) >= _STORY else NotUnderstood(said, source)


def _with_mood(event: Understood, said: str, lexicon: Lexicon) -> Understood:
    """Return what a text at a question is, with whether it complains beside a rating, or tells of trouble."""
    if isinstance(event, Narrated):
        return replace(event, is_unhappy=tells_of_trouble(said, lexicon))
    if isinstance(event, Rated | RatedAll) and event.remark and complains(said, lexicon):
        return replace(event, complains=True)
    return event


def _is_number(said: str, asked: AskedQuestion, lexicon: Lexicon) -> bool:
    """Return whether a text is a rating in figures and nothing else, as somebody types who expects a question."""
    if read_numeral(bare(said)) is not None:
        return True
    number = read_rating_number(said, asked, lexicon) if len(said) <= _LONGEST_NUMBER else None
    return number is not None and not number.rest


def _asked(interview: Interview, survey: Survey) -> AskedQuestion:
    return AskedQuestion(survey, interview.at, interview.locale, len(left_from(interview, survey)))

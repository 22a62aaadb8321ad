"""Turns what a person typed into an event; defined for any text, and never a guess."""

from typing import assert_never

from dialogs.interview.events import Back, Commented, Declined, NotUnderstood, Rated, Remarked, Skipped, Wordless
from dialogs.interview.model import Interview, InterviewState, step_of
from dialogs.survey import Survey
from dialogs.understanding.commands import bare, bare_word, storable
from dialogs.understanding.lexicon import Intent, Lexicon
from dialogs.understanding.model import AskedQuestion, Chosen
from dialogs.understanding.numerals import read_numeral
from dialogs.understanding.read import read, wish

__all__ = ["Understood", "understand"]

Understood = Rated | Remarked | Commented | Skipped | Back | Declined | NotUnderstood | Wordless


def understand(text: str, interview: Interview, survey: Survey, lexicon: Lexicon, source: str = "") -> Understood:
    """Return the event that a typed text is at the interview's step; `source` is the channel's id of the message."""
    said = storable(text)
    match wish(said, lexicon):
        case Intent.STOP:
            return Declined()
        case Intent.SKIP:
            return Skipped(step_of(interview))
        case Intent.BACK:
            return Back(step_of(interview))
        case _:
            return _answer(said, interview, survey, lexicon, source) if said else Wordless()


def _answer(said: str, interview: Interview, survey: Survey, lexicon: Lexicon, source: str) -> Understood:
    match interview.state:
        case InterviewState.INVITED | InterviewState.RATING:
            reading = read(said, _asked(interview, survey), lexicon)
            return Rated(interview.at, reading.value) if isinstance(reading, Chosen) else NotUnderstood(said)
        case InterviewState.REMARKING:
            return NotUnderstood(said) if read_numeral(bare(said)) is not None else Remarked(said, source)
        case InterviewState.COMMENTING:
            return Skipped(step_of(interview)) if bare_word(said) in lexicon.nothing else Commented(said, source)
        case InterviewState.COMPLETED | InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN:
            return NotUnderstood(said)
        case never:
            assert_never(never)


def _asked(interview: Interview, survey: Survey) -> AskedQuestion:
    done = {*interview.ratings, *interview.skipped} - {interview.at}
    left = sum(question.id not in done for question in survey.questions)
    return AskedQuestion(survey, interview.at, interview.locale, left)

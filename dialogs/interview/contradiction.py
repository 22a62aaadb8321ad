"""Words that say the opposite of the ratings, such as a 1 of 5 with 非常满意: the scale was read upside down."""

from collections.abc import Callable
from fractions import Fraction

from dialogs.interview.model import Answer, Clarification, Interview, InterviewTerms
from dialogs.survey import Survey
from scoring.scale import Scale
from scoring.values import replace

__all__ = ["clarified", "contradicted", "has_asked", "is_doubted", "is_raised", "open_doubts", "to_ask"]

_HIGH, _LOW = Fraction(3, 4), Fraction(1, 4)
"""Of the way up a scale: 4 and 5 of five praise, 1 and 2 blame."""


def contradicted(interview: Interview, survey: Survey, leaning: Callable[[str], int]) -> tuple[Answer, ...]:
    """Return the answers whose ratings the customer's words contradict; none where the words are of both minds.

    All words that lean to a side lean to the same one. Where the mean of the ratings is on the other side and no rating
    is on theirs, all ratings on the other side are contradicted; else those whose own remark leans so.
    """
    ends = {one.question: _side(survey.scale, Fraction(one.value)) for one in interview.answers}
    if interview.score is None or not any(ends.values()):
        return ()  # before any words are read
    remarks = {answer.question: leaning(answer.text) for answer in interview.answers if answer.text}
    sides = {*remarks.values(), leaning(interview.comment) if interview.comment else 0} - {0}
    if len(sides) != 1:
        return ()
    (words,) = sides
    against = tuple(one for one in interview.answers if ends[one.question] == -words)
    if _side(survey.scale, interview.score) == -words and words not in ends.values():
        return against
    return tuple(one for one in against if remarks.get(one.question) == words)


def is_doubted(interview: Interview, survey: Survey, leaning: Callable[[str], int]) -> bool:
    """Return whether words contradict ratings of which the customer has not said that they are meant."""
    found = contradicted(interview, survey, leaning)
    return any(one.clarification is None or one.clarification.confirmed is None for one in found)


def has_asked(interview: Interview) -> bool:
    """Return whether the customer was asked already; nobody is asked twice in an interview."""
    return any(answer.clarification is not None for answer in interview.answers)


def to_ask(interview: Interview, terms: InterviewTerms) -> tuple[Answer, ...]:
    """Return the answers of which the customer is to be asked which rating is meant, as they stand."""
    survey = terms.survey
    if not survey.asks_contradiction or survey.anonymous or has_asked(interview):
        return ()
    return contradicted(interview, survey, terms.leaning)


def open_doubts(interview: Interview) -> tuple[tuple[Answer, Clarification], ...]:
    """Return the answers of which the customer was asked and has not said which rating is meant."""
    asked = ((answer, answer.clarification) for answer in interview.answers)
    return tuple((answer, one) for answer, one in asked if one is not None and one.confirmed is None)


def is_raised(interview: Interview) -> bool:
    """Return whether the customer said that a higher rating was meant, which stands."""
    asked = ((answer.value, answer.clarification) for answer in interview.answers)
    return any(one is not None and one.given < value == one.confirmed for value, one in asked)


def clarified(interview: Interview) -> Interview:
    """Return the interview where a rating that was changed by itself answers the question about it."""
    return replace(interview, answers=tuple(map(_settled, interview.answers)))


def _settled(answer: Answer) -> Answer:
    asked = answer.clarification
    if asked is None or asked.confirmed is not None or answer.value == asked.given:
        return answer
    return replace(answer, clarification=replace(asked, confirmed=answer.value))


def _side(scale: Scale, value: Fraction) -> int:
    position = (value - scale.lowest) / (scale.highest - scale.lowest)
    return (position >= _HIGH) - (position <= _LOW)

"""The buttons under an interview's message: one per rating, Skip and Back everywhere, and below all of them Stop."""

from collections.abc import Mapping, Sequence

from dialogs.interview.contradiction import open_doubts
from dialogs.interview.model import CLARIFY, Interview, InterviewState, reasons_at, step_of
from dialogs.messages import Choice, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.survey import Survey

__all__ = [
    "Rows",
    "clarifying_rows",
    "importance_rows",
    "in_doubt",
    "rating_rows",
    "reason_rows",
    "step_row",
    "typing_hint",
    "undo_row",
]

Rows = tuple[tuple[Choice, ...], ...]

_IN_A_ROW = 5
_REASONS = 2
_IMPORTANCES = range(1, 6)


def rating_rows(interview: Interview, survey: Survey, locale: str) -> Rows:
    """Return one button per value of the question asked; each text begins with the digits, the chosen one is marked."""
    at, chosen = interview.at, interview.ratings.get(interview.at)
    words = survey.scale_of(at).labels.get(locale, {})
    choices = tuple(
        Choice(
            f"{value} ✓" if value == chosen else str(value),
            Tap(Verb.RATE, interview.id, at, value),
            words.get(value, ""),
        )
        for value in survey.scale.values
    )
    return tuple(choices[start : start + _IN_A_ROW] for start in range(0, len(choices), _IN_A_ROW))


def step_row(interview: Interview, survey: Survey, phrases: Phrases, locale: str) -> tuple[Choice, ...]:
    """Return Skip, and Back where there is a step to go back to."""
    step = step_of(interview)
    skip = Choice(phrases.say(locale, "button.skip"), Tap(Verb.SKIP, interview.id, step))
    back = Choice(phrases.say(locale, "button.back"), Tap(Verb.BACK, interview.id, step))
    return (skip, back) if _has_a_step_before(interview, survey) else (skip,)


def reason_rows(interview: Interview, survey: Survey) -> Rows:
    """Return one button per reason of a low rating, two to a row; none where it is written in words only."""
    step = step_of(interview)
    choices = tuple(
        Choice(reason, Tap(Verb.REASON, interview.id, step, number))
        for number, reason in enumerate(reasons_at(interview, survey), 1)
    )
    return tuple(choices[start : start + _REASONS] for start in range(0, len(choices), _REASONS))


def importance_rows(interview: Interview, phrases: Phrases, locale: str) -> Rows:
    """Return one button per importance, 1 to 5, and below them one that ends asking for it, and Back."""
    answer, step = interview.answer(interview.at), step_of(interview)
    chosen = answer.importance if answer is not None else None
    points = tuple(
        Choice(
            f"{value} ✓" if value == chosen else str(value),
            Tap(Verb.WEIGH, interview.id, interview.at, value),
            phrases.say(locale, f"importance.point_{value}"),
        )
        for value in _IMPORTANCES
    )
    none = Choice(phrases.say(locale, "button.no_importance"), Tap(Verb.NO_IMPORTANCE, interview.id, step))
    return points, (none, Choice(phrases.say(locale, "button.back"), Tap(Verb.BACK, interview.id, step)))


def clarifying_rows(interview: Interview, phrases: Phrases, locale: str) -> Rows:
    """Return one button for each of the ratings that may be meant, and below them Back."""
    said = in_doubt(interview)
    yes, no = (Tap(Verb.CLARIFY, interview.id, CLARIFY, is_meant) for is_meant in (1, 0))
    back = Tap(Verb.BACK, interview.id, CLARIFY)
    return (
        (Choice(phrases.say(locale, "button.clarify_yes", **said), yes),),
        (Choice(phrases.say(locale, "button.clarify_no", **said), no),),
        (Choice(phrases.say(locale, "button.back"), back),),
    )


def in_doubt(interview: Interview) -> Mapping[str, str]:
    """Return the ratings in doubt as they were `given` and as they may be `meant`: `1` and `5`, `1–2` and `4–5`."""
    doubts = [one for _, one in open_doubts(interview)]
    return {
        "given": _span(sorted({one.given for one in doubts})),
        "meant": _span(sorted({one.meant for one in doubts})),
    }


def _span(values: Sequence[int]) -> str:
    return "–".join(map(str, dict.fromkeys((values[0], values[-1])))) if values else ""


def undo_row(interview: Interview, phrases: Phrases, locale: str) -> tuple[Choice, ...]:
    """Return Undo, which takes back what one text has rated at once."""
    return (Choice(phrases.say(locale, "button.undo"), Tap(Verb.UNDO, interview.id)),)


def typing_hint(interview: Interview, survey: Survey, phrases: Phrases, locale: str) -> str:
    """Return how to answer by typing, for whoever sees no buttons."""
    reasons = reasons_at(interview, survey)
    if reasons:
        return phrases.say(locale, "typed.reasons", reasons=phrases.say(locale, "typed.or").join(reasons))
    if interview.state is InterviewState.WEIGHING:
        return phrases.say(locale, "typed.importance")
    if interview.state is InterviewState.CLARIFYING:
        return phrases.say(locale, "typed.clarify", **in_doubt(interview))
    if interview.state in (InterviewState.REMARKING, InterviewState.COMMENTING):
        return phrases.say(locale, "typed.undo" if interview.undo else "typed.text")
    key = "typed.rating" if _has_a_step_before(interview, survey) else "typed.first"
    return phrases.say(locale, key, lowest=survey.scale.lowest, highest=survey.scale.highest)


def _has_a_step_before(interview: Interview, survey: Survey) -> bool:
    if interview.state is InterviewState.RATING:
        return survey.place(interview.at) > 0
    return interview.state in (InterviewState.REMARKING, InterviewState.COMMENTING)

"""The screens of the survey: a question, a field to write in, thanks."""

from collections.abc import Mapping
from functools import partial

from bot.handlers.survey_page.page import SurveyView, step_shown, written
from dialogs.interview.buttons import in_doubt
from dialogs.interview.contradiction import is_raised
from dialogs.interview.events import Hint
from dialogs.interview.message_text import View
from dialogs.interview.model import Answer, Interview, InterviewState, asks_importance, reasons_at
from dialogs.phrases import Phrases
from dialogs.survey import Survey, in_locale
from dialogs.understanding.commands import LONGEST_TEXT
from scoring.scale import Scale
from scoring.values import Value

__all__ = ["Screen", "screen_of"]

_STARRED = 5
"""Scales from 1 up to here are drawn as stars."""
_IMPORTANCES = range(1, 6)
_AT_THE_END = (InterviewState.COMMENTING, InterviewState.CLARIFYING)
_IN_A_ROW = 6
"""Numbers that fit side by side on a narrow phone, each large enough for a thumb."""


class Screen(Value):
    """A template and what it shows."""

    template: str
    locale: str
    values: Mapping[str, object]


class Point(Value):
    """A value to tap: the `word` for it, whether it is the one `chosen`, or, as a star, below that one (`lit`)."""

    value: int
    word: str
    chosen: bool
    lit: bool


def screen_of(sight: SurveyView, phrases: Phrases) -> Screen:
    """Return the screen for where the interview stands."""
    locale = phrases.locale(sight.interview.locale)
    view = View(sight.interview, sight.survey, phrases, locale, sight.greeting, Hint.NONE)
    common = {"title": in_locale(sight.survey.title, locale), "step": step_shown(sight.interview)}
    match sight.interview.state:
        case InterviewState.INVITED | InterviewState.RATING | InterviewState.WEIGHING:
            return Screen("rate", locale, common | _progress(sight) | _question(sight, view))
        case InterviewState.REMARKING | InterviewState.COMMENTING:
            return Screen("write", locale, common | _progress(sight) | _field(sight, view))
        case InterviewState.CLARIFYING:
            return Screen("clarify", locale, common | _progress(sight) | _which(sight, view))
        case InterviewState.COMPLETED:
            return Screen("done", locale, common | _thanks(sight, view))
        case _:
            return Screen(
                "note", locale, common | {"head": view.paragraphs()[0], "text": "", "can_stop": True, "is_over": True}
            )


def _progress(sight: SurveyView) -> dict[str, object]:
    """Return the progress; the comment is a step of its own, a remark belongs to its question."""
    interview, survey = sight.interview, sight.survey
    count = len(survey.questions)
    now = count if interview.state in _AT_THE_END else survey.place(interview.at)
    segments = ["done"] * now + ["now"] + [""] * (count - now)
    return {"number": now + 1, "count": count, "segments": segments, "has_before": _has_before(interview, survey)}


def _has_before(interview: Interview, survey: Survey) -> bool:
    if interview.state is InterviewState.RATING:
        return survey.place(interview.at) > 0
    return interview.state in (InterviewState.REMARKING, *_AT_THE_END)


def _question(sight: SurveyView, view: View) -> dict[str, object]:
    interview, survey, locale = sight.interview, sight.survey, view.locale
    question = survey.question(interview.at)
    is_first = interview.state is InterviewState.INVITED
    return {
        "opening": view.opening() if is_first else (),
        "notice": view.why() if is_first else (),
        "name": in_locale(question.name, locale),
        "definition": in_locale(question.definition, locale),
        "importances": _importances(sight, view) if asks_importance(interview, survey) else (),
        **_scale(survey.scale_of(question.id), locale, interview.ratings.get(interview.at)),
    }


def _importances(sight: SurveyView, view: View) -> list[Point]:
    answer = sight.interview.answer(sight.interview.at)
    chosen = answer.importance if answer is not None else None
    words = {value: view.phrases.say(view.locale, f"importance.point_{value}") for value in _IMPORTANCES}
    return [Point(value, word, value == chosen, lit=False) for value, word in words.items()]


def _field(sight: SurveyView, view: View) -> dict[str, object]:
    example = "page.example_comment" if sight.interview.state is InterviewState.COMMENTING else "page.example_remark"
    return {
        "ask": view.paragraphs()[-1],
        "example": example,
        "most": LONGEST_TEXT,
        "written": written(sight.interview),
        "reasons": reasons_at(sight.interview, sight.survey),
    }


def _which(sight: SurveyView, view: View) -> dict[str, object]:
    """Return the question which rating is meant, with its two answers."""
    said = in_doubt(sight.interview)
    return {
        "ask": view.paragraphs()[-1],
        "yes": view.phrases.say(view.locale, "button.clarify_yes", **said),
        "no": view.phrases.say(view.locale, "button.clarify_no", **said),
    }


def _thanks(sight: SurveyView, view: View) -> dict[str, object]:
    thanks, _ratings, promise, contact = view.paragraphs()
    if sight.interview.assessed and not is_raised(sight.interview):
        promise = view.phrases.say(view.locale, "page.sorry" if sight.has_chat else "page.sorry_call")
    rated = partial(_rated, sight, view.locale)
    return {
        "thanks": thanks,
        "promise": promise,
        "contact": contact,
        "ratings": [rated(answer) for answer in sight.interview.answers],
        "may_correct": sight.may_correct,
        "asked_for": sight.asked_for,
    }


def _rated(sight: SurveyView, locale: str, answer: Answer) -> dict[str, object]:
    scale = sight.survey.scale_of(answer.question)
    return {
        "name": in_locale(sight.survey.question(answer.question).name, locale),
        "value": answer.value,
        "word": scale.labels.get(locale, {}).get(answer.value, ""),
        "step": step_shown(sight.interview, answer),
        **_scale(scale, locale, answer.value),
    }


def _scale(scale: Scale, locale: str, chosen: int | None) -> dict[str, object]:
    words, count = scale.labels.get(locale, {}), len(scale.values)
    lit = chosen if chosen is not None else scale.lowest - 1
    rows = -(-count // _IN_A_ROW)
    return {
        "starred": scale.lowest == 1 and scale.highest <= _STARRED,
        "columns": -(-count // rows),
        "highest": scale.highest,
        "points": [Point(value, words.get(value, ""), value == chosen, value <= lit) for value in scale.values],
    }

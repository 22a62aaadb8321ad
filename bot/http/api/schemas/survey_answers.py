"""How a survey was answered in a period, in JSON and in CSV."""

import csv
from collections.abc import Iterable, Mapping
from fractions import Fraction
from io import StringIO

from pydantic import BaseModel, Field

from dialogs.reports.answer_levels import Levels
from dialogs.survey import Survey, in_locale
from storage.model.entered_figures import EnteredFigure, EnteredKind

__all__ = ["SurveyAnswersOut", "survey_answers_csv", "survey_answers_out", "with_remarks"]


class LevelOut(BaseModel):
    """One point of a question's scale, in the question's own words."""

    value: int
    label: str
    count: int
    share: float = Field(description="percent of `n`")


class ConclusionOut(BaseModel):
    """What somebody has entered about answers: what is concluded, and which measures follow."""

    conclusion: str
    measures: str
    by: str


class AnsweredQuestionOut(BaseModel):
    """A question with `n` answers that count."""

    question: str
    name: str
    n: int
    levels: tuple[LevelOut, ...] = Field(description="best first; empty where they would tell of fewer than five")
    remark: ConclusionOut | None = None


class SurveyAnswersOut(BaseModel):
    """How those who were asked in the period have answered."""

    survey: str
    title: str
    about: str | None = Field(description="what is evaluated: person, team, process or policy; or null")
    period: str
    provisional: bool = Field(default=False, description="the period is not over")
    questions: tuple[AnsweredQuestionOut, ...]
    remark: ConclusionOut | None = Field(None, description="the one entered about the survey in this period")


def with_remarks(told: SurveyAnswersOut, entries: Iterable[EnteredFigure]) -> SurveyAnswersOut:
    """Return answers with the remarks that were entered about the survey and its questions, by whatever metric."""
    about = {dict(one.cut).get("question", ""): one for one in entries if _is_about(one, told.survey)}
    questions = (one.model_copy(update={"remark": _remark(about.get(one.question))}) for one in told.questions)
    return told.model_copy(update={"questions": tuple(questions), "remark": _remark(about.get(""))})


def _is_about(one: EnteredFigure, survey: str) -> bool:
    cut = dict(one.cut)
    return one.kind is EnteredKind.REMARK and cut.get("survey") == survey and cut.keys() <= {"survey", "question"}


def _remark(one: EnteredFigure | None) -> ConclusionOut | None:
    return None if one is None else ConclusionOut(conclusion=one.conclusion, measures=one.measures, by=one.by)


def survey_answers_out(survey: Survey, levels: Levels, told: tuple[str, str]) -> SurveyAnswersOut:
    """Return how a survey was answered, `told` as the name of the period and the language.

    There are no levels where figures of the same answers would be withheld.
    """
    period, locale = told
    return SurveyAnswersOut(
        survey=survey.id,
        title=in_locale(survey.title, locale),
        about=survey.about or None,
        period=period,
        questions=tuple(_question(survey, one.id, levels.get(one.id, (0, None)), locale) for one in survey.questions),
    )


def _question(
    survey: Survey, question: str, level: tuple[int, Mapping[int, int] | None], locale: str
) -> AnsweredQuestionOut:
    (n, values), scale = level, survey.scale_of(question)
    counts = values or {}
    shown = reversed(scale.values) if values else ()
    return AnsweredQuestionOut(
        question=question,
        name=in_locale(survey.question(question).name, locale),
        n=n,
        levels=tuple(
            LevelOut(
                value=value,
                label=scale.label(value, locale),
                count=counts.get(value, 0),
                share=float(Fraction(100 * counts.get(value, 0), n)),
            )
            for value in shown
        ),
    )


_COLUMNS = "survey period question name n value label count share conclusion measures".split()


def survey_answers_csv(told: SurveyAnswersOut) -> str:
    """Return the same as CSV, a line for each level of each question."""
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    for question in told.questions:
        head = (told.survey, told.period, question.question, question.name, question.n)
        said = question.remark or told.remark
        words = ("", "") if said is None else (said.conclusion, said.measures)
        rows.writerows([*head, level.value, level.label, level.count, level.share, *words] for level in question.levels)
    return written.getvalue()

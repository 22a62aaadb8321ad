"""A row of surveys: a version as an export tells it, to which the responses of that export belong."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow
from config.surveys.canonical_json import survey_from_json, survey_json
from dialogs.survey import Survey
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.import_records import RowMistake
from storage.model.records import StoredSurvey

__all__ = ["judge_survey", "survey_keys"]

Cells = Mapping[str, Any]
_VERSIONS = range(1, 1_000_001)
"""Those that a survey's file may have."""
_WHOLE = "import surveys.csv as `huifang export` wrote it, with the version of huifang that wrote it or a later one"


def survey_keys(_terms: ImportTerms, cells: Cells, keys: RowKeys) -> None:
    """Add what a row is about."""
    keys.surveys.add((cells["survey"], cells["version"]))


def judge_survey(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the version that a row holds, or what is wrong with it: a version never means two things."""
    mistakes = tuple(_mistakes(cells, stored))
    if mistakes:
        return RefusedRow(mistakes)
    key = cells["survey"], cells["version"]
    return TakenRow() if key in stored.surveys else TakenRow((StoredSurvey(*key, _body(cells), terms.now),))


def _mistakes(cells: Cells, stored: StoredRows) -> Iterator[RowMistake]:
    body = _body(cells)
    if not body:
        yield RowMistake("definition", "", "is no survey that this version of huifang can read", _WHOLE)
        return
    told = json.loads(body)
    for column, said in (("survey", told["id"]), ("version", told["version"])):
        if said != cells[column]:
            yield RowMistake(column, str(cells[column]), f"is {said} in the definition", _WHOLE)
    before = stored.surveys.get((cells["survey"], cells["version"]))
    if before is not None and before.body != body:
        named = f"{cells['survey']} {cells['version']}"
        fix = "take the row out: its responses would answer other questions than they were asked"
        yield RowMistake("definition", named, "was asked here in other words", fix)


def _body(cells: Cells) -> str:
    """Return the definition as it is stored; empty where it is none, or has anything that would be lost."""
    try:
        told = json.loads(cells["definition"])
        survey = survey_from_json(cells["definition"])
        body = survey_json(survey) if _is_sound(survey) else "{}"
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return ""
    return body if json.loads(body) == told else ""


def _is_sound(survey: Survey) -> bool:
    """Return whether every answer to it could be read: one question for an id, all words on a scale of numbers."""
    scale, questions = survey.scale, survey.questions
    ids = [question.id for question in questions]
    named = [survey.title, *(text for question in questions for text in (question.name, question.definition))]
    texts = [survey.id, *ids, *(text for one in named for text in one.values())]
    points = [
        point for words in (survey.words, *(question.words for question in questions)) for point in words.values()
    ]
    numbers = (survey.version, scale.lowest, scale.highest, *points)
    return (
        all(type(number) is int for number in numbers)
        and all(isinstance(text, str) for text in texts)
        and 0 < len(ids) == len(set(ids))
        and survey.version in _VERSIONS
        and scale.lowest < scale.highest
        and all(point in scale for point in points)
    )

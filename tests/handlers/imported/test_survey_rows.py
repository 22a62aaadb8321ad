"""A row of surveys becomes a version that is stored, whole and in the same words, or says what is wrong with it."""

import json
from typing import Any

import pytest

from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, TakenRow
from bot.handlers.imported.survey_rows import judge_survey, survey_keys
from config.surveys.canonical_json import survey_from_json, survey_json
from dialogs.survey import Survey
from scoring.values import replace
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.records import StoredSurvey
from tests.support.stage.scene import NOW, POLICY

TERMS = ImportTerms("imp_1", POLICY, NOW, "李工")
BODY = survey_json(replace(POLICY.survey("after_service"), id="old_paper", version=7))
ROW: dict[str, Any] = {"survey": "old_paper", "version": 7, "definition": BODY}
STORED = StoredSurvey("old_paper", 7, BODY, NOW)


def mistakes(stored: StoredRows | None = None, /, **cells: object) -> list[tuple[str, str, str]]:
    outcome = judge_survey(TERMS, ROW | cells, stored or StoredRows())
    assert isinstance(outcome, RefusedRow), outcome
    return [(one.column, one.value, one.problem) for one in outcome.mistakes]


def changed(**values: object) -> str:
    return json.dumps(json.loads(BODY) | values, ensure_ascii=False)


def test_a_version_is_stored_as_it_was_first_asked() -> None:
    assert judge_survey(TERMS, ROW, StoredRows()) == TakenRow((STORED,))
    keys = RowKeys()
    survey_keys(TERMS, ROW, keys)
    assert keys == RowKeys(surveys={("old_paper", 7)})


def test_how_the_definition_is_laid_out_does_not_matter() -> None:
    spaced = json.dumps(dict(reversed(json.loads(BODY).items())), indent=2)
    assert spaced != BODY
    assert judge_survey(TERMS, ROW | {"definition": spaced}, StoredRows()) == TakenRow((STORED,))


def test_the_same_version_again_changes_nothing() -> None:
    stored = StoredRows()
    stored.add([STORED])
    assert judge_survey(TERMS, ROW, stored) == TakenRow()


def test_a_version_never_means_two_things() -> None:
    stored = StoredRows()
    stored.add([STORED])
    other = changed(title={"zh-Hans": "另一份", "zh-Hant": "另一份", "en": "Another"})
    assert mistakes(stored, definition=other) == [("definition", "old_paper 7", "was asked here in other words")]


NO_SURVEYS = {
    "nothing": "",
    "half": "{",
    "a list": "[]",
    "null": "null",
    "a text": '"old_paper"',
    "deep": "[" * 90_000,
    "no questions": changed(questions=[]),
    "a question twice": changed(questions=json.loads(BODY)["questions"][:1] * 2),
    "a word off the scale": changed(words={"meh": 99}),
    "half a point": changed(scale={"lowest": 1, "highest": 4.5, "labels": {}}),
    "a number for a title": changed(title={"en": 5}),
    "version 0": changed(version=0),
    "a version that no database holds": changed(version=3_000_000_000),
    "half a question": changed(questions=[{"id": "attitude"}]),
    "one point": changed(scale={"lowest": 5, "highest": 5, "labels": {}}),
    "words for points": changed(scale={"lowest": "low", "highest": "high", "labels": {}}),
    "no weight": changed(sections=[{"id": "a", "name": {}, "weight": "1/0", "questions": []}]),
    "of a later version": changed(later_versions_have_this=True),
}


@pytest.mark.parametrize("definition", NO_SURVEYS.values(), ids=NO_SURVEYS.keys())
def test_what_cannot_be_read_whole_is_told(definition: str) -> None:
    assert mistakes(definition=definition) == [("definition", "", "is no survey that this version of huifang can read")]


def test_a_definition_of_another_version_is_told() -> None:
    assert mistakes(survey="paper") == [("survey", "paper", "is old_paper in the definition")]
    assert mistakes(version=8) == [("version", "8", "is 7 in the definition")]


@pytest.mark.parametrize("survey", POLICY.surveys.values(), ids=lambda survey: "-".join(map(str, survey.key)))
def test_every_shipped_survey_passes(survey: Survey) -> None:
    row = {"survey": survey.id, "version": survey.version, "definition": survey_json(survey)}
    assert judge_survey(TERMS, row, StoredRows()) == TakenRow(
        (StoredSurvey(survey.id, survey.version, survey_json(survey), NOW),)
    )
    assert survey_from_json(survey_json(survey)) == survey

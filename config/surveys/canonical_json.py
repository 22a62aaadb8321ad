"""A survey as canonical JSON: what is stored of the version that a customer was asked."""

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from dialogs.survey import Question, RemarkRule, Survey, SurveySection
from scoring.forms.sheet import Grade
from scoring.rules import AlertRule
from scoring.scale import Scale

__all__ = ["digest", "survey_from_json", "survey_json"]

Labels = Mapping[str, Mapping[int, str]]


def survey_json(survey: Survey) -> str:
    """Return a survey as JSON; equal surveys give equal texts."""
    plain = {
        "id": survey.id,
        "version": survey.version,
        "title": dict(survey.title),
        "scale": _scale_out(survey.scale),
        "questions": [_question_out(question) for question in survey.questions],
        "remark": {"at_or_below": survey.remark.at_or_below, "at_most": survey.remark.at_most},
        "words": dict(survey.words),
        "alerts": _alerts_out(survey.alerts),
    } | _left_out_by_default(survey)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _left_out_by_default(survey: Survey) -> dict[str, Any]:
    """Return the keys that versions stored before them have not; left out, the text is theirs."""
    own: dict[str, Any] = {
        "anonymous": survey.anonymous,
        "sections": [_section_out(section) for section in survey.sections],
        "grades": [{"at_least": str(grade.at_least), "name": dict(grade.name)} for grade in survey.grades],
        "leaves_out": survey.leaves_out,
        "about": survey.about,
        "asks_importance": survey.asks_importance,
        "leaves_contradictions": not survey.asks_contradiction,
    }
    return {key: value for key, value in own.items() if value}


def survey_from_json(text: str) -> Survey:
    """Return the survey that `survey_json` wrote. Raises KeyError or ValueError for anything else."""
    plain = json.loads(text)
    scale = _scale_in(plain["scale"])
    return Survey(
        plain["id"],
        plain["version"],
        plain["title"],
        scale,
        tuple(_question_in(part) for part in plain["questions"]),
        RemarkRule(**plain["remark"]),
        plain["words"],
        _alerts_in(plain["alerts"], scale),
        plain.get("anonymous", False),
        tuple(_section_in(part) for part in plain.get("sections", ())),
        tuple(Grade(Fraction(part["at_least"]), part["name"]) for part in plain.get("grades", ())),
        plain.get("leaves_out", False),
        plain.get("about", ""),
        plain.get("asks_importance", False),
        not plain.get("leaves_contradictions", False),
    )


def digest(survey: Survey) -> str:
    """Return 32 characters that differ when anything in the survey does."""
    return blake2b(survey_json(survey).encode(), digest_size=16).hexdigest()


def _question_out(question: Question) -> dict[str, Any]:
    """Return a question; without words of its own it is the text of versions stored before there were any."""
    plain: dict[str, Any] = {"id": question.id, "name": dict(question.name), "definition": dict(question.definition)}
    own: dict[str, Any] = {
        "words": dict(question.words),
        "topics": list(question.topics),
        "dimension": question.dimension,
        "labels": _labels_out(question.labels),
        "importance": question.importance if question.importance != 1 else None,
        "reasons": {locale: list(reasons) for locale, reasons in question.reasons.items()},
    }
    return plain | {key: value for key, value in own.items() if value}


def _question_in(plain: Mapping[str, Any]) -> Question:
    return Question(
        plain["id"],
        plain["name"],
        plain["definition"],
        plain.get("words", {}),
        tuple(plain.get("topics", ())),
        plain.get("dimension", ""),
        _labels_in(plain.get("labels", {})),
        plain.get("importance", 1),
        {locale: tuple(reasons) for locale, reasons in plain.get("reasons", {}).items()},
    )


def _section_out(section: SurveySection) -> dict[str, Any]:
    return {
        "id": section.id,
        "name": dict(section.name),
        "weight": str(section.weight),
        "questions": list(section.questions),
    }


def _section_in(plain: Mapping[str, Any]) -> SurveySection:
    return SurveySection(plain["id"], plain["name"], Fraction(plain["weight"]), tuple(plain["questions"]))


def _scale_out(scale: Scale) -> dict[str, Any]:
    return {"lowest": scale.lowest, "highest": scale.highest, "labels": _labels_out(scale.labels)}


def _scale_in(plain: Mapping[str, Any]) -> Scale:
    return Scale(plain["lowest"], plain["highest"], _labels_in(plain["labels"]))


def _labels_out(labels: Labels) -> dict[str, dict[str, str]]:
    return {locale: {str(point): word for point, word in words.items()} for locale, words in labels.items()}


def _labels_in(plain: Mapping[str, Mapping[str, str]]) -> Labels:
    return {locale: {int(point): word for point, word in words.items()} for locale, words in plain.items()}


def _alerts_out(rule: AlertRule | None) -> dict[str, str] | None:
    if rule is None:
        return None
    return {"rating_at_or_below": str(rule.rating_at_or_below), "mean_below": str(rule.mean_below)}


def _alerts_in(plain: Mapping[str, str] | None, scale: Scale) -> AlertRule | None:
    if plain is None:
        return None
    return AlertRule(Fraction(plain["rating_at_or_below"]), Fraction(plain["mean_below"]), (), scale)

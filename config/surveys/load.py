"""Survey definitions: the shipped ones and the owner's, read from TOML."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.errors import ConfigError, ConfigErrors
from config.pydantic_errors import ErrorPath, explain_errors
from config.surveys.schema import SurveyFile
from config.surveys.validation import lint, survey_mistakes
from config.tomlfile import key_lines, read_toml
from config.values.strings import did_you_mean
from dialogs.survey import Survey

__all__ = ["SHIPPED", "find_survey", "lint", "read_survey", "read_surveys"]

SHIPPED = Path(__file__).parents[1] / "defaults" / "surveys"
"""The folder of the shipped surveys."""


def read_survey(path: Path) -> Survey:
    """Return one survey. Raises ConfigErrors with everything that is wrong in its file."""
    try:
        table = read_toml(path)
    except ConfigError as error:
        raise ConfigErrors([error]) from None
    file = _parsed(path, table)
    wrong = [ConfigError(_where(path, mistake[0], table), *mistake) for mistake in survey_mistakes(file)]
    if wrong:
        raise ConfigErrors(wrong)
    return file.survey()


def read_surveys(directory: Path | None = None) -> dict[str, Survey]:
    """Return the shipped surveys and those in `directory`/surveys, which replace shipped ones of the same id.

    Raises ConfigErrors with everything that is wrong in any of the files.
    """
    return {**_shipped(), **(_read_all(directory / "surveys") if directory else {})}


def find_survey(surveys: Mapping[str, Survey], survey: str, where: str) -> Survey:
    """Return the survey that the setting `survey.default`, written at `where`, names. Raises ConfigError."""
    if survey in surveys:
        return surveys[survey]
    known = did_you_mean(survey, surveys, f"There are {', '.join(surveys)}.")
    raise ConfigError(where, "survey.default", f"There is no survey {survey!r}.", known)


@cache
def _shipped() -> Mapping[str, Survey]:
    """Return the shipped surveys; they belong to the program, and are read once for a process."""
    return _read_all(SHIPPED)


def _parsed(path: Path, table: dict[str, Any]) -> SurveyFile:
    try:
        return SurveyFile.model_validate(table)
    except ValidationError as error:
        faults = explain_errors(error, SurveyFile)
        told = ((_key(place, table), problem, fix) for place, problem, fix in faults)
        wrong = [ConfigError(_where(path, key, table), key, problem, fix) for key, problem, fix in told]
        raise ConfigErrors(wrong) from None


def _read_all(directory: Path) -> dict[str, Survey]:
    found: dict[str, tuple[Survey, Path]] = {}
    wrong: list[ConfigError] = []
    for path in sorted(directory.glob("*.toml")):
        try:
            survey = read_survey(path)
        except ConfigErrors as errors:
            wrong.extend(errors.errors)
            continue
        if survey.id in found:
            problem = f"{found[survey.id][1]} is {survey.id!r} as well."
            wrong.append(ConfigError(str(path), "id", problem, "Give one of them another id."))
        found[survey.id] = survey, path
    if wrong:
        raise ConfigErrors(wrong)
    return {name: survey for name, (survey, _) in found.items()}


def _where(path: Path, key: str, table: Mapping[str, Any]) -> str:
    """Return the file with the line of a key, else of what it stands in; the file alone where neither is written."""
    lines = {_key(place, table): line for place, line in key_lines(path).items()}
    while key and key not in lines:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return f"{path}:{lines[key]}" if key else str(path)


def _key(place: ErrorPath, table: Mapping[str, Any]) -> str:
    """Return a path of keys as an owner reads it: a question by its id, or by its number where it has none."""
    key = ""
    for depth, part in enumerate(place):
        if isinstance(part, int):
            entry = table[str(place[0])][part] if depth == 1 else None
            name = entry.get("id") if isinstance(entry, dict) else None
            key += f"[{name if isinstance(name, str) else f'#{part + 1}'}]"
        else:
            key += f".{part}" if key else part
    return key

"""Survey definitions: the shipped ones and the owner's, read from TOML."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import ConfigError, ConfigErrors
from config.pydantic_errors import ErrorPath, explain_errors
from config.surveys.schema import SurveyFile
from config.surveys.validation import lint, survey_mistakes
from config.tomlfile import key_lines, read_toml
from config.values.strings import did_you_mean
from dialogs.survey import Survey

__all__ = [
    "SHIPPED",
    "find_survey",
    "lint",
    "parsed_file",
    "read_folder",
    "read_survey",
    "read_surveys",
    "table_of",
    "where_in",
]


class Definition(Protocol):
    """What a file defines."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


D = TypeVar("D", bound=Definition)
M = TypeVar("M", bound=BaseModel)

SHIPPED = Path(__file__).parents[1] / "defaults" / "surveys"
"""The folder of the shipped surveys."""


def read_survey(path: Path) -> Survey:
    """Return one survey. Raises ConfigErrors with everything that is wrong in its file."""
    table = table_of(path)
    _refuse_form(path, table)
    file = parsed_file(path, table, SurveyFile)
    wrong = [ConfigError(where_in(path, mistake[0], table), *mistake) for mistake in survey_mistakes(file)]
    if wrong:
        raise ConfigErrors(wrong)
    return file.survey()


def read_surveys(directory: Path | None = None) -> dict[str, Survey]:
    """Return the shipped surveys and those in `directory`/surveys, which replace shipped ones of the same id.

    Raises ConfigErrors with everything that is wrong in any of the files.
    """
    return {**_shipped(), **(read_folder(directory / "surveys", read_survey) if directory else {})}


def find_survey(surveys: Mapping[str, Survey], survey: str, where: str) -> Survey:
    """Return the survey that the setting `survey.default`, written at `where`, names. Raises ConfigError."""
    if survey in surveys:
        return surveys[survey]
    known = did_you_mean(survey, surveys, f"There are {', '.join(surveys)}.")
    raise ConfigError(where, "survey.default", f"There is no survey {survey!r}.", known)


@cache
def _shipped() -> Mapping[str, Survey]:
    """Return the shipped surveys; they belong to the program, and are read once for a process."""
    return read_folder(SHIPPED, read_survey)


def parsed_file(path: Path, table: dict[str, Any], model: type[M]) -> M:
    """Return a file as its model. Raises ConfigErrors with every key that is wrong in itself."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults = explain_errors(error, model)
        told = ((_key(place, table), problem, fix) for place, problem, fix in faults)
        wrong = [ConfigError(where_in(path, key, table), key, problem, fix) for key, problem, fix in told]
        raise ConfigErrors(wrong) from None


def read_folder(directory: Path, read: Callable[[Path], D]) -> dict[str, D]:
    """Return the definitions in a folder by their ids. Raises ConfigErrors with everything that is wrong in any."""
    found: dict[str, tuple[D, Path]] = {}
    wrong: list[ConfigError] = []
    for path in sorted(directory.glob("*.toml")):
        try:
            definition = read(path)
        except ConfigErrors as errors:
            wrong.extend(errors.errors)
            continue
        if definition.id in found:
            problem = f"{found[definition.id][1]} is {definition.id!r} as well."
            wrong.append(ConfigError(str(path), "id", problem, "Give one of them another id."))
        found[definition.id] = definition, path
    if wrong:
        raise ConfigErrors(wrong)
    return {name: definition for name, (definition, _) in found.items()}


def table_of(path: Path) -> dict[str, Any]:
    """Return a file's table. Raises ConfigErrors where it cannot be read."""
    try:
        return read_toml(path)
    except ConfigError as error:
        raise ConfigErrors([error]) from None


def _refuse_form(path: Path, table: Mapping[str, Any]) -> None:
    if "raters" in table:
        problem = "This is a form with raters, and a survey is sent to customers."
        where = where_in(path, "raters", table)
        raise ConfigErrors([ConfigError(where, "raters", problem, "Move the file to forms/, beside surveys/.")])


def where_in(path: Path, key: str, table: Mapping[str, Any]) -> str:
    """Return the file with the line of a key, else of what it stands in; the file alone where neither is written."""
    lines = {_key(place, table): line for place, line in key_lines(path).items()}
    while key and key not in lines:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return f"{path}:{lines[key]}" if key else str(path)


def _key(place: ErrorPath, table: object) -> str:
    """Return a path of keys as an owner reads it: an entry of a list by its id, or by its number where it has none."""
    key, inside = "", table
    for part in place:
        if isinstance(part, int):
            inside = inside[part] if isinstance(inside, list) else None
            name = inside.get("id") if isinstance(inside, dict) else None
            key += f"[{name if isinstance(name, str) else f'#{part + 1}'}]"
        else:
            inside = inside.get(part) if isinstance(inside, dict) else None
            key += f".{part}" if key else part
    return key

"""The lists of a company: the shipped `lists.toml`, or the owner's beside `rules.toml`, which replaces it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from config.errors import ConfigError, ConfigErrors, InvalidValue, shown
from config.settings.setting_types import OneLine, SurveyId
from config.surveys.load import parsed_file, table_of, where_in
from config.surveys.schema import FileTable, Number
from config.values.days import read_day
from config.values.strings import choice_of, read_words
from dialogs.known_words import CompanyLists, Probation, folded_word
from dialogs.names import written_name
from dialogs.time.periods import YearlyPeak
from scoring.deduplication import CHAT, ENTERED_SOURCES

__all__ = ["LISTS_FILE", "read_lists"]

LISTS_FILE = "lists.toml"
_SHIPPED = Path(__file__).parent / "defaults" / LISTS_FILE
_DAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
_LEAP = 2000
"""A year that has every day."""

_OWN = ("open", "pending", "closed", "reopened")


def _day(value: object) -> tuple[int, int, int]:
    """Return year (0 for every year), month and day of 06-18 or 2026-06-18. Raises InvalidValue."""
    found = _DAY.fullmatch(str(value))
    year, month, day = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        date(year or _LEAP, month, day)
    except ValueError:
        raise InvalidValue(f"{shown(value)} is no day of a year.", "Write 06-18, or 2026-06-18 for one year.") from None
    return year, month, day


_Words = Annotated[tuple[str, ...], BeforeValidator(read_words)]
_Status = Annotated[str, BeforeValidator(choice_of(*_OWN))]
_Source = Annotated[str, BeforeValidator(choice_of(CHAT, *ENTERED_SOURCES))]
_Day = Annotated[tuple[int, int, int], BeforeValidator(_day)]


class PeakPart(FileTable):
    """`[[peaks]]`: days with much to do."""

    name: OneLine
    first: _Day
    last: _Day

    def peak(self) -> YearlyPeak:
        """Return it as the core's value."""
        return YearlyPeak(self.name, self.first[1:], self.last[1:], self.first[0])


class ProbationPart(FileTable):
    """`[[probation]]`: whose results do not count yet."""

    agent: OneLine
    last: Annotated[date, BeforeValidator(read_day)]
    first: Annotated[date, BeforeValidator(read_day)] | None = None

    def probation(self) -> Probation:
        """Return it as the core's value."""
        return Probation(written_name(self.agent), self.last, self.first)


class ListsFile(FileTable):
    """The whole file."""

    statuses: dict[_Status, _Words] = Field(default_factory=dict)
    service_types: dict[SurveyId, _Words] = Field(default_factory=dict)
    peaks: tuple[PeakPart, ...] = ()
    source_weights: dict[_Source, Number] = Field(default_factory=dict)
    probation: tuple[ProbationPart, ...] = ()

    def lists(self) -> CompanyLists:
        """Return it as the core's value."""
        own = {word: word for word in _OWN}
        return CompanyLists(
            _by_word(self.statuses) | own,
            _by_word(self.service_types) | {name: name for name in self.service_types},
            tuple(part.peak() for part in self.peaks),
            self.source_weights,
            tuple(part.probation() for part in self.probation),
        )


def _by_word(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {folded_word(word): name for name, words in lists.items() for word in words}


def read_lists(directory: Path | None = None) -> CompanyLists:
    """Return the owner's lists, or the shipped ones. Raises ConfigErrors with everything that is wrong in the file."""
    own = directory / LISTS_FILE if directory is not None else None
    return _read(own) if own is not None and own.exists() else _shipped()


@cache
def _shipped() -> CompanyLists:
    return _read(_SHIPPED)


def _read(path: Path) -> CompanyLists:
    table = table_of(path)
    file = parsed_file(path, table, ListsFile)
    wrong = [ConfigError(where_in(path, mistake[0], table), *mistake) for mistake in _mistakes(file)]
    if wrong:
        raise ConfigErrors(wrong)
    return file.lists()


def _mistakes(file: ListsFile) -> Iterator[tuple[str, str, str]]:
    """Yield the key, what is wrong, and the fix of each mistake that is none of a single key."""
    for name, lists in (("statuses", file.statuses), ("service_types", file.service_types)):
        yield from _twice(name, lists)
    for status, words in file.statuses.items():
        for word in words:
            if folded_word(word) in _OWN and folded_word(word) != status:
                yield f"statuses.{status}", f"{word} is the API's own word for another.", "Take it out of this list."
    for source, weight in file.source_weights.items():
        if weight < 0:
            yield f"source_weights.{source}", "It is below 0.", "Write 0 where this source shall not count."
    for place, part in enumerate(file.peaks, 1):
        if part.last[0] and part.last[0] - (part.last[1:] < part.first[1:]) != part.first[0]:
            yield f"peaks[#{place}].last", "The year is not that of its first day.", "Write both with a year, or none."

    yield from _probation_mistakes(file.probation)


def _probation_mistakes(parts: Iterable[ProbationPart]) -> Iterator[tuple[str, str, str]]:
    for place, one in enumerate(parts, 1):
        if one.first is not None and one.last < one.first:
            yield f"probation[#{place}].last", "It is before the first day.", "Write the last day of the probation."


def _twice(name: str, lists: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, str]]:
    seen: dict[str, str] = {}
    for key, words in lists.items():
        for word in words:
            before = seen.setdefault(folded_word(word), key)
            if before != key:
                yield f"{name}.{key}", f"{word} stands under {before}, too.", "Keep it in one of the two."

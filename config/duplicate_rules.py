"""The rules of what counts once: the shipped file, or the owner's `counting.toml`, which replaces it."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from config.errors import ConfigError, ConfigErrors
from config.settings.setting_types import SurveyId, YesNo
from config.surveys.load import parsed_file, table_of, where_in
from config.surveys.schema import FileTable, Number
from config.values.days import read_day
from config.values.numbers import whole
from config.values.strings import choice_of, read_words
from scoring.deduplication import (
    CHAT,
    ENTERED_SOURCES,
    DuplicateRule,
    DuplicateRules,
    KeptReview,
    KeptSources,
    ReviewPeriod,
    SharedKey,
)
from scoring.scale import FIVE
from scoring.validity import BY_RULE, ExclusionReason

__all__ = ["COUNTING_FILE", "read_counting"]

COUNTING_FILE = "counting.toml"
SHIPPED = Path(__file__).parent / "defaults" / COUNTING_FILE

Source = Annotated[str, BeforeValidator(choice_of(CHAT, *ENTERED_SOURCES))]
Words = Annotated[tuple[str, ...], BeforeValidator(read_words)]


class DuplicatePart(FileTable):
    """`[[duplicates]]`: one rule."""

    name: SurveyId
    same: tuple[Annotated[str, BeforeValidator(choice_of(*SharedKey))], ...]
    reason: Annotated[str, BeforeValidator(choice_of(*BY_RULE))] = ExclusionReason.DUPLICATE
    services: Words | None = None
    bad_only: YesNo = False
    prefer: tuple[tuple[Source, ...], ...] = ()
    keep: Annotated[str, BeforeValidator(choice_of(*KeptSources))] = KeptSources.ONE
    then: Annotated[str, BeforeValidator(choice_of(*KeptReview))] = KeptReview.EARLIEST

    def rule(self) -> DuplicateRule:
        """Return it as the core's value."""
        return DuplicateRule(
            self.name,
            tuple(map(SharedKey, self.same)),
            ExclusionReason(self.reason),
            frozenset(word.strip().casefold() for word in self.services or ()),
            self.bad_only,
            self.prefer,
            KeptSources(self.keep),
            KeptReview(self.then),
        )


class CountingFile(FileTable):
    """The whole file."""

    version: Annotated[int, BeforeValidator(whole(1, 1_000_000))]
    effective_from: Annotated[date, BeforeValidator(read_day)]
    period: Annotated[str, BeforeValidator(choice_of(*ReviewPeriod))] = ReviewPeriod.MONTH
    bad_at_or_below: Number = Fraction(2)
    duplicates: tuple[DuplicatePart, ...]

    def rules(self) -> DuplicateRules:
        """Return it as the core's value."""
        return DuplicateRules(
            self.version,
            self.effective_from,
            ReviewPeriod(self.period),
            self.bad_at_or_below,
            tuple(part.rule() for part in self.duplicates),
        )


def read_counting(directory: Path | None = None) -> DuplicateRules:
    """Return the owner's rules, or the shipped ones. Raises ConfigErrors with everything that is wrong in the file."""
    own = directory / COUNTING_FILE if directory is not None else None
    return _read(own) if own is not None and own.exists() else _shipped()


@cache
def _shipped() -> DuplicateRules:
    return _read(SHIPPED)


def _read(path: Path) -> DuplicateRules:
    table = table_of(path)
    file = parsed_file(path, table, CountingFile)
    wrong = [ConfigError(where_in(path, mistake[0], table), *mistake) for mistake in _mistakes(file)]
    if wrong:
        raise ConfigErrors(wrong)
    return file.rules()


def _mistakes(file: CountingFile) -> Iterator[tuple[str, str, str]]:
    """Yield the key, what is wrong, and the fix of each mistake that is none of a single key."""
    if not FIVE.lowest <= file.bad_at_or_below < FIVE.highest:
        yield "bad_at_or_below", "This is no point of 1-5 below the best.", "Write a number from 1 to less than 5."
    seen: set[str] = set()
    for place, part in enumerate(file.duplicates, 1):
        key = f"duplicates[#{place}]"
        if part.name in seen:
            yield f"{key}.name", f"{part.name} is the name of a rule before.", "Give each rule a name of its own."
        seen.add(part.name)
        empty = [name for name in ("same", "services") if getattr(part, name) == ()]
        yield from ((f"{key}.{name}", "There is nothing in this list.", "Name at least one.") for name in empty)
        if {*part.same} == {SharedKey.SURVEY}:
            yield f"{key}.same", "Whole surveys would count once.", "Add closing, ticket, customer or contact."
        named = [source for group in part.prefer for source in group]
        twice = sorted({source for source in named if named.count(source) > 1})
        if twice:
            yield f"{key}.prefer", f"{', '.join(twice)} stands here twice.", "Name each source once."
        if part.keep == KeptSources.BEST and len(part.prefer) < 2:  # noqa: PLR2004 (one before another)
            yield f"{key}.keep", "Without sources of two ranks nothing goes before the rest.", "Write `prefer`."

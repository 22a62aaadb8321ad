"""Reads lists of phrases, and prints how many are read as they were meant."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import assert_never

from config.locale.words import load_lexicon
from config.surveys.load import read_surveys
from dialogs.understanding.model import AllChosen, AskedQuestion, Chosen, Contrary, OffScale, Reading, Wants, Words
from dialogs.understanding.read import read

__all__ = ["PHRASES", "Phrase", "Verdict", "judged", "phrases_in", "print_measured"]

PHRASES = tuple(sorted((Path(__file__).parents[2] / "tests/dialogs/understanding/phrases").glob("*.toml")))
"""The lists of this repository."""

_AGAIN = "again"
_NUMBERS = ("all", "each")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, where it was typed, and what it means."""

    text: str
    locale: str
    survey: str
    question: str
    means: tuple[str, ...]
    rest: str | None = None

    @property
    def kind(self) -> str:
        """What sort of answer it is meant to be."""
        first = self.means[0].split()[0]
        if first in _NUMBERS:
            return "several ratings"
        return ("rating with reason" if self.rest else "rating") if first.isdecimal() else first


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a phrase was read as; `is_misread` where it became a rating or an opt-out that was not meant."""

    phrase: Phrase
    read_as: str
    is_right: bool
    is_misread: bool


@cache
def phrases_in(path: Path) -> tuple[Phrase, ...]:
    """Return the phrases of a list, read once."""
    return tuple(map(_phrase, tomllib.loads(path.read_text())["phrases"]))


def _phrase(entry: dict[str, str]) -> Phrase:
    means = tuple(entry["means"].split("|"))
    return Phrase(entry["text"], entry["locale"], entry["survey"], entry["question"], means, entry.get("rest"))


def judged(phrase: Phrase) -> Verdict:
    """Return what a phrase is read as, at a question after which none is answered yet."""
    survey = read_surveys()[phrase.survey]
    left = len(survey.questions) - survey.place(phrase.question)
    reading = read(phrase.text, AskedQuestion(survey, phrase.question, phrase.locale, left), load_lexicon())
    said, is_kept = _meaning(reading), phrase.rest is None or _bare(getattr(reading, "rest", "")) == _bare(phrase.rest)
    is_meant = said in phrase.means
    changes = said[0].isdecimal() or said.split()[0] in _NUMBERS or said == "stop"
    return Verdict(phrase, said, is_meant and is_kept, changes and not is_meant)


def print_measured(paths: Iterable[Path]) -> None:
    """Print right, tried and misread for each kind and language, and what was not read right."""
    verdicts = [judged(phrase) for path in paths for phrase in phrases_in(path)]
    for one in verdicts:
        if not one.is_right:
            meant = "|".join(one.phrase.means)
            print(f"{one.phrase.text!r} ({one.phrase.question}) means {meant}, is read as {one.read_as}")
    for kind in sorted({one.phrase.kind for one in verdicts}):
        print(f"{kind:20} {_counted([one for one in verdicts if one.phrase.kind == kind])}")
    for locale in sorted({one.phrase.locale for one in verdicts}):
        print(f"{locale:20} {_counted([one for one in verdicts if one.phrase.locale == locale])}")
    print(f"{'typed words':20} {_counted(verdicts)}")


def _counted(verdicts: Sequence[Verdict]) -> str:
    right, misread = sum(one.is_right for one in verdicts), sum(one.is_misread for one in verdicts)
    share = right / len(verdicts)
    return f"right {right} of {len(verdicts)} ({share:.1%}), read as another rating or an opt-out {misread}"


def _meaning(reading: Reading) -> str:
    match reading:
        case Chosen(value):
            return str(value)
        case AllChosen((value,)):
            return f"all {value}"
        case AllChosen(values):
            return f"each {' '.join(map(str, values))}"
        case Wants(intent):
            return intent.value
        case Words(complaint):
            return "complaint" if complaint else _AGAIN
        case OffScale() | Contrary():
            return _AGAIN
        case never:
            assert_never(never)


def _bare(rest: str) -> str:
    return rest.strip(" .。!！").casefold()

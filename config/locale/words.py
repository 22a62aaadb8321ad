"""The words of the understanding: the shipped `defaults/words/*.toml`, and over them the owner's own `words/*.toml`."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.errors import ConfigError, ConfigErrors
from config.tomlfile import read_toml
from config.values.strings import did_you_mean
from config.weight_table import read_weights
from dialogs.understanding.lexicon import Intent, Lexicon, WordTables
from dialogs.understanding.pattern import Pattern
from scoring.rules import AlertRule
from scoring.text.alert_phrases import AlertDoubts
from scoring.text.weights import ALERT

__all__ = ["SHIPPED_ALERT_WEIGHTS", "load_lexicon", "topic_names", "word_tables"]

_SHIPPED = Path(__file__).parents[1] / "defaults" / "words"
SHIPPED_ALERT_WEIGHTS = Path(__file__).parents[1] / "defaults" / "text" / "alerts.tsv"
_TABLES = ("patterns", "typos", "longer", "simplified")
_REMOVE, _ALERT = "remove", "alert."
_EXCLUSIVE = ("adjective", "importance", "sign", "topic")
"""Groups of lists that give a word one meaning, so that it stands in one of them only."""

Found = list[tuple[str, Any]]


class _Tables:
    """The words of one or more files, still open for more."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, None]] = {}
        self.patterns: dict[Intent, list[str]] = {}
        self.simplified: dict[str, str] = {}
        self.typos: dict[str, str] = {}
        self.longer: dict[str, str] = {}

    def add(self, table: Mapping[str, Any]) -> None:
        """Add a file's words."""
        for name, words in _lists(table):
            self.lists.setdefault(name, {}).update(dict.fromkeys(words))
        for intent, rows in table.get("patterns", {}).items():
            self.patterns.setdefault(Intent(intent), []).extend(rows)
        self.typos.update(table.get("typos", {}))
        self.longer.update(table.get("longer", {}))
        pairs = table.get("simplified", {}).get("pairs", "").split()
        self.simplified.update({pair[0]: pair[1] for pair in pairs})

    def forget(self, table: Mapping[str, Any], fold: Callable[[str], str]) -> None:
        """Take out what a file removes, and from each group of one meaning what it gives another one."""
        removed = {fold(word) for word in table.get(_REMOVE, ())}
        moved: dict[str, set[str]] = {}
        for name, words in _lists(table):
            moved.setdefault(_group(name), set()).update(map(fold, words))
        for name, words in self.lists.items():
            gone = removed | (moved.get(_group(name), set()) if _group(name).startswith(_EXCLUSIVE) else set())
            self.lists[name] = {word: None for word in words if fold(word) not in gone}

    def lexicon(self) -> Lexicon:
        """Return them compiled."""
        return Lexicon(self.tables(), _doubts())

    def tables(self) -> WordTables:
        """Return them as they are now."""
        lists = {name: tuple(words) for name, words in self.lists.items()}
        patterns = {intent: tuple(rows) for intent, rows in self.patterns.items()}
        return WordTables(lists, patterns, self.simplified, self.typos, self.longer)


def load_lexicon(directory: Path | None = None) -> Lexicon:
    """Return all words; `directory` is the owner's folder (`files.directory`).

    Raises ConfigErrors naming everything of the owner's that cannot be used, and why.
    """
    own = sorted((directory / "words").glob("*.toml")) if directory else []
    return _laid_over(own) if own else _shipped()


@cache
def _shipped() -> Lexicon:
    """Return the shipped words; they belong to the program, and are compiled once for a process."""
    return _shipped_tables().lexicon()


def word_tables() -> WordTables:
    """Return the shipped words as they are written."""
    return _shipped_tables().tables()


@cache
def _doubts() -> AlertDoubts:
    """Return what doubts alert words; of an owner's own ones it was taught nothing, and doubts none."""
    tables = _shipped_tables()
    fold = AlertRule(simplified={ord(one): other for one, other in tables.simplified.items()}).fold
    alerts = {name.removeprefix(_ALERT): words for name, words in tables.lists.items() if name.startswith(_ALERT)}
    forms = frozenset(fold(form) for name, words in alerts.items() for form in (name, *words))
    return AlertDoubts(read_weights(SHIPPED_ALERT_WEIGHTS, frozenset({ALERT})), forms)


@cache
def topic_names() -> frozenset[str]:
    """Return the topics that a question of a survey may name."""
    return frozenset(_file(_SHIPPED / "topics.toml")["topic"])


@cache
def _file(path: Path) -> Mapping[str, Any]:
    return read_toml(path)


def _shipped_tables() -> _Tables:
    tables = _Tables()
    for path in sorted(_SHIPPED.glob("*.toml")):
        tables.add(_file(path))
    return tables


def _laid_over(paths: list[Path]) -> Lexicon:
    tables = _shipped_tables()
    mistakes: list[ConfigError] = []
    said: dict[tuple[str, str], str] = {}
    known = frozenset(tables.lists)
    for path in paths:
        file = f"words/{path.name}"
        try:
            table = read_toml(path, file)
        except ConfigError as error:
            mistakes.append(error)
            continue
        wrong = [ConfigError(file, *mistake) for mistake in _mistakes(table, known, said)]
        mistakes.extend(wrong)
        if not wrong:
            tables.forget(table, _shipped().folded_word)
            tables.add(table)
    if mistakes:
        raise ConfigErrors(mistakes)
    return tables.lexicon()


def _lists(table: Mapping[str, Any]) -> Found:
    """Return a file's lists by their names, `adjective.5`."""
    return list(_flat({key: value for key, value in table.items() if key not in _TABLES and key != _REMOVE}))


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _group(name: str) -> str:
    """Return the group of a list: `adjective`, `topic.speed`."""
    return name.rpartition(".")[0]


_Mistake = tuple[str, str, str]


def _mistakes(table: Mapping[str, Any], known: frozenset[str], said: dict[tuple[str, str], str]) -> Iterator[_Mistake]:
    """Yield what is wrong in a file of the owner's; `said` collects the meanings of all of them."""
    for name, words in [*_lists(table), (_REMOVE, table.get(_REMOVE, []))]:
        if name != _REMOVE and name not in known and not name.startswith(_ALERT):
            yield name, "There is no such list.", did_you_mean(name, known, "The lists are those of the shipped files.")
        elif not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            yield name, "This is not a list of words.", 'Write ["one", "another"].'
        elif name != _REMOVE:
            yield from _contradictions(name, words, said)
    yield from _wrong_patterns(table.get("patterns", {}), known)
    typos = table.get("typos", {})
    if not isinstance(typos, dict) or not all(isinstance(right, str) for right in typos.values()):
        yield "typos", "This is not a table of words.", 'Write "wrong" = "right".'


def _contradictions(name: str, words: list[str], said: dict[tuple[str, str], str]) -> Iterator[_Mistake]:
    group = _group(name)
    for word in dict.fromkeys(words):
        meaning = (group if group.startswith(_EXCLUSIVE) else name, word.casefold())
        before = said.setdefault(meaning, name)
        if before != name:
            yield name, f"{word!r} stands in {before} as well.", "Let each word mean one thing."
        elif words.count(word) > 1:
            yield name, f"{word!r} stands here twice.", "Keep one."


def _wrong_patterns(patterns: object, known: frozenset[str]) -> Iterator[_Mistake]:
    if not isinstance(patterns, dict):
        yield "patterns", "This is not a table.", 'Write stop = ["…"] below [patterns].'
        return
    for intent, rows in patterns.items():
        key = f"patterns.{intent}"
        if intent not in list(Intent):
            yield key, "There is no such wish.", did_you_mean(intent, list(Intent), f"There are {', '.join(Intent)}.")
        elif not isinstance(rows, list) or not all(isinstance(row, str) and row.strip() for row in rows):
            yield key, "This is not a list of patterns.", 'Write ["wish.no wish.send"].'
        else:
            for name in sorted(frozenset().union(*(Pattern(row).names for row in rows)) - known):
                yield key, f"There is no list {name}.", did_you_mean(name, known, "Name lists of the shipped files.")

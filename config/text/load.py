"""The words of comments: the shipped `defaults/text` on top of `defaults/words`, then the owner's own; and weights."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from config.errors import ConfigError, ConfigErrors
from config.locale.words import word_tables
from config.text.word_lists import COMBINED, Mistake, WordRow, entry_rows, removed_words, role_of, word_list
from config.tomlfile import read_toml
from config.weight_table import load_weights, weights_file
from dialogs.understanding.lexicon import WordTables
from scoring.text.lexicons import Entry, Lexicons, Role
from scoring.text.weights import Weights
from scoring.values import replace

__all__ = ["load_lexicons", "load_weighed", "text_files"]

_SHIPPED = Path(__file__).parents[1] / "defaults" / "text"
_SHARED = "shared.toml"
_TOPIC = "topic"
_IDEOGRAPHS = range(0x4E00, 0xA000)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}
"""Full-width letters and digits."""


def load_lexicons(directory: Path | None = None) -> Lexicons:
    """Return the words by which comments are read; `directory` is the owner's folder (`files.directory`).

    Raises ConfigErrors naming everything of the owner's that cannot be used, and why.
    """
    own = _word_files(directory) if directory else []
    return _laid_over(_shipped(), own) if own else _shipped()


def load_weighed(directory: Path | None = None) -> Lexicons:
    """Return the words with the weights by which whole comments are judged, 5 MB more. Raises ConfigErrors."""
    return _weighed(load_lexicons(directory), load_weights(directory))


@lru_cache(maxsize=1)
def _weighed(lexicons: Lexicons, weights: Weights) -> Lexicons:
    """Return the same value for the same ones, by which whoever keeps what is made of it knows that it is the same."""
    return replace(lexicons, weights=weights)


def text_files(directory: Path) -> list[Path]:
    """Return the files of the owner's by which comments are read and judged."""
    return [*_word_files(directory), *filter(Path.exists, [weights_file(directory)])]


def _word_files(directory: Path) -> list[Path]:
    return sorted((directory / "text").glob("*.toml"))


@cache
def _shared() -> Mapping[str, Any]:
    return read_toml(_SHIPPED / _SHARED)


@cache
def _shipped() -> Lexicons:
    """Return the shipped words, which are read once for a process."""
    tables = word_tables()
    folding = {ord(one): ord(other) for one, other in tables.simplified.items()}
    folding |= {code: ord(" ") for code in range(0x80, 0x3001) if chr(code).isspace()}
    folding |= {code: ord(chr(plain).lower()) for code, plain in _WIDE.items()}
    lexicons = Lexicons({}, folding)
    lexicons = _merged(lexicons, _answers(tables))
    lexicons = _laid_over(lexicons, [path for path in sorted(_SHIPPED.glob("*.toml")) if path.name != _SHARED])
    typos = {wrong: lexicons.entries[right] for wrong, right in tables.typos.items() if right in lexicons.entries}
    return replace(lexicons, entries={**typos, **lexicons.entries})


def _laid_over(lexicons: Lexicons, paths: Iterable[Path]) -> Lexicons:
    """Return the lexicons with the words of files on top. Raises ConfigErrors."""
    mistakes: list[ConfigError] = []
    said: dict[str, tuple[str, Entry]] = {}
    removed: set[str] = set()
    for path in paths:
        file = f"text/{path.name}"
        try:
            table = read_toml(path, file)
        except ConfigError as error:
            mistakes.append(error)
            continue
        wrong: list[Mistake] = []
        rows = sorted(entry_rows(table, _shared()["levels"], wrong), key=_is_combined)
        wrong.extend(_contradictions(rows, file, said, lexicons))
        mistakes.extend(ConfigError(file, *mistake) for mistake in wrong)
        removed.update(map(lexicons.fold, removed_words(table)))
    if mistakes:
        raise ConfigErrors(mistakes)
    kept = {word: entry for word, entry in lexicons.entries.items() if word not in removed}
    return _merged(replace(lexicons, entries=kept), ((word, entry) for word, (_, entry) in said.items()))


def _contradictions(
    rows: Iterable[WordRow], file: str, said: dict[str, tuple[str, Entry]], lexicons: Lexicons
) -> Iterator[Mistake]:
    """Yield the words that mean two things; `said` collects what each word means, and where that is written."""
    for key, word, entry in rows:
        folded = lexicons.fold(word)
        if _is_combined((key, word, entry)) and folded in said:
            continue  # made by rule: what is written out goes before
        place, before = said.setdefault(folded, (f"{file} {key}", entry))
        if before != entry:
            yield key, f"{word!r} stands in {place} as well.", "Let each word mean one thing."


def _is_combined(row: WordRow) -> bool:
    return row[0].startswith(COMBINED)


def _merged(lexicons: Lexicons, rows: Iterable[tuple[str, Entry]]) -> Lexicons:
    """Return the lexicons with further words; a word of no dimension keeps the one it had, where it says the same."""
    entries = dict(lexicons.entries)
    for word, entry in rows:
        old = entries.get(word)
        same = old is not None and old.role is entry.role and old.weight * entry.weight > 0
        entries[word] = replace(entry, dimension=old.dimension) if old and same and not entry.dimension else entry
    return replace(lexicons, entries=entries)


def _answers(tables: WordTables) -> Iterator[tuple[str, Entry]]:
    """Yield the words of `defaults/words` as they count in a comment; of several topics the first one has a word."""
    shared, fold = _shared(), Lexicons({}, {}).fold
    left = {fold(word) for word in word_list(shared["leave"]["words"]) or ()}
    found: dict[str, Entry] = {}
    for name, words in sorted(tables.lists.items(), key=lambda one: not one[0].startswith(_TOPIC)):
        entry = _use(name)
        if entry is not None:
            counting = (fold(word) for word in words if _counts(word, entry))
            found = {word: entry for word in counting if word not in left} | found
    yield from found.items()


def _use(name: str) -> Entry | None:
    """Return what the words of a list of `defaults/words` are here; None where they are nothing."""
    shared, (group, _, level) = _shared(), name.rpartition(".")
    topic = group.removeprefix(f"{_TOPIC}.") if group.startswith(_TOPIC) else ""
    use = shared["uses"].get(f"{_TOPIC}.{level}" if topic else name)
    if use is None or (topic and topic not in shared["topics"]):
        return None
    role = role_of(use)
    dimension = shared["topics"][topic] if topic else ""
    return Entry(Role.OPINION, shared["levels"][use], dimension) if role is None else Entry(role)


def _counts(word: str, entry: Entry) -> bool:
    """Return whether a word of an answer counts in a comment: a single Chinese character is part of many words."""
    return entry.role is not Role.OPINION or len(word) > 1 or ord(word) not in _IDEOGRAPHS

"""The words of the understanding: `defaults/words/*.toml`, read once for a process."""

from functools import cache
from pathlib import Path

from config.tomlfile import read_toml
from dialogs.understanding.lexicon import Intent, Lexicon

__all__ = ["load_lexicon"]

_SHIPPED = Path(__file__).parents[1] / "defaults" / "words"


@cache
def load_lexicon() -> Lexicon:
    """Return the words of all languages."""
    tables = [read_toml(path) for path in sorted(_SHIPPED.glob("*.toml"))]
    intents = {word: Intent(name) for table in tables for name, words in table["intents"].items() for word in words}
    return Lexicon(intents, frozenset(word for table in tables for word in table["nothing"]))

"""Names by which people are told apart: one spelling of what was typed, and whether two of them are one person's.

Letters that only look alike, such as Latin and Cyrillic A, stay different: there the roster tells who somebody is.
"""

import re
import unicodedata
from collections.abc import Mapping

__all__ = ["is_same_person", "name_key", "only_namesake", "written_name"]

_UNSEEN = ("Cc", "Cf", "Cs")
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Shows nothing and is no format character: joiners, Hangul fillers, an empty Braille cell, variation selectors.

Unicode, DerivedCoreProperties.txt, Default_Ignorable_Code_Point; the Braille cell is not among them.
"""


def written_name(name: str) -> str:
    """Return a name as it is stored: full width as half (NFKC), one space for blanks, none around, nothing unseen.

    Empty where nothing can be seen; case stays as it was typed.
    """
    compatible = unicodedata.normalize("NFKC", name)
    kept = (c for c in compatible if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    seen = unicodedata.normalize("NFKC", _FILLERS.sub("", "".join(kept)))
    return " ".join(seen.split())


def name_key(name: str) -> str:
    """Return what is the same for every spelling of a name, whatever its width, case, blanks and unseen characters."""
    return unicodedata.normalize("NFKC", written_name(name).casefold()).replace(" ", "")


def is_same_person(one: str, other: str) -> bool:
    """Return whether two names are spellings of one; an empty name is nobody's."""
    key = name_key(one)
    return bool(key) and key == name_key(other)


def only_namesake(name: str, agents: Mapping[str, str]) -> str:
    """Return what tickets call an agent, by the names of those known by an id: the only id with it, else the name."""
    namesakes = [agent for agent, known in agents.items() if known == name]
    return namesakes[0] if len(namesakes) == 1 else name

"""Reads by what phrases are looked for, and what is masked in the words of customers: shipped rules, no owner's."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from config.tomlfile import read_toml
from scoring.text.masker import Masker, MaskingRule
from scoring.text.phrase_miner import MiningRules

__all__ = ["load_masker", "load_mining_rules"]

_SHIPPED = Path(__file__).parents[1] / "defaults" / "mining"


@cache
def load_masker() -> Masker:
    """Return the rules by which words are masked.

    They are compiled once for a process. Patterns are written with words in angle brackets, which stand for others, so
    that a reader of the file sees what each is made of.
    """
    table = read_toml(_SHIPPED / "masking.toml")
    words: dict[str, str] = table["words"]
    return Masker(words["mask"], tuple(_rule(one, words) for one in table["rules"]))


def _rule(row: dict[str, Any], words: dict[str, str]) -> MaskingRule:
    """Return a pattern, and what is shown in its place: the mask, where the row says nothing else."""
    shown = row.get("shown", words["mask"])
    return re.compile(_filled(row["pattern"], words)), _filled(shown, words)


def _filled(pattern: str, words: dict[str, str]) -> str:
    """Return a pattern with what its words stand for; a word may be made of those before it."""
    for name, value in words.items():
        pattern = pattern.replace(f"<{name}>", value)
    return pattern


@cache
def load_mining_rules() -> MiningRules:
    """Return the rules by which phrases are looked for, with the numbers that hold where the file says nothing."""
    table = read_toml(_SHIPPED / "phrases.toml")
    return MiningRules(
        edges=frozenset(table["edges"]),
        last=frozenset(table["last"]),
        small=frozenset(table["small"].split()),
        empty=frozenset(table["empty"].split()),
        numerals=frozenset(table["numerals"]),
        begins=frozenset(table["begins"]),
        ends=frozenset(table["ends"]),
    )

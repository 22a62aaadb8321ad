"""Telephone numbers and e-mail addresses as help desks write them: free text, with one in it if it can be read."""

import re
import unicodedata

__all__ = ["dialled", "is_email", "spellings"]

_NUMBER = re.compile(r"(?<![0-9*])\+?\(?[0-9](?:[0-9 ().-]*[0-9])?(?![0-9*])")
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>.]+(\.[^@\s,;<>.]+)*")
_DIGITS = range(3, 16)
"""So many digits has a number that can be rung (ITU-T E.164); fewer are a floor or a door."""
_COUNTRY = re.compile(r"(?:\+|00)(86|852|853|886|65|[17]|[2-9][0-9])")
_BETWEEN = r"[ ()./-]*"
_SHORTEST = 5
"""Digits below which a number stands in too many sentences to be looked for."""


def dialled(text: str) -> str:
    """Return the first number in a text as it is dialled, digits with a plus where it has one; empty for none.

    A short one is taken only where no longer one stands there: it may be an area's code, written apart.
    """
    found = _numbers(text)
    return next((number for number in found if len(number.lstrip("+")) >= _SHORTEST), next(iter(found), ""))


def is_email(text: str) -> bool:
    """Return whether a text is an e-mail address, and nothing else."""
    return _EMAIL.fullmatch(text) is not None


def spellings(text: str) -> list[str]:
    """Return patterns for the numbers in a text however somebody writes them.

    The country's code may be missing or there, digits may be grouped, and an extension may follow.
    """
    national = (_national(number) for number in _numbers(text))
    before = rf"(?:(?:\+|00)?{_BETWEEN}[0-9]{{1,3}}{_BETWEEN})?"
    looked_for = (digits for digits in national if len(digits) >= _SHORTEST)
    return [rf"(?<![0-9]){before}{_BETWEEN.join(digits)}(?![0-9])" for digits in looked_for]


def _numbers(text: str) -> list[str]:
    found = (re.sub(r"[^+0-9]", "", number[0]) for number in _NUMBER.finditer(unicodedata.normalize("NFKC", text)))
    return [number for number in found if len(number.lstrip("+")) in _DIGITS]


def _national(number: str) -> str:
    country = _COUNTRY.match(number)
    return number[country.end() :] if country else number.lstrip("+")

"""Telephone numbers and e-mail addresses as help desks write them: free text, with one in it if it can be read."""

import hashlib
import hmac
import re
import unicodedata

__all__ = ["contact_key", "dialled", "is_email", "is_number", "national_digits", "plain_address", "spellings"]

_NUMBER = re.compile(r"(?<![0-9*])\+?\(?[0-9](?:[0-9 ().-]*[0-9])?(?![0-9*])")
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>.]+(\.[^@\s,;<>.]+)*")
_DIGITS = range(3, 16)
"""So many digits has a number that can be rung (ITU-T E.164); fewer are a floor or a door."""
_COUNTRY = re.compile(r"(?:\+|00)(86|852|853|886|65|[17]|[2-9][0-9])")
_BETWEEN = r"[ ()./-]*"
_SHORTEST = 5
"""Digits below which a number stands in too many sentences to be looked for."""
_KEY = 32  # hexadecimal digits: 128 bits


def dialled(text: str) -> str:
    """Return the first number in a text as it is dialled, digits with a plus where it has one; empty for none.

    A short one is taken only where no longer one stands there: it may be an area's code, written apart.
    """
    found = _numbers(text)
    return next((number for number in found if len(number.lstrip("+")) >= _SHORTEST), next(iter(found), ""))


def is_number(text: str) -> bool:
    """Return whether a text has as many digits as somebody's number, stars for those that were left out."""
    return sum(letter.isdecimal() or letter == "*" for letter in text) >= _SHORTEST


def is_email(text: str) -> bool:
    """Return whether a text is an e-mail address, and nothing else."""
    return _EMAIL.fullmatch(text) is not None


def national_digits(text: str) -> str:
    """Return the digits of the first number in a text without its country's code, however it is written.

    A mobile number of China is known by its length, also where 86 stands before it without a plus. Empty for none, for
    one that is too short to be somebody's, and for one with digits left out.
    """
    if "*" in text:
        return ""
    digits = _national(dialled(text))
    if len(digits) == len("8613800138000") and digits.startswith("861"):
        digits = digits.removeprefix("86")
    return digits if len(digits) >= _SHORTEST else ""


def plain_address(text: str) -> str:
    """Return the letters and digits of an address: in half width and lower case, without spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def contact_key(secret: bytes, phone: str, address: str) -> str:
    """Return a key for a telephone number and a postal address together, empty where either cannot be read.

    Help desks may know one person under several ids: the same home has the same key. It is a hash with the
    installation's own secret (HMAC-SHA-256, RFC 2104), so that nobody can try all numbers against it.
    """
    place = plain_address(address) if address else ""
    digits = national_digits(phone) if place else ""
    if not digits:
        return ""
    return hmac.new(secret, f"contact\0{digits}\0{place}".encode(), hashlib.sha256).hexdigest()[:_KEY]


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

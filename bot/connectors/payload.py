"""What a help desk's JSON holds, read by path: what is missing, null or of another type is simply not there."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from math import isfinite
from typing import Any

from dialogs.sanitize import one_line
from scoring.values import Value

__all__ = ["BrokenPayload", "Payload", "address_key", "read_payload"]

_LINE = 500
"""Characters of a text that are kept, as many as the API takes of a line."""
_LATEST_SECONDS = 100_000_000_000
"""A number of seconds lies below this until the year 5138, one of milliseconds above it since 1973."""
_EXACT = 2**63
"""Whole numbers of more digits are no ids."""
_KEY = 24  # hexadecimal digits: 96 bits
_NAMES = ("name", "title", "label", "value")
"""Under which of its fields an entry of a list says what it is called."""


class BrokenPayload(ValueError):  # noqa: N818 (the name says what the body is)
    """The body is no JSON; the text says where."""


class Payload(Value):
    """A value of a delivery; paths are names and places in lists with dots between, such as `issue.labels.0.name`."""

    value: Any

    def get(self, path: str) -> Any:  # noqa: ANN401 (JSON is anything)
        """Return what stands at a path as it is, None where nothing does."""
        found = self.value
        for step in path.split("."):
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
                found = found[int(step)]
            else:
                return None
        return found

    def part(self, path: str) -> "Payload":
        """Return what stands at a path, to be read further."""
        return Payload(self.get(path))

    def parts(self, path: str) -> list["Payload"]:
        """Return the entries of a list, none where there is no list."""
        found = self.get(path)
        return [Payload(entry) for entry in found] if isinstance(found, list) else []

    def text(self, *paths: str) -> str:
        """Return the first of these that says something, on one line; a number in digits, as ids are of both kinds."""
        return next((text for path in paths if (text := _text(self.get(path)))), "")

    def moment(self, *paths: str) -> datetime | None:
        """Return the first of these that is a moment: ISO 8601, or seconds or milliseconds since 1970."""
        return next((moment for path in paths if (moment := _moment(self.get(path))) is not None), None)

    def words(self, path: str) -> tuple[str, ...]:
        """Return the words of a list, of texts or of entries with a name, or of a text with commas between."""
        found = self.get(path)
        if isinstance(found, str):
            found = found.split(",")
        entries = found if isinstance(found, list) else []
        return tuple(dict.fromkeys(filter(None, (_name(entry) for entry in entries))))

    @property
    def is_object(self) -> bool:
        """Whether it has fields."""
        return isinstance(self.value, dict)


def read_payload(body: bytes) -> Payload:
    """Return a delivery's JSON; raises BrokenPayload. Texts that no database stores lose what cannot be stored."""
    try:
        return Payload(json.loads(body.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise BrokenPayload("is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BrokenPayload(f"is not JSON: {error.msg}, line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise BrokenPayload("is nested too deeply") from None
    except ValueError:  # int() refuses numbers of more than 4300 digits
        raise BrokenPayload("holds a number that is too long") from None


def address_key(address: str) -> str:
    """Return an id for somebody of whom only an e-mail address or a number is told, from which it cannot be read."""
    return sha256(address.strip().casefold().encode()).hexdigest()[:_KEY] if address.strip() else ""


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return one_line(_digits(value) if isinstance(value, float) else str(value), _LINE)


def _digits(number: float) -> str:
    """Return a number as it was written: all digits of a whole one, which may be an id; empty for what is none."""
    if not isfinite(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)


def _name(entry: object) -> str:
    named: Iterable[object] = map(entry.get, _NAMES) if isinstance(entry, dict) else (entry,)
    return next((text for each in named if (text := _text(each))), "")


def _moment(value: object) -> datetime | None:
    """Return a moment in UTC; one without a zone is taken for UTC, as help desks mean it."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if value <= 0:  # never
                return None
            return datetime.fromtimestamp(value / 1000 if value >= _LATEST_SECONDS else value, UTC)
        if isinstance(value, str) and value.isdecimal():
            return _moment(int(value))
        moment = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00")) if isinstance(value, str) else None
        if moment is None:
            return None
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None

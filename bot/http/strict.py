"""JSON from outside, read strictly: what two readers could understand differently is refused."""

import json
from typing import Any

from bot.http.problems import Wrong

__all__ = ["BadJson", "read_json"]

_DEEPEST = 16
_LONGEST_NAME = 60


class BadJson(ValueError):  # noqa: N818 (the name says what the body is)
    """The body cannot be read; `wrong` says where and why."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.problem)
        self.wrong = wrong


def read_json(raw: bytes) -> Any:  # noqa: ANN401 (JSON is anything)
    """Read a JSON body; raises BadJson for malformed or too deep JSON, repeated names, and unstorable characters."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadJson(Wrong("body", "is not UTF-8")) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadJson(Wrong("body", f"is not JSON: {error.msg}, {place}")) from None
    except RecursionError:
        raise BadJson(Wrong("body", "is nested too deeply")) from None
    except BadJson:
        raise
    except ValueError:  # int() refuses numbers of more than 4300 digits
        raise BadJson(Wrong("body", "holds a number that is too long")) from None
    _check(value, (), _DEEPEST)
    return value


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadJson(Wrong(_shown(twice), "stands twice in the same object"))
    return found


def _no_constant(name: str) -> None:
    raise BadJson(Wrong("body", f"{name} is no JSON number"))


def _check(value: object, place: tuple[str, ...], deeper: int) -> None:
    """Refuse texts that no database keeps: NUL, and halves of a surrogate pair."""
    if not deeper:
        raise BadJson(Wrong("body", "is nested too deeply"))
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name, place)
            _check(inner, (*place, name), deeper - 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check(inner, (*place, str(index)), deeper - 1)


def _check_text(text: str, place: tuple[str, ...]) -> None:
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadJson(Wrong(_shown(".".join(place)) or "body", "holds a NUL character or half a surrogate pair"))


def _shown(name: str) -> str:
    return name[:_LONGEST_NAME]

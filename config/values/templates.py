"""Parser of the fields of a WeChat template: texts with placeholders for the ticket's data."""

import json
from collections.abc import Callable, Mapping
from string import Formatter

from config.errors import InvalidValue, shown

__all__ = ["CLOSURE_PLACES", "INVITATION_PLACES", "read_field_paths", "template_fields"]

INVITATION_PLACES = ("subject", "ticket", "closed_at", "agent", "team")
CLOSURE_PLACES = (*INVITATION_PLACES, "note", "resolved_at")

_FIX = 'Write it as {"thing1": "{subject}", "time3": "{closed_at}"}.'


def read_field_paths(value: object) -> dict[str, str]:
    """Return a JSON object or TOML table of names and paths. Raises InvalidValue."""
    return _table(value, 'Write it as {"ticket": "data.number", "status": "data.state"}.')


def template_fields(*places: str) -> Callable[[object], dict[str, str]]:
    """Return a parser of a JSON object or TOML table whose texts may hold these placeholders in braces."""

    def read(value: object) -> dict[str, str]:
        table = _table(value, _FIX)
        for field, text in table.items():
            _check(field, text, places)
        return table

    return read


def _table(value: object, fix: str) -> dict[str, str]:
    try:
        table = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        raise InvalidValue(f"{shown(value)} is not JSON.", fix) from None
    if not isinstance(table, Mapping) or not all(isinstance(text, str) for text in table.values()):
        raise InvalidValue("The fields are not a table of texts.", fix)
    return dict(table)


def _check(field: str, text: str, places: tuple[str, ...]) -> None:
    try:
        used = [place for _, place, _, _ in Formatter().parse(text) if place is not None]
    except ValueError:
        raise InvalidValue(f"Field {shown(field)} has a brace without its partner.", _FIX) from None
    for place in used:
        if place not in places:
            known = " ".join(f"{{{name}}}" for name in places)
            raise InvalidValue(f"Field {shown(field)} uses {{{place}}}, which nobody fills.", f"Use {known}.")

"""Templates of notices, and what their fields may hold.

Lengths and alphabets by the key's type (developers.weixin.qq.com, subscription notifications, parameter table);
category templates are held to the same table.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.support.wechat.errors import broken, refused

__all__ = ["Template", "is_fit", "read_fields"]

CLOCK = r"\d{1,2}:\d{2}(:\d{2})?"
DATE = r"\d{4}[年\-/.]\d{1,2}[月\-/.]\d{1,2}日?"
MOMENT = {"time": rf"({DATE} ?)?{CLOCK}", "date": rf"{DATE}( ?{CLOCK})?"}
RULES = {
    "thing": r".{1,20}",
    "number": r"(?=.{1,33}$)\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": rf"{MOMENT['time']}(~{MOMENT['time']})?",
    "date": rf"{MOMENT['date']}(~{MOMENT['date']})?",
    "amount": r"[^\w\s]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "car_number": r"[\u4e00-\u9fff]?[A-Z0-9\u4e00-\u9fff]{1,7}",
    "name": r"[A-Za-z .·]{1,20}|[A-Za-z .·\u3400-\u9fff]{1,10}",
    "phrase": r"[\u3400-\u9fff]{1,5}",
}
KEY = re.compile(r"([a-z_]+?)_?\d*")
UNREADABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(slots=True)
class Template:
    """One template that the account has: for template messages or for subscription notifications."""

    id: str
    kind: Literal["template", "subscribe"]
    title: str
    keys: tuple[str, ...]
    banned: bool = False

    def __post_init__(self) -> None:
        unknown = [key for key in self.keys if _type_of(key) not in RULES]
        assert not unknown, f"no such field types: {unknown}; there are {sorted(RULES)}"


def is_fit(key: str, value: str) -> bool:
    """Return whether the platform takes this value under this key (`thing1`, `time3`)."""
    return re.fullmatch(RULES[_type_of(key)], value) is not None and not UNREADABLE.search(value)


def read_fields(template: Template, data: object) -> Mapping[str, str]:
    """Read `data {key: {"value"}}`; raises 47003 that names the field.

    A value that does not fit breaks a rule, for whoever sends it can shorten it; keys that the template does not have
    are the account owner's mistake, and refused.
    """
    if not isinstance(data, dict):
        raise broken(47003, "data")
    values = {key: _value(key, field) for key, field in data.items()}
    if set(values) != set(template.keys):
        odd = sorted(set(values) ^ set(template.keys))
        raise refused(47003, f"data.{odd[0]}.value is empty or unknown")
    for key, value in values.items():
        if not is_fit(key, value):
            raise broken(47003, f"data.{key}.value invalid: {value!r}")
    return values


def _value(key: str, field: Any) -> str:  # noqa: ANN401 (any JSON)
    if not isinstance(field, dict) or not {"value"} <= field.keys() <= {"value", "color"}:
        raise broken(47003, f"data.{key}")
    if not isinstance(field["value"], str):
        raise broken(47003, f"data.{key}.value")
    return field["value"]


def _type_of(key: str) -> str:
    match = KEY.fullmatch(key)
    return match[1] if match else ""

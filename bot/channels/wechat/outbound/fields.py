"""The fields of a notice: their values, shortened to what the platform takes; pure.

Kinds and lengths: developers.weixin.qq.com, subscription notifications, parameter table. Templates of service
categories are held to the same table. The kind is the key without its number: `thing1`, `time3`.
"""

import re
from collections.abc import Callable, Mapping

from dialogs.sanitize import one_line
from scoring.values import Value, field

__all__ = ["Notice", "UnfitField", "filled_fields", "named_field", "plainer", "shows_fact"]

_CHINESE = r"\u3400-\u9fff"
_DATE = re.compile(r"\d{4}[年\-/.]\d{1,2}[月\-/.]\d{1,2}日?", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?", re.ASCII)
_KIND = re.compile(r"([a-z_]+?)_?\d*")
_PLACE = re.compile(r"\{\{|\}\}|\{(\w+)[^{}]*\}")
_NAMED = re.compile(r"data\.(\w+?)\.value")
_LONGEST = 200  # of kinds that the table does not know, such as those of older templates
_NOBODY = "客服"
_NOTHING = "—"


class UnfitField(ValueError):  # noqa: N818 (the name says what the value is)
    """The field would be empty, which the platform refuses."""


class Notice(Value):
    """A template of the account, and the texts of its fields, with places such as `{subject}`."""

    template: str
    fields: Mapping[str, str] = field(default_factory=dict)


def filled_fields(notice: Notice, facts: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every field; raises UnfitField, naming the field, for one that would be empty."""
    return {key: _fitted(key, _written(text, facts)) for key, text in notice.fields.items()}


def shows_fact(notice: Notice, facts: Mapping[str, str], what: str) -> bool:
    """Return whether one of the fields shows this fact whole."""
    fact = one_line(facts.get(what, ""), len(facts.get(what, "")))
    return any(fact in _fit(key, _written(text, facts)) for key, text in notice.fields.items())


def named_field(problem: str) -> str:
    """Return the field that an error's text names, empty where it names none."""
    found = _NAMED.search(problem)
    return found[1] if found else ""


def plainer(key: str, value: str) -> str | None:
    """Return a refused value without anything unusual, None where that changes nothing."""
    plain = _fit(key, re.sub(rf"[^A-Za-z0-9{_CHINESE} ，。、：:~./-]", "", value)) or _BLANKS.get(_kind(key), "")
    return plain if plain and plain != value else None


def _written(text: str, facts: Mapping[str, str]) -> str:
    """Return a text with the facts in their places; an unknown one is empty, a doubled brace is a brace."""
    return _PLACE.sub(lambda found: facts.get(found[1], "") if found[1] else found[0][0], text)


def _fitted(key: str, text: str) -> str:
    value = _fit(key, text) or _BLANKS.get(_kind(key), "")
    if not value:
        said = "what the message says" if text.strip() else "''"  # the operator is told, who is not to read it
        raise UnfitField(f"field {key} has nothing to say when filled with {said}")
    return value


def _fit(key: str, text: str) -> str:
    fit = _FITS.get(_kind(key))
    return fit(one_line(text, len(text))) if fit else one_line(text, _LONGEST)


def _kind(key: str) -> str:
    found = _KIND.fullmatch(key)
    return found[1] if found else ""


def _kept(characters: str, longest: int) -> Callable[[str], str]:
    """Return a function that keeps only such characters, and so many of them."""
    others = re.compile(f"[^{characters}]")
    return lambda text: others.sub("", text).strip()[:longest].strip()


def _first(pattern: str) -> Callable[[str], str]:
    """Return a function that keeps the first part that matches."""
    wanted = re.compile(pattern, re.ASCII)
    return lambda text: found[0] if (found := wanted.search(text)) else ""


def _name(text: str) -> str:
    name = _kept(rf"A-Za-z .·{_CHINESE}", len(text))(text)
    return name[: 10 if re.search(f"[{_CHINESE}]", name) else 20].strip()


def _plate(text: str) -> str:
    plate = _kept(r"A-Z0-9\u4e00-\u9fff", len(text))(text)
    return plate[: 8 if re.match(r"[\u4e00-\u9fff]", plate) else 7]


def _moment(text: str) -> str:
    date, clock = _DATE.search(text), _CLOCK.search(text)
    return "" if clock is None else f"{date[0]} {clock[0]}" if date else clock[0]


def _day(text: str) -> str:
    date, clock = _DATE.search(text), _CLOCK.search(text)
    return "" if date is None else f"{date[0]} {clock[0]}" if clock else date[0]


def _range(one: Callable[[str], str]) -> Callable[[str], str]:
    """Return a function that keeps one moment or, with `~`, two."""
    return lambda text: "~".join(moment for part in text.split("~", 1) if (moment := one(part)))


_FITS: Mapping[str, Callable[[str], str]] = {
    "thing": lambda text: one_line(text, 20),
    "number": _first(r"\d{1,28}(\.\d{1,3})?"),
    "letter": _kept("A-Za-z", 32),
    "symbol": lambda text: re.sub(r"[\w\s]", "", text)[:5],
    "character_string": _kept(r"\x20-\x7e", 32),
    "time": _range(_moment),
    "date": _range(_day),
    "amount": _first(r"[¥￥$€£]?\d{1,10}(\.\d{1,2})?元?"),
    "phone_number": _kept(r"0-9+() \-", 17),
    "car_number": _plate,
    "name": _name,
    "phrase": _kept(_CHINESE, 5),
}
_BLANKS: Mapping[str, str] = {"thing": _NOTHING, "character_string": "-", "name": _NOBODY}

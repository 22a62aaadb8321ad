"""The text form of an audience, as an admin types it: `tag=vip team=north closed_within=30d`, or in Chinese."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from dialogs.campaign.model import Audience
from scoring.values import fields

__all__ = ["AudienceError", "audience_text", "known_filters", "read_audience"]

_NAMES = {
    "sources": ("source", "来源", "來源"),
    "teams": ("team", "团队", "團隊"),
    "categories": ("category", "分类", "分類"),
    "products": ("product", "产品", "產品"),
    "agents": ("agent", "经办", "經辦"),
    "tags": ("tag", "标签", "標籤"),
    "tiers": ("tier", "等级", "等級"),
    "locales": ("locale", "语言", "語言"),
    "channels": ("channel", "渠道"),
    "customers": ("customer", "客户", "客戶"),
    "surveys": ("survey", "问卷", "問卷"),
    "statuses": ("status", "状态", "狀態"),
    "issues": ("issue", "问题", "問題"),
    "issue_kinds": ("issue_kind", "问题类型", "問題類型"),
    "root_causes": ("root_cause", "原因"),
    "closed_within": ("closed_within", "关闭于", "關閉於"),
    "closed_before": ("closed_before", "关闭早于", "關閉早於"),
    "appointment_within": ("appointment_within", "预约于", "預約於"),
    "appointment_before": ("appointment_before", "预约早于", "預約早於"),
    "score_at_or_below": ("score_at_or_below", "评分不高于", "評分不高於"),
    "score_at_or_above": ("score_at_or_above", "评分不低于", "評分不低於"),
}
_FIELD = {name: field for field, names in _NAMES.items() for name in (*names, field)}
_LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_PAIR = re.compile(r'\s*([^\s=＝]+)\s*[=＝]\s*(?:"([^"]*)"|“([^”]*)”|([^\s]+))')
_SPAN = re.compile(r"([0-9]{1,5})\s*(m|h|d|w|分钟|分鐘|小时|小時|天|周|週)")
_UNITS = {
    **dict.fromkeys(("m", "分钟", "分鐘"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "小时", "小時"), timedelta(hours=1)),
    **dict.fromkeys(("d", "天"), timedelta(days=1)),
    **dict.fromkeys(("w", "周", "週"), timedelta(weeks=1)),
}
_ALLOWED = {
    "statuses": (
        "scheduled", "sent", "started", "completed", "partial", "declined", "expired", "suppressed", "unreachable",
        "cancelled",
    ),
    "issues": ("open", "claimed", "resolved", "closed"),
    "issue_kinds": ("low_score", "complaint", "call", "manual"),
}  # fmt: skip


class AudienceError(ValueError):
    """A filter line that cannot be read; the phrase `admin.audience.KEY`, with `values`, tells the admin why."""

    def __init__(self, key: str, **values: str) -> None:
        """Take the phrase and its values; the exception's own text is for logs."""
        super().__init__(f"{key.replace('_', ' ')}: {', '.join(values.values())}")
        self.key = key
        self.values = values


def read_audience(line: str) -> Audience:
    """Return the audience of a filter line: all filters must hold, values separated by commas are alternatives.

    Raises AudienceError.
    """
    found: dict[str, Any] = {}
    for name, value in _pairs(line):
        field = _FIELD.get(name.lower())
        if field is None:
            raise AudienceError("unknown_key", name=name)
        if field in found:
            raise AudienceError("twice", name=name)
        found[field] = _reader(field)(name, value)
    if not found:
        raise AudienceError("empty")
    return Audience(**found)


def known_filters(locale: str = "en") -> str:
    """Return the names of the filters in a language."""
    return " ".join(_filter_name(names, locale) for names in _NAMES.values())


def audience_text(audience: Audience, locale: str = "en") -> str:
    """Return an audience as `read_audience` reads it; instants, which cannot be typed, by their day."""
    given = {each.name: getattr(audience, each.name) for each in fields(audience)}
    return " ".join(
        f"{_filter_name(_NAMES.get(name, (name,)), locale)}={_value_text(value)}"
        for name, value in given.items()
        if value not in ((), None)
    )


def _filter_name(names: tuple[str, ...], locale: str) -> str:
    """Return a filter's name in a language; a name that both Chinese scripts share is listed once."""
    place = _LANGUAGES.index(locale) if locale in _LANGUAGES else 0
    return names[min(place, len(names) - 1)]


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    place, text = 0, line.strip()
    while place < len(text):
        found = _PAIR.match(text, place)
        if found is None:
            raise AudienceError("not_a_filter", text=text[place:].strip())
        yield found[1], next(value for value in found.groups()[1:] if value is not None)
        place = found.end()


def _reader(field: str) -> Callable[[str, str], object]:
    if field.endswith(("_within", "_before")):
        return _span
    return _number if field.startswith("score_") else _list_of(_ALLOWED.get(field, ()))


def _list_of(allowed: tuple[str, ...]) -> Callable[[str, str], tuple[str, ...]]:
    def read(name: str, value: str) -> tuple[str, ...]:
        items = tuple(dict.fromkeys(item.strip() for item in re.split("[,，、]", value) if item.strip()))
        if not items:
            raise AudienceError("no_value", name=name)
        for item in items:
            if allowed and item not in allowed:
                raise AudienceError("unknown_value", name=name, value=item, known=" ".join(allowed))
        return items

    return read


def _span(name: str, value: str) -> timedelta:
    found = _SPAN.fullmatch(value.strip().lower())
    if found is None:
        raise AudienceError("no_span", name=name, value=value)
    return int(found[1]) * _UNITS[found[2]]


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:  # noqa: PLR2004 - no scale of ours goes further
        raise AudienceError("no_number", name=name, value=value)
    return number


def _value_text(value: object) -> str:
    match value:
        case tuple():
            joined = ",".join(str(each) for each in value)
            return f'"{joined}"' if " " in joined else joined
        case timedelta():
            return _span_text(value)
        case datetime():
            return value.date().isoformat()
        case _:
            return f"{value:g}"


def _span_text(length: timedelta) -> str:
    units: Mapping[str, timedelta] = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
    unit, size = next((unit, size) for unit, size in units.items() if not length % size or unit == "m")
    return f"{length // size}{unit}"

"""The types of fields that the API takes, each with a plain sentence for what is wrong with a value."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints, WithJsonSchema

from bot.channels.registry import CHANNELS
from dialogs.issue.model import TicketKey
from dialogs.names import written_name
from dialogs.sanitize import one_line
from dialogs.time.zones import find_zone, is_zone_name, zone_hint
from storage.model.service_details import Rework

__all__ = [
    "ChannelName",
    "Email",
    "Id",
    "Language",
    "Line",
    "LongText",
    "Moment",
    "Name",
    "NoteText",
    "OwnFields",
    "Phone",
    "RatedId",
    "RaterName",
    "ReworkKind",
    "Signed",
    "Source",
    "StatusWord",
    "Tag",
    "TicketRef",
    "Warranty",
    "WebAddress",
    "Zone",
    "is_web_address",
    "read_ticket",
]

if TYPE_CHECKING:
    ChannelName = str
else:
    ChannelName = Literal[tuple(channel.name for channel in CHANNELS if channel.capabilities.binding)]

_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_EXAMPLE = "2026-11-22T02:30:00Z"
_YEARS = range(1970, 2200)
_LINE = 500
_EXACT = 2**53
"""Up to here every JSON reader sees the same whole number (RFC 8259, section 6)."""
"""Outside of them sums of dates would leave the range of `datetime`, and no ticket was closed then."""


def read_moment(value: object) -> datetime:
    """Return a moment of ISO 8601 with a zone, in UTC. Raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"must be a text such as {_EXAMPLE}")  # noqa: TRY004 (pydantic expects it)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"is no moment of ISO 8601, such as {_EXAMPLE}") from None
    if moment.tzinfo is None:
        raise ValueError(f"needs a time zone: Z or +08:00 at the end, as in {_EXAMPLE}")
    if moment.year not in _YEARS:
        raise ValueError(f"must lie in the years {_YEARS[0]} to {_YEARS[-1]}")
    return moment.astimezone(UTC)


def _signed(value: object) -> bool | datetime:
    """Return whether or when something was signed. Raises ValueError for anything else."""
    if isinstance(value, bool):
        return value
    try:
        return read_moment(value)
    except ValueError:
        raise ValueError(f"must be true, false, or when it was signed, such as {_EXAMPLE}") from None


def _warranty(value: object) -> bool | str:
    """Return whether there is a warranty, or the help desk's words. Raises ValueError for anything else."""
    if isinstance(value, bool) or (isinstance(value, str) and len(value) <= _LINE):
        return value
    raise ValueError(f"must be true, false or a text of at most {_LINE} characters")


def _rework(value: object) -> str:
    """Return who found that a repair has to be done again; empty for nobody. Raises ValueError for anything else."""
    if value in ("", *Rework):
        return str(value)
    raise ValueError(f"must be {' or '.join(Rework)}")


def _scalar(value: object) -> str | bool | float:
    """Return the value of a help desk's own field. Raises ValueError for anything but a text, a number, true, false."""
    if isinstance(value, str) and len(value) <= _LINE:
        return value
    if isinstance(value, bool | int | float) and abs(value) <= _EXACT:
        return value
    raise ValueError(f"must be a text of at most {_LINE} characters, a number up to 2^53, true or false")


def read_ticket(value: str) -> TicketKey:
    """Return source and id of `source/id`; the id may itself hold slashes. Raises ValueError for anything else."""
    source, slash, ticket = value.partition("/")
    if not (source.strip() and slash and ticket.strip()):
        raise ValueError("must be source/id, such as zendesk/42")
    return source, ticket


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("holds a line break or an invisible character")
    return value


_BLANKS = " \u115f\u1160\u2800\u3164\uffa0"
"""What counts as printable and shows nothing: the space, Hangul fillers, an empty Braille cell."""


def _not_blank(value: str) -> str:
    if not value.strip(_BLANKS):
        raise ValueError("is blank")
    return value


def _name(value: str) -> str:
    name = written_name(value)
    if not name:
        raise ValueError("is empty")
    return name


def _written(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def _no_slash(value: str) -> str:
    if "/" in value:
        raise ValueError("must not hold a slash")
    return value


def _ticket_ref(value: str) -> str:
    return "/".join(read_ticket(value))


def _language(value: str) -> str:
    if value and not _TAG.fullmatch(value):
        raise ValueError("is no language tag, such as zh-Hans, zh-Hant or en")
    return value


def _line(value: str) -> str:
    return one_line(unicodedata.normalize("NFKC", value), len(value) * 4)


def _web_address(value: str) -> str:
    """Return an address that a browser may open; raises ValueError for other schemes, and for one with a password."""
    if value and not is_web_address(value):
        raise ValueError("is no web address, such as https://desk.example.com/tickets/42, or holds a password")
    return value


def is_web_address(value: str) -> bool:
    """Return whether a text is the address of a page that a browser may open, without a password."""
    if not value.isprintable() or " " in value or "\\" in value:
        return False
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False


def _zone(value: str) -> str:
    if value and find_zone(value) is None and not is_zone_name(value):
        raise ValueError(f"is no time zone. {zone_hint(value)}")
    return value


Id = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable), AfterValidator(_not_blank)
]
"""An id that a help desk gave to a ticket, a customer, a person."""

Source = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_printable),
    AfterValidator(_not_blank),
    AfterValidator(_no_slash),
]
"""The name of a help desk."""

TicketRef = Annotated[
    str,
    StringConstraints(max_length=265),
    AfterValidator(_printable),
    AfterValidator(_ticket_ref),
    Field(description="A ticket as `source/id`.", examples=["zendesk/42"]),
]
Line = Annotated[str, StringConstraints(max_length=_LINE)]
StatusWord = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_printable)]
"""A ticket's status: `open`, `pending`, `closed`, `reopened`, or a help desk's word for one of them."""

Tag = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_name)]
"""Who does it: a name on the roster or free text, in one spelling."""

RaterName = Annotated[str, StringConstraints(max_length=200), AfterValidator(written_name)]
"""Who rates; empty for nobody."""

RatedId = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_name)]
"""Whom or what a sheet is about, in one spelling."""

NoteText = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_written)]
"""The sentence that the customer reads, whole; with the words around it, it fits a message of 4096 characters."""

Phone = Annotated[str, StringConstraints(max_length=500), AfterValidator(_line)]
Email = Annotated[str, StringConstraints(max_length=500), AfterValidator(_line)]
"""Both are free text in help desks, masked or with a note behind: none is a reason to lose a ticket."""

WebAddress = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_web_address)]
LongText = Annotated[str, StringConstraints(max_length=4000)]
_BOOLEAN: dict[str, str] = {"type": "boolean"}
_MOMENT = {"type": "string", "format": "date-time", "examples": [_EXAMPLE]}
_TEXT = {"type": "string", "maxLength": _LINE}

Signed = Annotated[bool | datetime, PlainValidator(_signed), WithJsonSchema({"anyOf": [_BOOLEAN, _MOMENT]})]
Warranty = Annotated[bool | str, PlainValidator(_warranty), WithJsonSchema({"anyOf": [_BOOLEAN, _TEXT]})]
ReworkKind = Annotated[str, PlainValidator(_rework), WithJsonSchema({"enum": ["", *Rework], "type": "string"})]
_Scalar = Annotated[
    str | bool | int | float,
    PlainValidator(_scalar),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "number"}, _BOOLEAN]}),
]
OwnFields = Annotated[dict[Tag, _Scalar], Field(max_length=50)]
"""A help desk's own fields by name."""

Language = Annotated[str, StringConstraints(max_length=35), AfterValidator(_language)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    WithJsonSchema(_MOMENT),
]

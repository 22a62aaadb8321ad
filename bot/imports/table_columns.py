"""The columns of tables that are imported and exported, by kind: their names are those of the API."""

from collections.abc import Container, Mapping
from enum import StrEnum

from scoring.values import Value
from storage.model.service_details import SERVICE_DETAILS, SERVICE_TIMES

__all__ = ["FAMILIES", "IMPORT_COLUMNS", "SEPARATOR", "CellKind", "ImportKind", "TableColumn", "column_of"]

SEPARATOR = ";"
"""What stands between several values in one cell."""


class ImportKind(StrEnum):
    """What a table is about."""

    TICKETS = "tickets"
    RESPONSES = "responses"
    REVIEWS = "reviews"
    CONTACTS = "contacts"
    ASSESSMENTS = "assessments"
    SURVEYS = "surveys"


class CellKind(StrEnum):
    """What the cells of a column hold."""

    ID = "id"
    SOURCE = "source"
    LINE = "line"
    TEXT = "text"
    DEFINITION = "definition"
    MOMENT = "moment"
    FLAG = "flag"
    NUMBER = "number"
    ENDING = "ending"
    LIST = "list"
    CHATS = "chats"
    TICKET = "ticket"
    PHONE = "phone"
    LANGUAGE = "language"
    ZONE = "zone"
    CHAT_STATE = "chat_state"
    ROLE = "role"
    ADDRESS = "address"
    REWORK = "rework"
    SIGNED = "signed"
    WARRANTY = "warranty"
    RATING = "rating"
    SCALAR = "scalar"


class TableColumn(Value):
    """A column by its name; `is_required`: without a value in it, or in `instead`, a row cannot be taken."""

    name: str
    kind: CellKind = CellKind.LINE
    is_required: bool = False
    instead: str = ""

    def lacks(self, have: Container[str]) -> bool:
        """Return whether it is required, and neither it nor what does instead is among these."""
        return self.is_required and self.name not in have and self.instead not in have


def _columns(**kinds: str) -> tuple[TableColumn, ...]:
    """Return columns by their kinds; a name that begins with `!` is required."""
    named = ((kind, name) for kind, names in kinds.items() for name in names.split())
    return tuple(TableColumn(name.lstrip("!"), CellKind(kind), name.startswith("!")) for kind, name in named)


_OF_DETAILS = {
    **dict.fromkeys(SERVICE_TIMES, CellKind.MOMENT),
    "fault": CellKind.TEXT,
    "customer_signed": CellKind.SIGNED,
    "report_reviewed": CellKind.SIGNED,
    "warranty": CellKind.WARRANTY,
    "resent": CellKind.FLAG,
    "solved_first_time": CellKind.FLAG,
    "rework": CellKind.REWORK,
}
_DETAILS = tuple(
    TableColumn(name, _OF_DETAILS.get(name, CellKind.LINE)) for name in SERVICE_DETAILS if name != "fields"
)
_TICKETS = (
    *_columns(source="source", id="!ticket", line="status"),
    *_columns(id="!customer", line="customer.name", language="customer.locale", zone="customer.timezone"),
    *_columns(line="customer.tier customer.email customer.postal_address", phone="customer.phone", chats="contacts"),
    *_columns(id="agent.id", line="agent.name team subject category product"),
    *_columns(moment="opened_at first_replied_at closed_at appointment_at updated_at"),
    *_columns(list="tags", address="url"),
    *_DETAILS,
)
_RESPONSES = (
    *_columns(line="id", ticket="ticket"),
    *_columns(line="customer survey", number="version"),
    *_columns(line="channel number"),
    *_columns(ending="status"),
    TableColumn("given_at", CellKind.MOMENT, is_required=True, instead="asked_at"),
    *_columns(moment="asked_at", line="by", text="comment"),
)
_REVIEWS = (
    *_columns(line="platform"),
    *_columns(id="!number", number="!stars", text="text", moment="!given_at"),
    *_columns(line="customer", ticket="ticket"),
)
_CONTACTS = (
    *_columns(id="!customer", line="name", language="locale", zone="timezone"),
    *_columns(line="tier email postal_address", phone="phone", flag="opted_out", moment="opted_out_at"),
    *_columns(chats="contacts", line="channel address", chat_state="state", moment="bound_at last_received_at"),
)
_ASSESSMENTS = (
    *_columns(id="!form", number="version"),
    *_columns(id="!subject", line="!period", role="!role"),
    *_columns(line="rater customer source sheet_no by", moment="at", list="not_applicable"),
)
_SURVEYS = _columns(id="!survey", number="!version", definition="!definition")
IMPORT_COLUMNS: Mapping[ImportKind, tuple[TableColumn, ...]] = {
    ImportKind.TICKETS: _TICKETS,
    ImportKind.RESPONSES: _RESPONSES,
    ImportKind.REVIEWS: _REVIEWS,
    ImportKind.CONTACTS: _CONTACTS,
    ImportKind.ASSESSMENTS: _ASSESSMENTS,
    ImportKind.SURVEYS: _SURVEYS,
}
"""The columns of each kind, in the order in which they are written; those of `FAMILIES` follow."""

FAMILIES: Mapping[ImportKind, Mapping[str, CellKind]] = {
    ImportKind.TICKETS: {"fields.": CellKind.SCALAR},
    ImportKind.RESPONSES: {"answers.": CellKind.RATING},
    ImportKind.REVIEWS: {},
    ImportKind.CONTACTS: {},
    ImportKind.SURVEYS: {},
    ImportKind.ASSESSMENTS: {"values.": CellKind.RATING, "evidence.": CellKind.LIST, "words.": CellKind.TEXT},
}
"""Columns whose names go on with something of the owner's: an own field, a question, an item of a form.

The remark to an answer stands in `answers.QUESTION.text`, its importance in `answers.QUESTION.importance`, and when it
was given in `answers.QUESTION.at`.
"""
_OF_ANSWERS = {".text": CellKind.TEXT, ".importance": CellKind.NUMBER, ".at": CellKind.MOMENT}


def column_of(kind: ImportKind, name: str) -> TableColumn | None:
    """Return the column of this name, None where the kind has none."""
    known = next((column for column in IMPORT_COLUMNS[kind] if column.name == name), None)
    if known is not None:
        return known
    for begin, of in FAMILIES[kind].items():
        if name.startswith(begin) and len(name) > len(begin):
            ends = _OF_ANSWERS if kind is ImportKind.RESPONSES else {}
            return TableColumn(name, next((cell for end, cell in ends.items() if name.endswith(end)), of))
    return None

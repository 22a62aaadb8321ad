"""Records to rows and back, without an ORM: columns are converted in place, then the record's class is called."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Dialect, Table

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import fields
from storage.model import records, registers
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.fact_records import Closing, RatingFact
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.known_deliveries import KnownEvent
from storage.model.outgoing.hook_records import HookEndpoint, HookEvent
from storage.model.publications import Publication
from storage.model.text_records import CommentReading, StoredPhrase
from storage.schema import tables
from storage.schema.rating_joins import RATING_FIELDS

__all__ = [
    "TABLES",
    "Codec",
    "Converters",
    "columns_of",
    "converted",
    "converted_row",
    "decoders",
    "encoders",
    "row_of",
    "stored_columns",
]

T = TypeVar("T")
Row = Sequence[Any]
Converters = tuple[tuple[int, Callable[[Any], Any]], ...]
"""The converters of a row, each with the position of its value."""

TABLES: dict[type, Table] = {
    records.Customer: tables.customers,
    records.Ticket: tables.tickets,
    records.Contact: tables.contacts,
    records.Token: tables.tokens,
    records.Member: tables.members,
    records.Note: tables.notes,
    records.StoredSurvey: tables.surveys,
    Closing: tables.closings,
    Invitation: tables.invitations,
    Interview: tables.interviews,
    records.AnswerLog: tables.answer_logs,
    RatingFact: tables.ratings,
    Exclusion: tables.exclusions,
    Issue: tables.issues,
    records.IssueEvent: tables.issue_events,
    records.StoredFile: tables.files,
    records.OutboxMessage: tables.outbox,
    records.InboxRow: tables.inbox,
    records.AttemptRow: tables.attempts,
    records.Window: tables.windows,
    records.Grant: tables.grants,
    Campaign: tables.campaigns,
    Run: tables.campaign_runs,
    Target: tables.campaign_targets,
    registers.Request: tables.requests,
    registers.Tombstone: tables.tombstones,
    KnownEvent: tables.known_events,
    registers.AuditEntry: tables.audit_log,
    registers.AnonymousAnswers: tables.anonymous_answers,
    FilledForm: tables.assessments,
    AssessmentFile: tables.assessment_files,
    EnteredFigure: tables.entered_figures,
    Publication: tables.publications,
    Adjustment: tables.adjustments,
    Finding: tables.findings,
    Voice: tables.finding_voices,
    CommentReading: tables.comment_readings,
    StoredPhrase: tables.phrases,
    ArchivedReport: tables.archived_reports,
    ArchivedFile: tables.archived_files,
    ReportRun: tables.report_runs,
    HookEndpoint: tables.hook_endpoints,
    HookEvent: tables.hook_events,
}
"""The table of each kind of record, in an order in which rows can be inserted: a table after those it refers to."""


_ELSEWHERE: dict[type, Mapping[str, ColumnElement[Any]]] = {
    records.OutboxMessage: {"prompt": tables.PROMPT, "not_before": tables.NOT_BEFORE},
    RatingFact: RATING_FIELDS,
}
"""What reads the fields that another table holds than that of their record, or that are stored otherwise."""


def columns_of(kind: Any) -> tuple[ColumnElement[Any], ...]:  # noqa: ANN401 - a dataclass
    """Return the columns of a kind of record, in the order of its fields; raises KeyError for a field without one."""
    holding: dict[str, list[ColumnElement[Any]]] = {field: [read] for field, read in _ELSEWHERE.get(kind, {}).items()}
    for column in TABLES[kind].columns:
        if (field := column.info.get("field", column.name)) not in _ELSEWHERE.get(kind, {}):
            holding.setdefault(field, []).append(column)
    return tuple(column for field in fields(kind) for column in holding[field.name])


def stored_columns(kind: type) -> tuple[Column[Any], ...]:
    """Return the columns that are written: all but those that the database generates."""
    return tuple(column for column in TABLES[kind].columns if column.identity is None)


def row_of(kind: type[T]) -> Callable[[T], Row]:
    """Return the function that makes a row, in the order of `stored_columns`, of a record of this kind."""
    names = [column.info.get("field", column.name) for column in stored_columns(kind)]
    values = attrgetter(*names)
    return values if len(names) > 1 else lambda record: (values(record),)  # of one name it returns no tuple


class Codec(Generic[T]):
    """Decodes rows into records of one class."""

    def __init__(self, kind: type[T], dialect: Dialect) -> None:
        columns = columns_of(kind)
        self._kind = kind
        self._decoders = decoders(columns, dialect)
        self._pairs = [index for index, column in enumerate(columns) if _part_number(column) == 0]

    def decode(self, rows: Sequence[Row]) -> list[T]:
        """Return the records of rows over `columns_of`, as the driver has returned them."""
        if len(rows) == 1:
            return [self._decode_one(rows[0])]
        columns = converted(rows, self._decoders)
        for index in self._pairs:
            columns[index : index + 2] = [tuple(zip(columns[index], columns[index + 1], strict=True))]
        return list(map(self._kind, *columns))

    def _decode_one(self, row: Row) -> T:
        values = converted_row(row, self._decoders)
        for index in self._pairs:
            values[index : index + 2] = [tuple(values[index : index + 2])]
        return self._kind(*values)


def encoders(typed: Iterable[Any], dialect: Dialect) -> Converters:
    """Return the encoders of columns or parameters; those whose values the driver takes as they are have none."""
    found = ((i, _part_of(t) or t.type.dialect_impl(dialect).bind_processor(dialect)) for i, t in enumerate(typed))
    return tuple((index, convert) for index, convert in found if convert is not None)


def decoders(typed: Iterable[Any], dialect: Dialect) -> Converters:
    """Return the decoders of columns; those whose values the driver returns as they are have none."""
    found = ((i, t.type.dialect_impl(dialect).result_processor(dialect, None)) for i, t in enumerate(typed))
    return tuple((index, convert) for index, convert in found if convert is not None)


def converted(rows: Sequence[Row], converters: Converters) -> list[Sequence[Any]]:
    """Return rows as converted columns, None where a value is NULL; it is twice as fast as converting row by row."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for index, convert in converters if columns else ():
        columns[index] = [None if value is None else convert(value) for value in columns[index]]
    return columns


def converted_row(row: Row, converters: Converters) -> list[Any]:
    """Return the converted values of a single row, which is what most look-ups find: columns of one are slow."""
    values = list(row)
    for index, convert in converters:
        if values[index] is not None:
            values[index] = convert(values[index])
    return values


def _part_number(column: Any) -> int | None:  # noqa: ANN401 - a column or a parameter
    part: int | None = getattr(column, "info", {}).get("part")
    return part


def _part_of(column: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 - a column or a parameter
    """Return the getter of a column that holds one item of a field, as a survey's key is stored in two columns."""
    part = _part_number(column)
    return None if part is None else itemgetter(part)

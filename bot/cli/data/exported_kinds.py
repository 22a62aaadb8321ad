"""The kinds of an export, in the order in which they are written: how each is read, and what its rows are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cli.data.exported_columns import COLUMNS, ExportedColumns
from bot.cli.data.exported_rows import ExportSource
from dialogs.campaign.model import Campaign, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from storage.bulk.table_walk import WalkPlace
from storage.bulk.whole_tables import WHOLE_TABLES
from storage.model.archive.report_records import ArchivedReport
from storage.model.entered_figures import EnteredFigure
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.publications import Publication
from storage.model.records import Customer, StoredSurvey, Ticket
from storage.model.registers import AuditEntry, Request

__all__ = ["EXPORTED_KINDS", "ExportedKind", "ExportedPage"]

Json = dict[str, Any]
Span = tuple[datetime, datetime]
_PAGE = 500
"""Records that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """Some rows, and the place behind what they were made of."""

    rows: list[Json]
    place: WalkPlace


@dataclass(frozen=True, eq=False, slots=True)
class ExportedKind:
    """A file of an export, whose rows are made of one kind of record; each may name a file that goes beside it."""

    name: str
    made_of: type
    rows: Callable[[ExportSource, Any], Iterable[Json]]
    has_files: bool = False

    @property
    def columns(self) -> ExportedColumns:
        """Its columns, without those that only some rows have."""
        return COLUMNS[self.name]

    def pages(self, source: ExportSource, span: Span | None, after: WalkPlace | None) -> Iterator[ExportedPage]:
        """Yield the rows of a time that follow a place, page by page."""
        for page in WHOLE_TABLES[self.made_of].pages(source.session, span, after, _PAGE):
            yield ExportedPage(list(self.rows(source, page.records)), page.place)


_KINDS = (
    ExportedKind("surveys", StoredSurvey, ExportSource.definitions),
    ExportedKind("tickets", Ticket, ExportSource.tickets),
    ExportedKind("contacts", Customer, ExportSource.contacts),
    ExportedKind("responses", Interview, ExportSource.responses),
    ExportedKind("issues", Issue, ExportSource.issues),
    ExportedKind("issue_events", Issue, ExportSource.issue_events),
    ExportedKind("assessments", FilledForm, ExportSource.assessments),
    ExportedKind("assessment_files", AssessmentFile, ExportSource.assessment_files, has_files=True),
    ExportedKind("adjustments", Adjustment, ExportSource.adjustments),
    ExportedKind("results", Publication, ExportSource.results),
    ExportedKind("campaigns", Campaign, ExportSource.campaigns),
    ExportedKind("campaign_targets", Target, ExportSource.campaign_targets),
    ExportedKind("findings", Finding, ExportSource.findings),
    ExportedKind("entries", EnteredFigure, ExportSource.entries),
    ExportedKind("exclusions", Exclusion, ExportSource.exclusions),
    ExportedKind("publications", Publication, ExportSource.publications),
    ExportedKind("reports", ArchivedReport, ExportSource.reports),
    ExportedKind("requests", Request, ExportSource.requests),
    ExportedKind("audit", AuditEntry, ExportSource.audit),
)
EXPORTED_KINDS: Mapping[str, ExportedKind] = {kind.name: kind for kind in _KINDS}

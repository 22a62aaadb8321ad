"""How each kind of stored thing is walked over from its first record to its last."""

from typing import Any

from dialogs.campaign.model import Campaign, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from storage.bulk.table_walk import TableWalk
from storage.connection.codec import TABLES
from storage.model.archive.report_records import ArchivedReport
from storage.model.entered_figures import EnteredFigure
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.publications import Publication
from storage.model.records import Customer, StoredSurvey, Ticket
from storage.model.registers import AuditEntry, Request
from storage.schema import tables as t

__all__ = ["WHOLE_TABLES"]

_target, _figure, _report = t.campaign_targets.c, t.entered_figures.c, t.archived_reports.c


def _by_time(kind: type, moment: str) -> TableWalk[Any]:
    """Return the walk over records with an id in the order of a moment, which a period is about."""
    columns = TABLES[kind].c
    return TableWalk(kind, (columns[moment], columns["id"]), columns[moment])


WHOLE_TABLES: dict[type, TableWalk[Any]] = {
    StoredSurvey: TableWalk(StoredSurvey, (t.surveys.c.id, t.surveys.c.number)),
    Ticket: TableWalk(Ticket, (t.tickets.c.source, t.tickets.c.id), t.tickets.c.closed_at),
    Customer: TableWalk(Customer, (t.customers.c.id,)),
    Interview: _by_time(Interview, "asked_at"),
    Issue: _by_time(Issue, "opened_at"),
    FilledForm: TableWalk(FilledForm, (t.assessments.c.at, t.assessments.c.id), t.assessments.c.since),
    AssessmentFile: TableWalk(AssessmentFile, (t.assessment_files.c.id,), t.assessment_files.c.at),
    Adjustment: TableWalk(Adjustment, (t.adjustments.c.at, t.adjustments.c.id), t.adjustments.c.since),
    Campaign: _by_time(Campaign, "created_at"),
    Target: TableWalk(Target, (_target.campaign, _target.occurrence, _target.customer), _target.occurrence),
    Finding: _by_time(Finding, "opened_at"),
    EnteredFigure: TableWalk(EnteredFigure, (_figure.at, _figure.id), _figure.since),
    Exclusion: _by_time(Exclusion, "proposed_at"),
    Publication: TableWalk(Publication, (t.publications.c.at, t.publications.c.id), t.publications.c.since),
    ArchivedReport: TableWalk(ArchivedReport, (_report.at, _report.id), _report.since),
    Request: _by_time(Request, "asked_at"),
    AuditEntry: _by_time(AuditEntry, "at"),
}
"""By the kind of record; a period is about the moment that the API filters by, of forms and figures about theirs."""

"""What was queried before a decision, which sees rows by key only."""

from dialogs.admin.report import AdminReport
from dialogs.campaign.model import Campaign, Figures
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.model.registers import AuditEntry

__all__ = ["NOTHING", "QueryResults"]


class QueryResults(Value):
    """Lists and figures, and a new `secret` with the `link` that carries it; empty what was not asked for."""

    campaigns: tuple[tuple[Campaign, Figures], ...] = ()
    issues: tuple[Issue, ...] = ()
    report: AdminReport | None = None
    audit: tuple[AuditEntry, ...] = ()
    secret: str = ""
    link: str = ""


NOTHING = QueryResults()

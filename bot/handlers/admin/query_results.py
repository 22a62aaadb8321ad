"""What the shell looks up before an admin's command is decided, for decisions only see rows by key."""

from dialogs.admin.report import Report
from dialogs.campaign.model import Campaign, Figures
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.model.registers import AuditEntry

__all__ = ["NOTHING", "QueryResults"]


class QueryResults(Value):
    """Lists and figures, and a fresh `secret` with the `link` that carries it; empty what was not asked for."""

    campaigns: tuple[tuple[Campaign, Figures], ...] = ()
    issues: tuple[Issue, ...] = ()
    report: Report | None = None
    audit: tuple[AuditEntry, ...] = ()
    secret: str = ""
    link: str = ""


NOTHING = QueryResults()

"""An admin's command with what was queried for it before the decision."""

from bot.handlers.admin.permissions import Admin
from bot.handlers.common.turn import TurnContext
from dialogs.admin.report import AdminReport
from dialogs.campaign.model import Campaign, Figures
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.model.registers import AuditEntry

__all__ = ["NOTHING", "AdminTurn", "QueryResults"]


class QueryResults(Value):
    """Lists and figures, and a new `secret` with the `link` that carries it; empty what was not asked for.

    A decision sees rows by key only, so lists and figures are read before it.
    """

    campaigns: tuple[tuple[Campaign, Figures], ...] = ()
    issues: tuple[Issue, ...] = ()
    report: AdminReport | None = None
    audit: tuple[AuditEntry, ...] = ()
    secret: str = ""
    link: str = ""


NOTHING = QueryResults()


class AdminTurn(Value):
    """A command or a press of somebody with an admin role; `words` are those after the command."""

    turn: TurnContext
    admin: Admin
    found: QueryResults = NOTHING
    words: tuple[str, ...] = ()

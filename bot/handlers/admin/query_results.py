"""What deciding about an admin's command takes: who says it, and what the shell has looked up for it before."""

from bot.handlers.admin.permissions import Admin
from bot.handlers.common.turn import TurnContext
from dialogs.admin.report import Report
from dialogs.campaign.model import Campaign, Figures
from dialogs.issue.model import Issue
from scoring.values import Value
from storage.model.registers import AuditEntry

__all__ = ["NOTHING", "AdminTurn", "QueryResults"]


class QueryResults(Value):
    """Lists and figures, and a fresh `secret` with the `link` that carries it; empty what was not asked for.

    Decisions see rows by key only, so that lists and figures are read before.
    """

    campaigns: tuple[tuple[Campaign, Figures], ...] = ()
    issues: tuple[Issue, ...] = ()
    report: Report | None = None
    audit: tuple[AuditEntry, ...] = ()
    secret: str = ""
    link: str = ""


NOTHING = QueryResults()


class AdminTurn(Value):
    """A command or a press of somebody who may administer; `words` follow the command."""

    turn: TurnContext
    admin: Admin
    found: QueryResults = NOTHING
    words: tuple[str, ...] = ()

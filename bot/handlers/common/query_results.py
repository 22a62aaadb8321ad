"""What was queried before a decision, which sees rows by key only."""

from collections.abc import Mapping

from bot.handlers.common.sent_files import NewFile
from dialogs.admin.report import AdminReport
from dialogs.campaign.model import Campaign, Figures
from dialogs.improvement.finding_view import FindingCase, FindingView
from dialogs.improvement.phrase_cards import PhraseView
from dialogs.improvement.plan_draft import PlanOffer
from dialogs.issue.model import Issue
from scoring.values import Value, field
from storage.model.registers import AuditEntry

__all__ = ["NOTHING", "QueryResults"]


class QueryResults(Value):
    """Lists and figures, and a new `secret` with the `link` that carries it; empty what was not asked for.

    `asked` is a report, its lines and its file, or the phrase that says why there is none.
    `subjects` are what the issues are about, by their ids; `other_cases` counts those that the asker does not read.
    """

    campaigns: tuple[tuple[Campaign, Figures], ...] = ()
    issues: tuple[Issue, ...] = ()
    subjects: Mapping[str, str] = field(default_factory=dict)
    report: AdminReport | None = None
    asked: tuple[str, NewFile] | str = ""
    audit: tuple[AuditEntry, ...] = ()
    findings: tuple[FindingView, ...] = ()
    plan: PlanOffer | None = None
    cases: tuple[FindingCase, ...] = ()
    other_cases: int = 0
    phrases: tuple[PhraseView, ...] = ()
    secret: str = ""
    link: str = ""


NOTHING = QueryResults()

"""Issues become rows: a new or joined issue, its timeline, its card in the team's chats."""

from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.messages import card_messages
from dialogs.ids import derive
from dialogs.issue.machine import ISSUE, Joined
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind, TicketKey
from dialogs.issue.reasons import Reason
from scoring.rules import Severity
from scoring.values import Value, replace
from storage.model.records import IssueEvent
from storage.unit_of_work.changes import Changes

__all__ = ["Finding", "latest_of", "note_on", "open_issue", "quoting", "report", "with_line"]

_QUOTED = 300
"""Characters of the customer's words that an issue keeps for its card; the timeline has them all."""


class Finding(Value):
    """What opens an issue. `seed` names its cause: the same cause twice is the same issue."""

    kind: IssueKind
    severity: Severity
    reasons: tuple[Reason, ...]
    seed: tuple[str, ...] = ()
    ticket: TicketKey | None = None
    customer: str | None = None
    response: str | None = None
    title: str = ""
    text: str = ""
    by: str | None = None


def report(context: DecisionContext, finding: Finding) -> Changes:
    """Open an issue with its card, or join the ticket's issue that the team already has."""
    current = _current(context, finding)
    if current is not None:
        return _join(context, current, finding)
    return open_issue(context, finding)


def open_issue(context: DecisionContext, finding: Finding) -> Changes:
    """Open a new issue; nothing if the same cause has opened it before."""
    issue = _issue(context, finding)
    if context.snapshot.issue(issue.id) is not None:
        return Changes()
    changes = with_line(issue, context.now, "opened", finding.by, _summary(finding))
    return changes + card_messages(context.after(changes), latest_of(changes, issue), fresh=True)


def note_on(context: DecisionContext, issue: Issue, event: str, by: str | None, text: str | None) -> Changes:
    """Write a line into an issue's timeline and edit its card."""
    changes = with_line(issue, context.now, event, by, text)
    return changes + card_messages(context.after(changes), latest_of(changes, issue))


def quoting(issue: Issue, text: str) -> Issue:
    """Return the issue with more of the customer's words to show on its card, the latest last."""
    words = " / ".join(filter(None, (issue.text, text)))
    return replace(issue, text=words if len(words) <= _QUOTED or not issue.text else f"…{words[1 - _QUOTED :]}")


def with_line(issue: Issue, now: datetime, event: str, by: str | None, text: str | None = None) -> Changes:
    """Return the issue with one more line in its timeline."""
    return Changes((replace(issue, events=issue.events + 1), IssueEvent(issue.id, issue.events, now, event, by, text)))


def _current(context: DecisionContext, finding: Finding) -> Issue | None:
    if finding.ticket is None:
        return _of_the_response(context, finding)
    mine = (i for i in context.snapshot.issues_of_ticket(*finding.ticket) if i.state in WITH_THE_TEAM)
    return next((i for i in mine if i.kind is not IssueKind.CALL), None)


def _of_the_response(context: DecisionContext, finding: Finding) -> Issue | None:
    """Find what the team has of the same response, where there is no ticket to hold its findings together."""
    if finding.response is None or finding.customer is None:
        return None
    theirs = (i for i in context.snapshot.issues_of_customer(finding.customer) if i.state in WITH_THE_TEAM)
    return next((i for i in theirs if finding.response in i.responses), None)


def _join(context: DecisionContext, issue: Issue, finding: Finding) -> Changes:
    joined = Joined(
        reasons=finding.reasons,
        severity=finding.severity,
        responses=(finding.response,) if finding.response else (),
        customers=(finding.customer,) if finding.customer else (),
    )
    step = ISSUE.step(issue, joined, context.handling)
    after = step.thing if step else issue
    return note_on(context, quoting(after, finding.text), "joined", finding.by, _summary(finding))


def _issue(context: DecisionContext, finding: Finding) -> Issue:
    due = context.now + context.policy.claim_within
    return Issue(
        id=derive("iss", *finding.seed),
        kind=finding.kind,
        severity=finding.severity,
        opened_at=context.now,
        due_at=due,
        title=finding.title,
        text=finding.text,
        reasons=finding.reasons,
        tickets=(finding.ticket,) if finding.ticket else (),
        responses=(finding.response,) if finding.response else (),
        customers=(finding.customer,) if finding.customer else (),
        wake_at=due,
    )


def _summary(finding: Finding) -> str | None:
    return "; ".join((*map(str, finding.reasons), *filter(None, (finding.text,)))) or None


def latest_of(changes: Changes, issue: Issue) -> Issue:
    """Return an issue as these changes leave it."""
    return next(r for r in reversed(changes.records) if isinstance(r, Issue) and r.id == issue.id)

"""Issues become rows: a new or joined issue, its timeline, its card in the team's chats."""

from datetime import datetime

from bot.handlers.common.context import Scene
from bot.handlers.issues.messages import card_messages
from dialogs.ids import derive
from dialogs.issue.machine import ISSUE, Joined
from dialogs.issue.model import WITH_THE_TEAM, Issue, Kind, TicketKey
from scoring.rules import Severity
from scoring.values import Value, replace
from storage.model.records import IssueEvent
from storage.unit_of_work.changes import Changes

__all__ = ["Finding", "latest_of", "note_on", "open_issue", "quoting", "report", "with_line"]

_QUOTED = 300
"""Characters of the customer's words that an issue keeps for its card; the timeline has them all."""


class Finding(Value):
    """What opens an issue. `seed` names its cause: the same cause twice is the same issue."""

    kind: Kind
    severity: Severity
    reasons: tuple[str, ...]
    seed: tuple[str, ...] = ()
    ticket: TicketKey | None = None
    customer: str | None = None
    response: str | None = None
    title: str = ""
    text: str = ""
    by: str | None = None


def report(scene: Scene, finding: Finding) -> Changes:
    """Open an issue with its card, or join the ticket's issue that the team already has."""
    current = _current(scene, finding)
    if current is not None:
        return _join(scene, current, finding)
    return open_issue(scene, finding)


def open_issue(scene: Scene, finding: Finding) -> Changes:
    """Open a new issue; nothing if the same cause has opened it before."""
    issue = _issue(scene, finding)
    if scene.snapshot.issue(issue.id) is not None:
        return Changes()
    changes = with_line(issue, scene.now, "opened", finding.by, _summary(finding))
    return changes + card_messages(scene.after(changes), latest_of(changes, issue), fresh=True)


def note_on(scene: Scene, issue: Issue, event: str, by: str | None, text: str | None) -> Changes:
    """Write a line into an issue's timeline and edit its card."""
    changes = with_line(issue, scene.now, event, by, text)
    return changes + card_messages(scene.after(changes), latest_of(changes, issue))


def quoting(issue: Issue, text: str) -> Issue:
    """Give the issue with more of the customer's words to show on its card, the latest last."""
    words = " / ".join(filter(None, (issue.text, text)))
    return replace(issue, text=words if len(words) <= _QUOTED or not issue.text else f"…{words[1 - _QUOTED :]}")


def with_line(issue: Issue, now: datetime, event: str, by: str | None, text: str | None = None) -> Changes:
    """Give the issue with one more line in its timeline."""
    return Changes((replace(issue, events=issue.events + 1), IssueEvent(issue.id, issue.events, now, event, by, text)))


def _current(scene: Scene, finding: Finding) -> Issue | None:
    if finding.ticket is None:
        return _of_the_response(scene, finding)
    mine = (i for i in scene.snapshot.issues_of_ticket(*finding.ticket) if i.state in WITH_THE_TEAM)
    return next((i for i in mine if i.kind is not Kind.CALL), None)


def _of_the_response(scene: Scene, finding: Finding) -> Issue | None:
    """Find what the team has of the same response, where there is no ticket to hold its findings together."""
    if finding.response is None or finding.customer is None:
        return None
    theirs = (i for i in scene.snapshot.issues_of_customer(finding.customer) if i.state in WITH_THE_TEAM)
    return next((i for i in theirs if finding.response in i.responses), None)


def _join(scene: Scene, issue: Issue, finding: Finding) -> Changes:
    joined = Joined(
        reasons=finding.reasons,
        severity=finding.severity,
        responses=(finding.response,) if finding.response else (),
        customers=(finding.customer,) if finding.customer else (),
    )
    step = ISSUE.step(issue, joined, scene.handling)
    after = step.thing if step else issue
    return note_on(scene, quoting(after, finding.text), "joined", finding.by, _summary(finding))


def _issue(scene: Scene, finding: Finding) -> Issue:
    due = scene.now + scene.policy.claim_within
    return Issue(
        id=derive("iss", *finding.seed),
        kind=finding.kind,
        severity=finding.severity,
        opened_at=scene.now,
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
    return "; ".join((*finding.reasons, *filter(None, (finding.text,)))) or None


def latest_of(changes: Changes, issue: Issue) -> Issue:
    """Give an issue as these changes leave it."""
    return next(r for r in reversed(changes.records) if isinstance(r, Issue) and r.id == issue.id)

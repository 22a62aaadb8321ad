"""How things may never stand, whatever people do: the promises of docs/reliability.md that concern people.

Nobody is asked twice, a low score is found and has one card, a resolution is told once or the reason is written down,
an opt-out holds, there is one reminder. I1, I2 … are the numbers of that page.
"""

from collections import Counter
from collections.abc import Iterator

from dialogs.ids import RefKind, derive, is_about
from dialogs.interview.model import FINAL, OPEN, Interview
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.outbox.model import SendingState
from scoring.rules import assess
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import IssueEvent, OutboxMessage, Purpose, Ticket, TicketStatus
from tests.support.stage.world import Stage

__all__ = ["broken"]

_WHY_NOT_TOLD = ("closure_undeliverable", "closure_not_sent")


def every_closing_has_one_invitation(stage: Stage) -> Iterator[object]:
    """I1 and I2: each closing of a ticket has its invitation, and only one."""
    caused = (i for i in stage.rows.listed(Invitation) if not i.occasion)
    planned = Counter((i.source, i.ticket, i.closing) for i in caused)
    wanted = Counter((t.source, t.id, n) for t in stage.rows.listed(Ticket) for n in range(1, t.closing + 1))
    if planned != wanted:
        yield planned, wanted


def nobody_is_asked_twice(stage: Stage) -> Iterator[object]:
    """I2: a first question reaches the customer once per closing."""
    asked = Counter(m.about for m in _sent(stage) if m.purpose is Purpose.SURVEY and m.edits is None)
    yield from (interview for interview, times in asked.items() if times > 1)


def every_rating_is_a_fact(stage: Stage) -> Iterator[object]:
    """I14: what is counted is what was answered, of every survey but anonymous ones, about a closing kept as it was."""
    for interview in stage.rows.listed(Interview):
        survey = stage.policy.surveys[interview.survey]
        facts = [one for one in stage.rows.listed(RatingFact) if one.response == interview.id]
        told = {one.item: one.value for one in facts if one.status is not RatingStatus.UNDONE}
        if told != ({} if survey.anonymous else interview.ratings):
            yield interview.id, told, interview.ratings
    kept = {(one.source, one.ticket, one.number) for one in stage.rows.listed(Closing)}
    wanted = {(t.source, t.id, n) for t in stage.rows.listed(Ticket) for n in range(1, t.closing + 1)}
    if kept != wanted:
        yield kept, wanted


def an_open_ticket_is_not_asked_about(stage: Stage) -> Iterator[object]:
    """I2: reopening a ticket takes back what is not finished."""
    for invitation in stage.rows.listed(Invitation):
        ticket = stage.rows.snapshot.ticket(invitation.source, invitation.ticket)
        interview = stage.rows.snapshot.interview_of(invitation.id)
        talking = interview is not None and interview.state in OPEN
        waiting = invitation.state is InvitationState.SCHEDULED
        if ticket and ticket.status is not TicketStatus.CLOSED and (talking or waiting):
            yield invitation, interview


def what_is_wrong_is_found(stage: Stage) -> Iterator[object]:
    """I5: a finished interview has been assessed, all of it."""
    for interview in stage.rows.listed(Interview):
        survey = stage.policy.surveys[interview.survey]
        found = assess(survey.scale, interview.ratings, interview.texts, stage.policy.limits[survey.key])
        wrong = {reason.subject for reason in found.reasons}
        if interview.state in FINAL and not wrong <= set(interview.assessed):
            yield interview.id, wrong, interview.assessed


def an_issue_has_one_card_a_round(stage: Stage) -> Iterator[object]:
    """I5: each team chat has the issue's card, for each of its rounds."""
    for issue in stage.rows.listed(Issue):
        for number in range(issue.resolution + 1 if issue.kind is not IssueKind.CALL else 0):
            for place in stage.policy.team:
                card = stage.rows.snapshot.message(derive("out", issue.id, number, "card", place.channel, place.chat))
                if card is None or card.status is not SendingState.SENT:
                    yield issue.id, number, card


def who_has_it_is_known(stage: Stage) -> Iterator[object]:
    """I6: an open issue is nobody's, any other has somebody or was never claimed but merged."""
    for issue in stage.rows.listed(Issue):
        if (issue.state is IssueState.OPEN) != (issue.claimant is None):
            yield issue


def a_resolution_is_told_once(stage: Stage) -> Iterator[object]:
    """I7 and I8: one closure message per resolution and customer, or the reason in the timeline; none if silent."""
    closures = [m for m in stage.rows.listed(OutboxMessage) if m.purpose is Purpose.CLOSURE and m.edits is None]
    told = Counter((m.about, m.round, m.customer) for m in closures)
    yield from (key for key, times in told.items() if times > 1)
    for issue in stage.rows.listed(Issue):
        for customer in issue.customers if issue.state is IssueState.RESOLVED else ():
            if told[issue.ref, issue.resolution, customer] != 1 and not _excused(stage, issue, customer):
                yield issue, customer
        if _resolved_silently(stage, issue):
            yield from (customer for customer in issue.customers if told[issue.ref, issue.resolution, customer])


def a_question_is_sent_once(stage: Stage) -> Iterator[object]:
    """What is asked or told on the way goes out once for each line of the timeline and customer."""
    talk = [m for m in stage.rows.listed(OutboxMessage) if m.customer and is_about(m.about, RefKind.ISSUE)]
    said = Counter((m.about.id, m.customer) for m in talk if m.about and m.purpose is Purpose.REPLY)
    for (issue, customer), times in said.items():
        events = (e for e in stage.rows.listed(IssueEvent) if e.issue == issue)
        if times > sum(event.event in ("progress", "asked") for event in events):
            yield issue, customer


def there_is_one_reminder(stage: Stage) -> Iterator[object]:
    """I10: an interview has one reminder at most."""
    reminded = Counter(m.about for m in _sent(stage) if m.purpose is Purpose.REMINDER)
    yield from (interview for interview, times in reminded.items() if times > 1)


_LAWS = (
    every_closing_has_one_invitation,
    every_rating_is_a_fact,
    nobody_is_asked_twice,
    an_open_ticket_is_not_asked_about,
    what_is_wrong_is_found,
    an_issue_has_one_card_a_round,
    who_has_it_is_known,
    a_resolution_is_told_once,
    a_question_is_sent_once,
    there_is_one_reminder,
)


def broken(stage: Stage) -> list[object]:
    """Return what is broken as things stand, with the name of the law."""
    return [(law.__name__, found) for law in _LAWS for found in law(stage)]


def _sent(stage: Stage) -> Iterator[OutboxMessage]:
    return (message for message in stage.rows.listed(OutboxMessage) if message.status is SendingState.SENT)


def _events(stage: Stage, issue: Issue) -> list[IssueEvent]:
    return [event for event in stage.rows.listed(IssueEvent) if event.issue == issue.id]


def _excused(stage: Stage, issue: Issue, customer: str) -> bool:
    """Return whether the timeline tells, since the resolution, why a customer was not told."""
    events = _events(stage, issue)
    resolved = max(event.number for event in events if event.event == "resolved")
    since = (event for event in events if event.number > resolved and event.event in _WHY_NOT_TOLD)
    return any((event.text or "").startswith(f"{customer}: ") for event in since)


def _resolved_silently(stage: Stage, issue: Issue) -> bool:
    ends = [
        e.event for e in _events(stage, issue) if e.event in ("resolved", "resolved_silently", "reopened", "not_solved")
    ]
    return ends[-1:] == ["resolved_silently"]

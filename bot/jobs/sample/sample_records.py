"""All records of the sample company, customer by customer, so that a million answers need no more memory than a few."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import ceil

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_answers import (
    LOW,
    answers_to,
    exclusion_of,
    invitation_about,
    log_of,
    ratings_of,
    subjects_of,
)
from bot.jobs.sample.sample_assessments import assessments_of
from bot.jobs.sample.sample_days import DatedChange, SampleOrder, set_up
from bot.jobs.sample.sample_feedback import feedback_of, feedback_survey
from bot.jobs.sample.sample_issues import IssueWithLines, complaint_about, issue_from
from bot.jobs.sample.sample_periods import entered_of, weeks_of
from bot.jobs.sample.sample_visits import SampleVisit, sample_customer, ticket_visit, visit_closing, visits_of
from config.surveys.canonical_json import survey_json
from dialogs.ids import RefKind, derive
from dialogs.improvement.model import Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import InvitationState
from scoring.values import Value, replace
from storage.model.records import StoredSurvey

__all__ = ["SampleCompany"]

_VOICES, _LOOKED_AT = 6, 400
"""Customers whose words a finding quotes, and among how many they are looked for."""


class SampleCompany:
    """The company of an order; its records come in `portions`, each of which can be made without the others."""

    def __init__(self, order: SampleOrder, customers_at_once: int = 25) -> None:
        self.setup = set_up(order)
        self.order, self.plan, self.days = order, self.setup.plan, self.setup.days
        self.portions = 1 + ceil(order.customers / customers_at_once)
        self._at_once = customers_at_once

    def finding_id(self, dated: DatedChange) -> str:
        """Return the id of the finding that a change answers."""
        return derive(RefKind.FINDING, "sample", self.order.seed, dated.change.dimension, dated.begins.isoformat())

    def portion(self, number: int) -> list[Value]:
        """Return the records of a portion: of the first what belongs to nobody, of the others some customers' all."""
        if number == 0:
            asked, now = (self.order.survey, feedback_survey()), self.order.now
            stored = (StoredSurvey(one.id, one.version, survey_json(one), now) for one in asked)
            weeks = weeks_of(self.days, self.order)
            return [*stored, *entered_of(self.setup), *assessments_of(self.setup, weeks)]
        first = (number - 1) * self._at_once + 1
        numbers = range(first, min(first + self._at_once, self.order.customers + 1))
        return list(chain.from_iterable(map(self._customer, numbers)))

    def voices(self) -> Mapping[str, Sequence[tuple[str, Voice]]]:
        """Return by finding the responses in which the first customers say that something should be changed."""
        found: dict[str, list[tuple[str, Voice]]] = {self.finding_id(one): [] for one in self.days.changes}
        for number in range(1, min(_LOOKED_AT, self.order.customers) + 1):
            for record in self._customer(number):
                if isinstance(record, Interview) and record.answers:
                    self._add_voices(record, found)
        return found

    def _customer(self, number: int) -> Iterator[Value]:
        customer = sample_customer(self.setup, number)
        yield customer
        for visit in visits_of(self.setup, customer):
            yield from self._visit(visit)

    def _visit(self, visit: SampleVisit) -> Iterator[Value]:
        draws = Draws(self.order.seed, "visited", visit.ticket)
        ticket = ticket_visit(visit, self.setup, draws)
        yield ticket
        yield visit_closing(ticket, visit)
        invitation = invitation_about(visit, self.setup, draws)
        yield invitation
        if invitation.state is InvitationState.ASKED:
            interview = answers_to(invitation, visit, self.setup, draws)
            yield from self._interview(interview, visit, draws)
        yield from feedback_of(visit, self.setup)
        complaint = complaint_about(visit, self.setup, draws)
        yield from _with_lines(complaint)

    def _interview(self, interview: Interview, visit: SampleVisit, draws: Draws) -> Iterator[Value]:
        counted, exclusion = exclusion_of(interview, self.plan, draws)
        log, issue = log_of(counted), issue_from(counted, visit, self.setup)
        assessed = subjects_of(counted) if issue is not None else ()
        yield replace(counted, logged=len(log), assessed=assessed)
        yield from log
        yield from ratings_of(counted, visit, self.order.survey)
        if exclusion is not None:
            yield exclusion
        yield from _with_lines(issue)

    def _add_voices(self, interview: Interview, found: Mapping[str, list[tuple[str, Voice]]]) -> None:
        for dated in self.days.changes:
            finding, answer = self.finding_id(dated), interview.answer(dated.change.dimension)
            is_then = dated.baseline.since <= interview.asked_at < dated.baseline.until
            if is_then and answer is not None and answer.text and answer.value <= LOW + 1:
                voiced = found[finding]
                is_new = all(one.customer != interview.customer for _, one in voiced)
                if is_new and len(voiced) < _VOICES:
                    voiced.append((interview.id, Voice(finding, interview.customer, answer.text, answer.at)))


def _with_lines(issue: IssueWithLines | None) -> Iterator[Value]:
    if issue is not None:
        yield issue.issue
        yield from issue.lines

"""What is stored as rows of an export: each as the API shows it, with what it belongs to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.cli.data.exported_columns import COLUMNS
from bot.handlers.sheet_files import shown_files
from bot.http.api.archive.archive_json import archived_out
from bot.http.api.audit import audit_entry_out
from bot.http.api.data_requests import request_out
from bot.http.api.forms.sheet_requests import adjustment_out, sheet_file_out
from bot.http.api.improvement.finding_json import finding_out
from bot.http.api.quality.entries import entry_out
from bot.http.api.schemas.assessment import assessment_out
from bot.http.api.schemas.campaign import campaign_out
from bot.http.api.schemas.exclusion import exclusion_out
from bot.http.api.schemas.issue import issue_out
from bot.http.api.schemas.response import response_out
from bot.http.api.schemas.ticket_response import CustomerOut, ticket_out
from bot.wiring.startup import stored_survey
from dialogs.campaign.model import Campaign, Figures, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from dialogs.survey import Survey, SurveyKey
from storage.bulk.page_details import (
    answered_surveys,
    contacts_of,
    content_of,
    files_of,
    invitations_of,
    readings_of,
    runs_of,
    sheets_of,
    stored_surveys,
    timelines_of,
    voices_of,
)
from storage.bulk.snapshot_session import SnapshotSession
from storage.model.archive.report_records import ArchivedReport
from storage.model.entered_figures import EnteredFigure
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.publications import Publication
from storage.model.records import Customer, StoredSurvey, Ticket
from storage.model.registers import AuditEntry, Request

__all__ = ["ExportSource"]

Json = dict[str, Any]
_FIGURES = "figures"
_PERSON = ("name", "locale", "timezone", "tier", "phone", "email", "postal_address")
_UNTOLD: Json = dict.fromkeys(_PERSON)


class ExportSource:
    """The rows of each kind, by its name; names of sections and grades are in `locale`."""

    def __init__(self, session: SnapshotSession, locale: str) -> None:
        self.session, self._locale = session, locale
        read = (stored_survey(row) for row in stored_surveys(session))
        self.surveys: Mapping[SurveyKey, Survey] = {survey.key: survey for survey in read if survey is not None}

    def questions(self) -> Iterator[str]:
        """Yield the questions of the surveys that anybody answered, in their order; some more than once."""
        for key in answered_surveys(self.session):
            if (survey := self.surveys.get(key)) is not None and not survey.anonymous:
                yield from (question.id for question in survey.questions)

    def definitions(self, page: Sequence[StoredSurvey]) -> Iterator[Json]:
        """Yield versions of surveys, each whole, as it was when it was first asked."""
        for version in page:
            yield {"survey": version.id, "version": version.number, "definition": json.loads(version.body)}

    def tickets(self, page: Sequence[Ticket]) -> Iterator[Json]:
        """Yield tickets; whose they are is told by the id alone."""
        for ticket in page:
            customer = CustomerOut(id=ticket.customer, **_UNTOLD, contacts=())
            told = ticket_out(ticket, customer).model_dump(mode="json")
            named = {"source": ticket.source, "ticket": ticket.id, "customer": ticket.customer}
            yield told | named | {"closing": ticket.closing}

    def contacts(self, page: Sequence[Customer]) -> Iterator[Json]:
        """Yield a row for each chat of a customer, and one for a customer without any."""
        chats = contacts_of(self.session, page)
        for customer in page:
            person = {"customer": customer.id} | {name: getattr(customer, name) or None for name in _PERSON}
            person |= {"opted_out_at": _moment(customer.opted_out_at)}
            for chat in chats.get(customer.id, ()):
                bound, received = _moment(chat.bound_at), _moment(chat.last_received_at)
                told = {"channel": chat.channel, "address": chat.chat, "state": chat.state.value}
                yield person | told | {"bound_at": bound, "last_received_at": received}
            if customer.id not in chats:
                yield person | dict.fromkeys(("channel", "address", "state", "bound_at", "last_received_at"))

    def responses(self, page: Sequence[Interview]) -> Iterator[Json]:
        """Yield responses with their answers, in the survey's order; of anonymous ones only how they stand."""
        asked, read = invitations_of(self.session, page), readings_of(self.session, page)
        for interview in page:
            invitation = asked[interview.invitation]
            survey = self.surveys.get(interview.survey)
            told = response_out(interview, invitation, survey, self._locale, read.get(interview.id))
            answered = max((answer.at for answer in told.answers), default=None)
            yield told.model_dump(mode="json") | {
                "customer": interview.customer,
                "version": interview.survey[1],
                "team": invitation.team or None,
                "agent": {"id": invitation.agent_id or None, "name": invitation.agent_name or None},
                "asked_at": _moment(interview.asked_at),
                "sent_at": _moment(invitation.sent_at),
                "given_at": _moment(told.completed_at or answered),
                "by": invitation.entered_by or None,
            }

    def issues(self, page: Sequence[Issue]) -> Iterator[Json]:
        """Yield issues with their timelines."""
        lines = timelines_of(self.session, page)
        for issue in page:
            ends = {"resolved_at": _moment(issue.resolved_at), "closed_at": _moment(issue.closed_at)}
            yield issue_out(issue, lines.get(issue.id, ())).model_dump(mode="json") | ends

    def issue_events(self, page: Sequence[Issue]) -> Iterator[Json]:
        """Yield the lines of the timelines of these issues."""
        lines = timelines_of(self.session, page)
        for issue in page:
            for line in lines.get(issue.id, ()):
                told = {"issue": line.issue, "number": line.number, "at": _moment(line.at), "event": line.event}
                yield told | {"by": line.by, "text": line.text}

    def assessments(self, page: Sequence[FilledForm]) -> Iterator[Json]:
        """Yield filled sheets; of peers and subordinates only that there is one."""
        for sheet in page:
            yield assessment_out(sheet, self._locale).model_dump(mode="json")

    def assessment_files(self, page: Sequence[AssessmentFile]) -> Iterator[Json]:
        """Yield the files of sheets, each with where the export has it; none of a rater who is not named."""
        sheets = sheets_of(self.session, page)
        for file in page:
            sheet = sheets.get(file.assessment)
            if sheet is not None and shown_files(sheet, [file]):
                told = sheet_file_out(file).model_dump(mode="json")
                yield told | {"file": f"assessment_files/{file.id}.{file.name.rpartition('.')[2]}"}

    def content(self, hash_: str) -> bytes:
        """Return what a stored file holds."""
        return content_of(self.session, hash_)

    def adjustments(self, page: Sequence[Adjustment]) -> Iterator[Json]:
        """Yield the lines that stand beside the sheets."""
        for line in page:
            yield adjustment_out(line).model_dump(mode="json")

    def results(self, page: Sequence[Publication]) -> Iterator[Json]:
        """Yield a row for each subject of each revision of published scores: what was published, as it was."""
        for revision in page:
            for result in json.loads(revision.content) if revision.about != _FIGURES else ():
                told = {name: result.get(name) for name in COLUMNS["results"].names}
                yield told | {
                    "publication": revision.id,
                    "revision": revision.number,
                    "digest": revision.digest,
                    "published_by": revision.by,
                    "published_at": _moment(revision.at),
                }

    def campaigns(self, page: Sequence[Campaign]) -> Iterator[Json]:
        """Yield campaigns with their occurrences; whom they reached stands in `campaign_targets`."""
        runs = runs_of(self.session, page)
        for campaign in page:
            told = campaign_out(campaign, runs.get(campaign.id, ()), Figures()).model_dump(mode="json")
            del told["progress"]
            yield told

    def campaign_targets(self, page: Sequence[Target]) -> Iterator[Json]:
        """Yield the people in the audience of each occurrence, and why somebody was skipped."""
        for target in page:
            yield {
                "campaign": target.campaign,
                "occurrence": _moment(target.occurrence),
                "customer": target.customer,
                "state": target.state.value,
                "reason": target.reason or None,
                "ticket": f"{target.source}/{target.ticket}" if target.ticket else None,
                "interview": target.interview or None,
                "due_at": _moment(target.due_at),
            }

    def findings(self, page: Sequence[Finding]) -> Iterator[Json]:
        """Yield findings with their measure, what came of those before, and who raised them."""
        voices = voices_of(self.session, page)
        for finding in page:
            yield finding_out(finding, voices.get(finding.id, ())).model_dump(mode="json")

    def entries(self, page: Sequence[EnteredFigure]) -> Iterator[Json]:
        """Yield what people entered about periods."""
        for entry in page:
            yield entry_out(entry).model_dump(mode="json")

    def exclusions(self, page: Sequence[Exclusion]) -> Iterator[Json]:
        """Yield what people have excluded, or proposed to."""
        for exclusion in page:
            yield exclusion_out(exclusion).model_dump(mode="json")

    def publications(self, page: Sequence[Publication]) -> Iterator[Json]:
        """Yield what was published: who, when, about what, and the digest of its content."""
        for revision in page:
            told: Json = {name: getattr(revision, name, None) or None for name in COLUMNS["publications"].names}
            moments = {"from": revision.since, "to": revision.until, "at": revision.at}
            yield (
                told
                | {name: _moment(moment) for name, moment in moments.items()}
                | {
                    "revision": revision.number,
                    "asked": list(revision.asked),
                    "metrics": list(revision.metrics),
                }
            )

    def reports(self, page: Sequence[ArchivedReport]) -> Iterator[Json]:
        """Yield the revisions of reports in the archive, with the files of each; these are downloaded one by one."""
        files = files_of(self.session, page)
        for report in page:
            told = archived_out(report, files.get(report.id, ())).model_dump(mode="json")
            yield told | {"digest": report.digest}

    def requests(self, page: Sequence[Request]) -> Iterator[Json]:
        """Yield the register of what people have asked for about themselves."""
        for request in page:
            yield request_out(request).model_dump(mode="json")

    def audit(self, page: Sequence[AuditEntry]) -> Iterator[Json]:
        """Yield the lines of the audit log."""
        for entry in page:
            yield audit_entry_out(entry).model_dump(mode="json")


def _moment(moment: datetime | None) -> str | None:
    """Return a moment as the API writes it."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

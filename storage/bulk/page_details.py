"""What belongs to the records of a page: one statement for all of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Text, bindparam, select

from dialogs.campaign.model import Campaign, Run
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from dialogs.survey import SurveyKey
from storage.bulk.snapshot_session import SnapshotSession
from storage.dialects import among
from storage.model.archive.report_records import ArchivedFile, ArchivedReport
from storage.model.filled_forms import AssessmentFile, FilledForm
from storage.model.records import Contact, Customer, IssueEvent, StoredSurvey
from storage.model.text_records import CommentReading
from storage.schema import tables as t
from storage.unit_of_work.selects import ASSESSMENTS, all_of

__all__ = [
    "answered_surveys",
    "contacts_of",
    "content_of",
    "files_of",
    "invitations_of",
    "readings_of",
    "runs_of",
    "sheets_of",
    "stored_surveys",
    "timelines_of",
    "voices_of",
]

T = TypeVar("T")
_event, _contact, _run, _voice = t.issue_events.c, t.contacts.c, t.campaign_runs.c, t.finding_voices.c
_INVITATIONS = all_of(Invitation, among("keys", t.invitations.c.id))
_READINGS = all_of(CommentReading, among("keys", t.comment_readings.c.response))
_EVENTS = all_of(IssueEvent, among("keys", _event.issue)).order_by(_event.issue, _event.number)
_CONTACTS = all_of(Contact, among("keys", _contact.customer)).order_by(
    _contact.customer, _contact.channel, _contact.chat
)
_RUNS = all_of(Run, among("keys", _run.campaign)).order_by(_run.campaign, _run.occurrence)
_VOICES = all_of(Voice, among("keys", _voice.finding)).order_by(_voice.finding, _voice.customer)
_rated = t.rated_items.c
_ANSWERED = select(_rated.survey, _rated.survey_number).distinct().order_by(_rated.survey, _rated.survey_number)
_file = t.archived_files.c
_FILES = all_of(ArchivedFile, among("keys", _file.report)).order_by(_file.report, _file.format)
_CONTENT = select(t.files.c.content).where(t.files.c.hash == bindparam("hash", type_=Text()))
_SURVEYS = all_of(StoredSurvey)


def invitations_of(session: SnapshotSession, interviews: Sequence[Interview]) -> dict[str, Invitation]:
    """Return the asks to which these interviews are the answers, by id."""
    found = session.records(Invitation, _INVITATIONS, keys=[one.invitation for one in interviews])
    return {one.id: one for one in found}


def readings_of(session: SnapshotSession, interviews: Sequence[Interview]) -> dict[str, CommentReading]:
    """Return what was read in the words of these interviews, by the interview's id."""
    found = session.records(CommentReading, _READINGS, keys=[one.id for one in interviews])
    return {one.response: one for one in found}


def timelines_of(session: SnapshotSession, issues: Sequence[Issue]) -> Mapping[str, Sequence[IssueEvent]]:
    """Return the events of these issues, oldest first, by the issue's id."""
    found = session.records(IssueEvent, _EVENTS, keys=[one.id for one in issues])
    return _grouped(found, lambda event: event.issue)


def contacts_of(session: SnapshotSession, customers: Sequence[Customer]) -> Mapping[str, Sequence[Contact]]:
    """Return the chats of these customers, by the customer's id."""
    found = session.records(Contact, _CONTACTS, keys=[one.id for one in customers])
    return _grouped(found, lambda contact: contact.customer)


def runs_of(session: SnapshotSession, campaigns: Sequence[Campaign]) -> Mapping[str, Sequence[Run]]:
    """Return the occurrences of these campaigns, oldest first, by the campaign's id."""
    found = session.records(Run, _RUNS, keys=[one.id for one in campaigns])
    return _grouped(found, lambda run: run.campaign)


def voices_of(session: SnapshotSession, findings: Sequence[Finding]) -> Mapping[str, Sequence[Voice]]:
    """Return the customers who raised these findings, by the finding's id."""
    found = session.records(Voice, _VOICES, keys=[one.id for one in findings])
    return _grouped(found, lambda voice: voice.finding)


def files_of(session: SnapshotSession, reports: Sequence[ArchivedReport]) -> Mapping[str, Sequence[ArchivedFile]]:
    """Return the files of these reports, by the report's id."""
    found = session.records(ArchivedFile, _FILES, keys=[one.id for one in reports])
    return _grouped(found, lambda file: file.report)


def sheets_of(session: SnapshotSession, files: Sequence[AssessmentFile]) -> dict[str, FilledForm]:
    """Return the sheets that these files are for, as far as they are stored, by id."""
    found = session.records(FilledForm, ASSESSMENTS, keys=sorted({one.assessment for one in files}))
    return {one.id: one for one in found}


def content_of(session: SnapshotSession, hash_: str) -> bytes:
    """Return what a stored file holds, which something has."""
    ((content,),) = session.fetch(_CONTENT, hash=hash_)
    return bytes(content)


def stored_surveys(session: SnapshotSession) -> list[StoredSurvey]:
    """Return every version of a survey that was ever asked."""
    return session.records(StoredSurvey, _SURVEYS)


def answered_surveys(session: SnapshotSession) -> list[SurveyKey]:
    """Return the versions of surveys in which anybody has rated anything."""
    return [(survey, number) for survey, number in session.fetch(_ANSWERED)]


def _grouped(records: Sequence[T], owner: Callable[[T], str]) -> Mapping[str, Sequence[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for record in records:
        groups[owner(record)].append(record)
    return groups

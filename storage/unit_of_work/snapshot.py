"""What a decision sees: the rows it needs, with the changes of earlier decisions in the same batch."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import TypeVar

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.ids import Ref
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import OPEN, Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import NOT_CLOSED, Issue
from dialogs.messages import Address
from dialogs.names import is_same_person
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.known_deliveries import KnownEvent
from storage.model.outgoing.hook_records import HookEndpoint
from storage.model.publications import Publication
from storage.model.records import Contact, Customer, Grant, InboxRow, Member, Note, OutboxMessage, Ticket, Token, Window
from storage.model.registers import Request, Tombstone
from storage.model.text_records import CommentReading, StoredPhrase
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.layers import Key, Layer
from storage.unit_of_work.needs import RatedKey

__all__ = ["Snapshot"]

R = TypeVar("R")


class Snapshot:
    """Rows by key and by the few other ways that decisions ask for them."""

    def __init__(self, records: Iterable[Record] = (), layers: tuple[Layer, ...] = ()) -> None:
        """Hold these rows, over those of lower `layers`."""
        self._layers = (Layer(records), *layers)

    def absorb(self, changes: Changes) -> None:
        """Keep what a decision has changed, for the later decisions of its batch."""
        for record in changes.records:
            self._layers[0].put(record)

    def after(self, changes: Changes) -> "Snapshot":
        """Return the snapshot as it will be after these changes; this one is not changed."""
        return Snapshot(changes.records, self._layers)

    # -- by key ------------------------------------------------------------------------------------------------

    def ticket(self, source: str, ticket: str) -> Ticket | None:
        """Return a ticket."""
        return self._row(Ticket, (source, ticket))

    def customer(self, customer: str) -> Customer | None:
        """Return a customer."""
        return self._row(Customer, (customer,))

    def invitation(self, invitation: str) -> Invitation | None:
        """Return an invitation."""
        return self._row(Invitation, (invitation,))

    def interview(self, interview: str) -> Interview | None:
        """Return an interview."""
        return self._row(Interview, (interview,))

    def issue(self, issue: str) -> Issue | None:
        """Return an issue."""
        return self._row(Issue, (issue,))

    def about(self, kind: type[R], ref: Ref | None) -> R | None:
        """Return what a message or button is about, None where that is nothing or of another kind."""
        return self._row(kind, (ref.id,)) if ref is not None else None

    def message(self, message: str) -> OutboxMessage | None:
        """Return an outgoing message by its id."""
        return self._row(OutboxMessage, (message,))

    def token(self, hash_: str) -> Token | None:
        """Return a binding token by the hash of its secret."""
        return self._row(Token, (hash_,))

    def inbox_row(self, key: str) -> InboxRow | None:
        """Return the inbox row with this key, None where there is none."""
        return self._row(InboxRow, (key,))

    def knows_event(self, hash_: str) -> bool:
        """Return whether an event is known of which no inbox row is left."""
        return self._row(KnownEvent, (hash_,)) is not None

    def note(self, key: str) -> Note | None:
        """Return something remembered."""
        return self._row(Note, (key,))

    def campaign(self, campaign: str) -> Campaign | None:
        """Return a campaign."""
        return self._row(Campaign, (campaign,))

    def run(self, campaign: str, occurrence: datetime) -> Run | None:
        """Return an occurrence of a campaign."""
        return self._row(Run, (campaign, occurrence))

    def target(self, campaign: str, occurrence: datetime, customer: str) -> Target | None:
        """Return a person of an occurrence's audience."""
        return self._row(Target, (campaign, occurrence, customer))

    def request(self, request: str) -> Request | None:
        """Return somebody's request."""
        return self._row(Request, (request,))

    def assessment(self, assessment: str) -> FilledForm | None:
        """Return a filled sheet."""
        return self._row(FilledForm, (assessment,))

    def sheet_file(self, file: str) -> AssessmentFile | None:
        """Return a file that was uploaded as evidence."""
        return self._row(AssessmentFile, (file,))

    def files_of_sheet(self, assessment: str) -> list[AssessmentFile]:
        """Return the files of a sheet (loaded when `Needs.assessments` asked for it), and those waiting for it."""
        return self._found(AssessmentFile, "assessment", assessment)

    def entered_figure(self, entered: str) -> EnteredFigure | None:
        """Return what was entered of a figure."""
        return self._row(EnteredFigure, (entered,))

    def publication(self, publication: str) -> Publication | None:
        """Return a revision of what was published."""
        return self._row(Publication, (publication,))

    def adjustment(self, adjustment: str) -> Adjustment | None:
        """Return what was added to a result."""
        return self._row(Adjustment, (adjustment,))

    def finding(self, finding: str) -> Finding | None:
        """Return a finding."""
        return self._row(Finding, (finding,))

    def voices(self, finding: str) -> list[Voice]:
        """Return the customers who raised a finding (loaded when `Needs.findings` asked for it)."""
        return self._found(Voice, "finding", finding)

    def reading(self, response: str) -> CommentReading | None:
        """Return what was read in the words of a response."""
        return self._row(CommentReading, (response,))

    def phrase(self, phrase: str) -> StoredPhrase | None:
        """Return a phrase that is proposed, mapped or ignored."""
        return self._row(StoredPhrase, (phrase,))

    def archived(self, report: str) -> ArchivedReport | None:
        """Return a revision of a report."""
        return self._row(ArchivedReport, (report,))

    def archived_files(self, report: str) -> list[ArchivedFile]:
        """Return the formats in which a revision was made."""
        return self._found(ArchivedFile, "report", report)

    def report_run(self, run: str) -> ReportRun | None:
        """Return the run of a schedule about a period."""
        return self._row(ReportRun, (run,))

    def hook_endpoint(self, endpoint: str) -> HookEndpoint | None:
        """Return an endpoint of outgoing webhooks."""
        return self._row(HookEndpoint, (endpoint,))

    def tombstone(self, hash_: str) -> Tombstone | None:
        """Return what stands for somebody forgotten."""
        return self._row(Tombstone, (hash_,))

    def window(self, place: Address) -> Window:
        """Return what a chat still lets us send (loaded when `Needs.windows` asked for it)."""
        return self._row(Window, (place.channel, place.chat)) or Window(place.channel, place.chat)

    def grant(self, place: Address, template: str) -> Grant:
        """Return what a chat's owner has allowed of a template."""
        found = self._row(Grant, (place.channel, place.chat, template))
        return found or Grant(place.channel, place.chat, template, 0)

    def held(self, place: Address) -> list[OutboxMessage]:
        """Return the messages that wait for the chat's window, oldest first."""
        waiting = self._found(OutboxMessage, "held", place)
        return sorted(waiting, key=lambda message: (message.created_at, message.id))

    # -- by what they belong to ----------------------------------------------------------------------------------

    def roster(self) -> list[Member]:
        """Return the whole team (loaded when `Needs.roster` asked for it), without those taken off it."""
        return [member for member in self._found(Member, "", None) if member.role]

    def member(self, name: str) -> Member | None:
        """Return somebody who is on the roster, or was (loaded when `Needs.roster` asked for it), however spelled."""
        exact = self._row(Member, (name,))
        if exact is not None:
            return exact
        return next((one for one in self._found(Member, "", None) if is_same_person(one.name, name)), None)

    def contacts(self, customer: str) -> list[Contact]:
        """Return a customer's chats."""
        return self._found(Contact, "customer", customer)

    def contacts_at(self, address: Address) -> list[Contact]:
        """Return everybody's contacts at one chat."""
        return self._found(Contact, "address", address)

    def invitations(self, customer: str) -> list[Invitation]:
        """Return a customer's invitations that matter now: scheduled ones, and those asked lately."""
        return self._found(Invitation, "customer", customer)

    def waiting(self) -> list[Invitation]:
        """Return every invitation loaded, and so those that wait (where `Needs.waiting` asked for them)."""
        return self._found(Invitation, "", None)

    def invitations_of(self, source: str, ticket: str) -> list[Invitation]:
        """Return a ticket's invitations, one per closing."""
        return self._found(Invitation, "ticket", (source, ticket))

    def interview_of(self, invitation: str) -> Interview | None:
        """Return the interview of an invitation, None before it was asked."""
        return next(iter(self._found(Interview, "invitation", invitation)), None)

    def open_interviews(self, customer: str) -> list[Interview]:
        """Return a customer's unfinished interviews, the one asked last first."""
        mine = self._found(Interview, "customer", customer)
        return sorted((i for i in mine if i.state in OPEN), key=lambda i: (i.asked_at, i.id), reverse=True)

    def interviews(self, customer: str) -> list[Interview]:
        """Return all loaded interviews of a customer."""
        return self._found(Interview, "customer", customer)

    def exclusions(self, response: str) -> list[Exclusion]:
        """Return the exclusions of a response (loaded when `Needs.exclusions` asked for them)."""
        return self._found(Exclusion, "response", response)

    def assessments_of(self, rated: RatedKey) -> list[FilledForm]:
        """Return every sheet about somebody by a form for a period (loaded when `Needs.rated` asked for them)."""
        return self._found(FilledForm, "rated", rated)

    def issues_of_ticket(self, source: str, ticket: str) -> list[Issue]:
        """Return a ticket's issues that are not closed, oldest first."""
        found = self._found(Issue, "tickets", (source, ticket))
        return sorted((i for i in found if i.state in NOT_CLOSED), key=lambda i: i.opened_at)

    def issues_of_customer(self, customer: str) -> list[Issue]:
        """Return a customer's issues that are not closed, oldest first."""
        found = self._found(Issue, "customers", customer)
        return sorted((i for i in found if i.state in NOT_CLOSED), key=lambda i: i.opened_at)

    def issues(self) -> list[Issue]:
        """Return every issue loaded."""
        return self._found(Issue, "", None)

    def message_with(self, channel: str, chat: str, receipt: str) -> OutboxMessage | None:
        """Return the message that a chat shows under this id, None if it is not ours."""
        return next(iter(self._found(OutboxMessage, "receipt", (channel, chat, receipt))), None)

    def message_saying(self, place: Address, words: str) -> OutboxMessage | None:
        """Return the newest message to a chat with these words, of those loaded; spaces do not count, nor what follows.

        A channel may write an address behind the words.
        """
        found, seen = self._found(OutboxMessage, "begun", place), words.split()
        saying = (one for one in found if (own := one.prompt.text.split()) and own == seen[: len(own)])
        return max(saying, key=lambda one: (one.created_at, one.id), default=None)

    # -- inside ------------------------------------------------------------------------------------------------

    def _row(self, kind: type[R], key: Key) -> R | None:
        for layer in self._layers:
            found = layer.get(kind, key)
            if found is not None:
                return found
        return None

    def _found(self, kind: type[R], name: str, value: Hashable) -> list[R]:
        rows = (self._row(kind, key) for key in sorted(self._keys(kind, name, value)))
        return [row for row in rows if row is not None]

    def _keys(self, kind: type, name: str, value: Hashable) -> set[Key]:
        """Return the keys found, those of a lower layer unless a higher one has the row anew."""
        keys = set(self._layers[-1].keys(kind, name, value))
        for layer in self._layers[-2::-1]:
            keys = {key for key in keys if not layer.has(kind, key)}.union(layer.keys(kind, name, value))
        return keys

"""What a decision has to look at. Needs add up as changes do; the loader follows them to what belongs to them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import attrgetter, or_
from typing import Any

from dialogs.ids import Ref, RefKind
from dialogs.issue.model import TicketKey
from dialogs.messages import Address
from scoring.values import Value

__all__ = ["Needs", "Quoted", "RatedKey", "TargetKey", "needs_of"]

Quoted = tuple[str, str, str, tuple[str, ...]]
"""A message of ours that somebody answered: channel, chat, receipt, and the numbers of issues in its words."""
TargetKey = tuple[str, datetime, str]
"""A campaign, its occurrence, a customer."""
RatedKey = tuple[str, str, str]
"""Whom or what sheets are about, their form, the name of their period."""


class Needs(Value):
    """Keys to load. The loader adds what hangs on them: see `storage.unit_of_work.load`.

    `receipts` are `(channel, chat, receipt)` of messages of ours that somebody answered or tapped; of those that are
    `quoted` the words are known, by which one is found whose receipt is not stored (yet);
    `call_days` are ids of the day's collected card, `notes` keys of `Note`s; `windows` asks what these chats still let
    us send, and which messages are held for that; `campaigns` bring the run under way; `targets` are people of a run;
    `chats` are addresses of which only the contacts and their customers are needed, not what hangs on those;
    `entered` are ids of entered figures; `events` are hashes of events that may be known; `exclusions` are responses of
    which those are needed, `readings` those of which it is needed what was read in their words; `assessments` bring
    their files; `rated` asks for every sheet about somebody;
    `findings` bring the customers who raised them;
    `archived` reports their files, without the content;
    `roster` asks for the whole team; `waiting` for the invitations that are put off while surveys are paused.
    """

    inbox: frozenset[str] = frozenset()
    addresses: frozenset[Address] = frozenset()
    chats: frozenset[Address] = frozenset()
    customers: frozenset[str] = frozenset()
    tickets: frozenset[TicketKey] = frozenset()
    invitations: frozenset[str] = frozenset()
    interviews: frozenset[str] = frozenset()
    issues: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    receipts: frozenset[tuple[str, str, str]] = frozenset()
    quoted: frozenset[Quoted] = frozenset()
    call_days: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    windows: frozenset[Address] = frozenset()
    campaigns: frozenset[str] = frozenset()
    targets: frozenset[TargetKey] = frozenset()
    requests: frozenset[str] = frozenset()
    tombstones: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    assessments: frozenset[str] = frozenset()
    sheet_files: frozenset[str] = frozenset()
    rated: frozenset[RatedKey] = frozenset()
    entered: frozenset[str] = frozenset()
    publications: frozenset[str] = frozenset()
    adjustments: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    readings: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    archived: frozenset[str] = frozenset()
    report_runs: frozenset[str] = frozenset()
    hook_endpoints: frozenset[str] = frozenset()
    roster: bool = False
    waiting: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        """Return both."""
        if other == _NOTHING:
            return self
        return Needs(*map(or_, _each(self), _each(other)))

    @staticmethod
    def all(needs: Iterable["Needs"]) -> "Needs":
        """Return everything that a batch needs."""
        listed = list(map(_each, needs))
        if len(listed) == 1:
            return Needs(*listed[0])
        return Needs(*(_united(each) for each in zip(*listed, strict=True)))


_NOTHING = Needs()


def needs_of(ref: Ref | None) -> Needs:
    """Return what has to be loaded for what a message or button is about."""
    return Needs() if ref is None else _NAMING[ref.kind](frozenset({ref.id}))


_NAMING: dict[RefKind, Callable[[frozenset[str]], Needs]] = {
    RefKind.INVITATION: lambda ids: Needs(invitations=ids),
    RefKind.INTERVIEW: lambda ids: Needs(interviews=ids),
    RefKind.ISSUE: lambda ids: Needs(issues=ids),
    RefKind.CAMPAIGN: lambda ids: Needs(campaigns=ids),
    RefKind.REQUEST: lambda ids: Needs(requests=ids),
    RefKind.FINDING: lambda ids: Needs(findings=ids),
}


def _united(wanted: Sequence[Any]) -> Any:  # noqa: ANN401 - keys of any kind, or whether the roster is asked for
    return any(wanted) if isinstance(wanted[0], bool) else frozenset().union(*wanted)


_each = attrgetter(*Needs.__struct_fields__)

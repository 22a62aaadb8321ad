"""Who may work on issues, from the team's chat, from the page and by API: one rule, `may_work`, for all of them.

And whom an issue can be given to, by whom, when. Whoever holds it may hand it over; leads may take it over, or give it
to somebody, at any time; anybody who may work from `alerts.takeover_after` after its claim on. What nobody holds,
anybody may take or give.
"""

from collections.abc import Sequence

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Invalid
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.commands import Actor, IssueResult, claim_issue, move_issue, refused
from dialogs.issue.events import IssueAssigned
from dialogs.issue.model import Issue, IssueState
from dialogs.names import is_same_person
from storage.model.records import Member
from storage.unit_of_work.writer import Decision

__all__ = [
    "assign_issue",
    "known_as",
    "refused_lead",
    "refused_publisher",
    "refused_stranger",
    "refused_worker",
    "worker_in_own_chat",
    "worker_names",
    "worker_speaking",
]

_ADMINS = frozenset({"owner", "admin"})
_LEADS = _ADMINS | {"lead"}
_MAY_WORK = _LEADS | {"agent"}


def may_work(roster: Sequence[Member], member: Member | None, *, vouched: bool = False) -> bool:
    """Return whether somebody may work on issues: anybody while nobody is on the roster, then its people by role.

    Whoever was invited is on it, joined or not. `member` is their row, None for whoever has none; `vouched` says that
    the door answers for those, as a help desk with a key of the API does.
    """
    if not roster:
        return True
    return vouched if member is None else member.role in _MAY_WORK


def worker_speaking(turn: TurnContext) -> Actor | None:
    """Return who speaks in the team's chat, None where they may not work on issues.

    The roster knows people by their user id on one channel; on the others nobody is known. Administrators of the
    settings may, too. Whoever plays a simulated chat plays all of the team.
    """
    person, channel = turn.inbound.sender, turn.place.channel
    if not person.id:
        return None
    stranger, can = Actor(person.name or person.id, f"{channel}:{person.id}"), turn.policy.can(channel)
    if can.simulated:
        return stranger
    roster = turn.snapshot.roster()
    member = next((m for m in roster if m.telegram == person.id), None) if can.roster else None
    if not may_work(roster, member) and not _administers(turn.policy, channel, person.id):
        return None
    return Actor(member.name, member.name) if member is not None else stranger


def worker_in_own_chat(turn: TurnContext, issue: Issue) -> Actor | None:
    """Return who speaks to us alone, None for whoever is not known to be of the team.

    While nobody is on the roster, an issue's holder is.
    """
    person, channel = turn.inbound.sender, turn.place.channel
    if not turn.policy.can(channel).roster or not person.id or turn.place.chat != person.id:
        return None
    actor, is_known = worker_speaking(turn), any(m.telegram == person.id for m in turn.snapshot.roster())
    is_holder = actor is not None and actor.identity(issue) == issue.claimant
    return actor if is_known or is_holder or _administers(turn.policy, channel, person.id) else None


def _administers(policy: Policy, channel: str, user: str) -> bool:
    """Return whether the settings name an account as an administrator's."""
    return policy.can(channel).roster and user in policy.admins


def worker_names(context: DecisionContext) -> tuple[str, ...] | None:
    """Return the names of roster members who may work on issues; None while the roster is empty."""
    roster = context.snapshot.roster()
    return tuple(sorted(member.name for member in roster if may_work(roster, member))) if roster else None


def known_as(context: DecisionContext, name: str) -> str:
    """Return the roster's spelling of a name; of whoever is not on it, the name as given."""
    member = context.snapshot.member(name)
    return member.name if member is not None else name


def _is_lead(context: DecisionContext, actor: Actor) -> bool:
    """Return whether somebody may take an issue over, or give it away, at any time.

    They have the role on the roster, or administer by the settings; whoever plays a simulated chat plays leads, too.
    """
    if actor.is_typed:
        return False
    member = context.snapshot.member(actor.by)
    if member is not None and member.role in _LEADS:
        return True
    channel, _, user = actor.who.partition(":")
    if context.policy.can(channel).simulated or _administers(context.policy, channel, user):
        return True
    return member is not None and member.telegram in context.policy.admins


def refused_worker(context: DecisionContext, by: str | None, field: str = "by") -> Invalid | None:
    """Return why somebody named by a help desk may not work on issues: on the roster without the role, or taken off it.

    Other names are free text, for which the help desk answers.
    """
    member = context.snapshot.member(by) if by else None
    if may_work(context.snapshot.roster(), member, vouched=True):
        return None
    return Invalid(field, "is known to the roster and may not work on issues: a role from agent up is needed")


def refused_stranger(context: DecisionContext, by: str) -> Invalid | None:
    """Return why somebody may not take part where people must be told apart: with a roster only its workers may."""
    roster = context.snapshot.roster()
    if may_work(roster, context.snapshot.member(by)):
        return None
    return Invalid("by", "is nobody on the roster who may work: a role from agent up is needed")


def refused_lead(context: DecisionContext, by: str) -> Invalid | None:
    """Return why somebody may not decide about others: with a roster only its leads, admins and owners may."""
    member = context.snapshot.member(by)
    if not context.snapshot.roster() or (member is not None and member.role in _LEADS):
        return None
    return Invalid("by", "is no lead, admin or owner on the roster, and only those decide")


def refused_publisher(context: DecisionContext, by: str) -> Invalid | None:
    """Return why somebody may not publish a period: with a roster only its admins and owners may."""
    member = context.snapshot.member(by)
    if not context.snapshot.roster() or (member is not None and member.role in _ADMINS):
        return None
    return Invalid("by", "is no admin or owner on the roster, and only those publish")


def assign_issue(context: DecisionContext, issue_id: str, actor: Actor, to: str) -> Decision[IssueResult]:
    """Pass an issue on to somebody, who may be the actor themselves; the same again changes nothing."""
    issue = context.snapshot.issue(issue_id)
    to = known_as(context, to)
    unknown = _unknown(context, issue, actor, to)
    if unknown is not None:
        return refused(unknown)
    if issue is not None and issue.state is IssueState.OPEN and is_same_person(to, actor.by):
        return claim_issue(context, issue_id, actor)
    return move_issue(context, issue_id, lambda found: _assigned(context, found, actor, to))


def _assigned(context: DecisionContext, issue: Issue, actor: Actor, to: str) -> IssueAssigned:
    who = actor.identity(issue)
    to_who = who if is_same_person(to, actor.by) else Actor(to).identity(issue)
    return IssueAssigned(who, actor.by, to_who, to, leads=_is_lead(context, actor), former=issue.claimed_by or "")


def _unknown(context: DecisionContext, issue: Issue | None, actor: Actor, to: str) -> Invalid | None:
    """Return why an issue cannot be given to this name; the actor and the holder are known already."""
    people = worker_names(context)
    if issue is None or people is None:
        return None
    if any(is_same_person(to, name) for name in (*people, actor.by, issue.claimed_by or "")):
        return None
    known = ", ".join(people) or "nobody"
    return Invalid("to", f"nobody on the roster who may work on issues is called that; there are: {known}")

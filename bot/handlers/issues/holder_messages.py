"""Messages to the people who hold an issue: that it was given to somebody else, that it has to be resolved.

They go to a chat of the person's own where one is known, else into the team's chats, naming them. A chat of their own
that does not let us in is known only when that was tried: then the same goes to the team's chats (`told_in_group`).
"""

from collections.abc import Sequence

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.customer_messages import subject_of
from bot.handlers.issues.team_messages import line_in_group, team_message
from dialogs.issue import holder_cards
from dialogs.issue.events import IssueAssigned
from dialogs.issue.model import Issue
from dialogs.messages import Address, Person, Prompt
from dialogs.names import is_same_person
from scoring.values import Value, replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["handover_messages", "merged_messages", "reminder_messages", "told_in_group"]


class _Holder(Value):
    """Somebody who holds an issue, or did: their name, and the chat of their own, if one is known."""

    name: str
    own: Address | None

    @property
    def person(self) -> Person:
        return Person(self.own.chat if self.own else "", self.name)


def handover_messages(context: DecisionContext, before: Issue, after: Issue, event: IssueAssigned) -> Changes:
    """Return what the former holder and the new one are told, but for whoever of them did it."""
    subject, phrases, locale = _subject(context, after), context.policy.phrases, context.policy.team_speaks
    told: list[tuple[str, _Holder, Prompt]] = []
    if before.claimant not in (None, event.who):
        gone = holder_cards.gone(after, event, subject, phrases, locale)
        told.append(("gone", _holder(context, before.claimant or "", before.claimed_by or ""), gone))
    if event.to_who != event.who:
        yours = holder_cards.yours(after, event, subject, context.policy.timezone, phrases, locale)
        told.append(("yours", _holder(context, event.to_who, event.to), yours))
    changes = Changes()
    for what, holder, prompt in told:
        changes += _told(context, after, f"{what}:{after.events}", holder, prompt)
    return changes


def merged_messages(context: DecisionContext, before: Issue, after: Issue, by: str | None) -> Changes:
    """Return what whoever held an issue is told, that somebody else made it part of another."""
    if before.claimant is None or is_same_person(before.claimed_by or "", by or ""):
        return Changes()
    subject, phrases, locale = _subject(context, after), context.policy.phrases, context.policy.team_speaks
    prompt = holder_cards.merged(after, after.merged_into or "", subject, phrases, locale)
    holder = _holder(context, before.claimant, before.claimed_by or "")
    return _told(context, after, f"merged:{after.events}", holder, prompt)


def reminder_messages(context: DecisionContext, issue: Issue) -> Changes:
    """Remind the holder that the time to resolve it is over."""
    holder = _holder(context, issue.claimant or "", issue.claimed_by or "")
    prompt = holder_cards.remind(issue, _subject(context, issue), context.policy.phrases, context.policy.team_speaks)
    return _told(context, issue, f"remind:{issue.events}", holder, prompt)


def told_in_group(context: DecisionContext, issue: Issue, message: OutboxMessage) -> Changes:
    """Return for the team's chats what the chat of the person's own did not let in."""
    person = message.prompt.mentions
    if person is None:
        return Changes()
    return _in_groups(context, issue, f"instead:{message.id}", _Holder(person.name, message.address), message.prompt)


def _told(context: DecisionContext, issue: Issue, what: str, holder: _Holder, prompt: Prompt) -> Changes:
    prompt = replace(prompt, mentions=holder.person)
    if holder.own is None:
        return _in_groups(context, issue, what, holder, prompt)
    return Changes((team_message(context, issue, holder.own, what, prompt),))


def _in_groups(context: DecisionContext, issue: Issue, what: str, holder: _Holder, prompt: Prompt) -> Changes:
    """Return a message to one person for each of the team's chats; only their own channel knows them by their id."""
    lines = []
    for place in context.policy.team:
        is_known = holder.own is not None and holder.own.channel == place.channel
        person = holder.person if is_known else Person("", holder.name)
        named = holder_cards.to_one_in_group(prompt, person, context.policy.phrases, context.policy.team_speaks)
        lines.append(line_in_group(context, issue, place, what, named))
    return Changes(tuple(lines))


def _holder(context: DecisionContext, claimant: str, name: str) -> _Holder:
    """Return whoever an identity names: a member of the roster, or somebody of whom only the account is known.

    Channels have chats of people's own where the roster's people are known by their accounts.
    """
    member = context.snapshot.member(claimant)
    own = next((name for name in context.policy.channels if context.policy.can(name).roster), "")
    if member is not None:
        return _Holder(name, Address(own, member.telegram) if own and member.telegram else None)
    channel, _, user = claimant.partition(":")
    return _Holder(name, Address(own, user) if own and user and channel == own else None)


def _subject(context: DecisionContext, issue: Issue) -> str:
    """Return what the issue is about, for those who cannot see its card."""
    subjects: Sequence[str] = [subject_of(context, issue, customer) for customer in issue.customers]
    return issue.title or next(filter(None, subjects), "")

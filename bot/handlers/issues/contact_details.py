"""Who a customer is and how to reach them, in full: for whoever holds the issue, and for nobody else.

A group reads masked names. The holder reads the rest in a chat of their own, where one is known (the roster), in an
answer to their press that nobody else sees, and on the team's page by a link that is theirs while they hold the issue.
"""

from collections.abc import Iterator
from hashlib import blake2b

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.page_links import LINK_LASTS
from bot.handlers.issues.team_messages import card_facts, team_message
from bot.signed_links import LinkPurpose
from dialogs.ids import derive
from dialogs.issue import holder_cards
from dialogs.issue.card_text import CardFacts, short_number
from dialogs.issue.customer_card import contact_lines, customer_label, customers_in_full, customers_masked, ticket_lines
from dialogs.issue.model import Issue, IssueState
from dialogs.messages import Address, Link, Prompt
from dialogs.sanitize import clipped
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes

__all__ = [
    "HolderLink",
    "details_gone",
    "details_messages",
    "details_shown",
    "holder_token",
    "is_told_alone",
    "read_holder_link",
]

_MARK = 6
"""Bytes that tell one holding of an issue from another."""
_LONGEST_ANSWER = 160
"""With the words around it, the answer to a press fits 200 characters (Bot API, answerCallbackQuery)."""


class HolderLink(Value):
    """A link to an issue that was made for its holder `name`; `mark` says for which holding."""

    issue: str
    mark: str
    name: str

    def opens(self, issue: Issue) -> bool:
        """Return whether they hold the issue still."""
        return issue.state is IssueState.CLAIMED and self.mark == _mark(issue)


def holder_token(context: DecisionContext, issue: Issue) -> str:
    """Return the last part of the address of the issue's page for its holder."""
    return context.policy.links.token(LinkPurpose.HOLDER, _subject(issue), context.now + LINK_LASTS)


def read_holder_link(subject: str) -> HolderLink:
    """Return the link with this subject."""
    issue, mark, name = subject.split(" ", 2)
    return HolderLink(issue, mark, name)


def details_shown(context: DecisionContext, issue: Issue) -> str:
    """Return the details on one line, for an answer to a press of the holder; empty where there are none."""
    facts, phrases, locale = card_facts(context, issue), context.policy.phrases, context.policy.team_speaks
    ways = list(contact_lines(facts.customers, phrases, locale))
    if not ways:
        return ""
    return clipped(" · ".join((customers_in_full(facts.customers, phrases, locale), *ways)), _LONGEST_ANSWER)


def is_told_alone(context: DecisionContext, issue: Issue) -> bool:
    """Return whether the holder is told the details in a chat of their own."""
    return _own_chat(context, issue) is not None


def details_messages(context: DecisionContext, before: Issue, after: Issue) -> Changes:
    """Return the details for a new holder, in their own chat; empty without one, and where there is nothing to tell."""
    is_new = after.state is IssueState.CLAIMED and after.claimant != before.claimant
    own = _own_chat(context, after) if is_new else None
    if own is None:
        return Changes()
    facts, phrases, locale = card_facts(context, after), context.policy.phrases, context.policy.team_speaks
    lines = list(_lines(context, facts))
    if not lines:
        return Changes()
    head = phrases.say(locale, "contact.head", number=short_number(after.id))
    whole = customers_in_full if len(facts.customers) == 1 else customers_masked
    named = customer_label(facts.customers, whole(facts.customers, phrases, locale), phrases, locale)
    page = context.policy.links.url(LinkPurpose.HOLDER, _subject(after), context.now + LINK_LASTS)
    link, rows = Link(phrases.say(locale, "contact.open"), page), (holder_cards.open_button(after, phrases, locale),)
    prompt = Prompt("\n".join((head, named, *lines)), rows, link)
    return Changes((team_message(context, after, own, f"details:{_mark(after)}", prompt),))


def details_gone(context: DecisionContext, before: Issue, after: Issue) -> Changes:
    """Return the edit that takes the details away from whoever was the holder; empty where they were told none."""
    is_gone = before.claimant is not None and after.claimant != before.claimant
    own = _own_chat(context, before) if is_gone else None
    if own is None or not context.policy.can(own.channel).edits:
        return Changes()
    if not list(_lines(context, card_facts(context, before))):
        return Changes()
    phrases, locale = context.policy.phrases, context.policy.team_speaks
    prompt = Prompt(phrases.say(locale, "contact.gone", number=short_number(after.id)), only_edits=True)
    told = team_message(context, before, own, f"details:{_mark(before)}", prompt)
    return Changes((replace(told, id=derive("out", told.id, "gone"), edits=told.id),))


def _lines(context: DecisionContext, facts: CardFacts) -> Iterator[str]:
    phrases, locale = context.policy.phrases, context.policy.team_speaks
    yield from contact_lines(facts.customers, phrases, locale)
    yield from ticket_lines(facts.tickets, facts.links, phrases, locale)


def _own_chat(context: DecisionContext, issue: Issue) -> Address | None:
    """Return the chat that a person of the roster has with us; of others it is not known whether there is one."""
    member = context.snapshot.member(issue.claimant or "")
    own = next((name for name in context.policy.channels if context.policy.can(name).roster), "")
    return Address(own, member.telegram) if member is not None and member.telegram and own else None


def _subject(issue: Issue) -> str:
    return f"{issue.id} {_mark(issue)} {issue.claimed_by or ''}"


def _mark(issue: Issue) -> str:
    held = "\0".join((issue.id, issue.claimant or "", str(issue.claimed_at), str(issue.resolution)))
    return blake2b(held.encode(), digest_size=_MARK).hexdigest()

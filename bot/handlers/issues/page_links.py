"""Team messages for chats without buttons: they carry a signed link to the issue's page, and the card's summary."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.signed_links import LinkPurpose
from dialogs.issue.model import Issue
from dialogs.messages import Address, CardSummary, Link, Prompt
from scoring.values import replace

__all__ = ["LINK_LASTS", "editable_chats", "page_link", "page_of", "with_page_link"]

LINK_LASTS = timedelta(days=14)
"""How long a card leads to its issue; whatever is sent later about the issue carries a fresh link."""


def page_of(context: DecisionContext, issue: Issue) -> str:
    """Return the address of the issue's page."""
    return context.policy.links.url(LinkPurpose.TEAM, issue.id, context.now + LINK_LASTS)


def page_link(context: DecisionContext, issue: Issue) -> Link:
    """Return the button that opens the issue's page."""
    return Link(context.policy.phrases.say(context.policy.team_speaks, "robot.open"), page_of(context, issue))


def editable_chats(context: DecisionContext) -> Sequence[Address]:
    """Return the team chats in which a card changes in place; elsewhere each change would be a new message."""
    return [place for place in context.policy.team if context.policy.can(place.channel).edits]


def with_page_link(
    context: DecisionContext, issue: Issue, place: Address, prompt: Prompt, summary: Callable[[], CardSummary]
) -> Prompt:
    """Return a message about an issue as it goes to this chat: with its buttons, or leading to the page."""
    if context.policy.can(place.channel).buttons:
        return prompt
    return replace(prompt, link=page_link(context, issue), card_summary=summary())

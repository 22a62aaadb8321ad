"""The text of a campaign's messages: placeholders filled, alone or above a question."""

import re
from datetime import timedelta

from bot.handlers.common.closings import service_of
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_customer
from dialogs.campaign.model import Campaign, CampaignKind, Target
from dialogs.ids import derive
from dialogs.improvement.told import told_text
from dialogs.messages import Prompt
from dialogs.opt_out_button import opt_out_row
from dialogs.sanitize import LONGEST_MESSAGE, clipped
from scoring.values import replace
from storage.model.records import Contact, OutboxMessage, Purpose

__all__ = ["fill_text", "notice", "with_words"]

_HOLE = re.compile(r"\{(\w+)\}")
_NEWS_FOR = timedelta(hours=24)
"""How long a notice may wait for its channel; later it is dropped as out of date."""


def fill_text(context: DecisionContext, text: str, target: Target) -> str:
    """Return the text with its placeholders filled; unknown facts become empty, braces inside a value stay."""
    customer = context.snapshot.customer(target.customer)
    ticket = context.snapshot.ticket(target.source, target.ticket) if target.ticket else None
    service = service_of(context, ticket, context.now) if ticket else None
    values = {
        "name": customer.name if customer else "",
        "subject": ticket.subject if ticket else "",
        "ticket": target.ticket,
        "agent": service.agent_name if service else "",
        "team": service.team if service else "",
        "product": ticket.product if ticket else "",
    }
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def notice(context: DecisionContext, campaign: Campaign, target: Target, contact: Contact) -> OutboxMessage:
    """Return the message of a notice, one for each person and occurrence."""
    locale = context.policy.locale_of(context.snapshot.customer(target.customer))
    return message_to_customer(
        context,
        contact,
        Purpose.CAMPAIGN,
        Prompt("", (opt_out_row(context.policy.phrases, locale),)),
        message_id=derive("out", "campaign", campaign.id, target.occurrence.isoformat(), target.customer),
        about=campaign.ref,
        expires_at=context.now + _NEWS_FOR,
    )


def with_words(context: DecisionContext, campaign: Campaign, target: Target, message: OutboxMessage) -> OutboxMessage:
    """Return the message with the campaign's text, above the question where there is one."""
    words = _told(context, campaign, target) or fill_text(context, campaign.text, target)
    text = (
        words
        if campaign.kind is CampaignKind.NOTICE
        else "\n\n".join(part for part in (words, message.prompt.text) if part)
    )
    return replace(message, prompt=replace(message.prompt, text=clipped(text, LONGEST_MESSAGE)))


def _told(context: DecisionContext, campaign: Campaign, target: Target) -> str:
    """Return what whoever raised a finding is told of it, with what they had said; empty for other campaigns."""
    finding = context.snapshot.finding(campaign.origin)
    if finding is None:
        return ""
    voices = context.snapshot.voices(finding.id)
    said = next((voice.said for voice in voices if voice.customer == target.customer), "")
    locale = context.policy.locale_of(context.snapshot.customer(target.customer))
    return told_text(finding, said, context.policy.phrases, locale)

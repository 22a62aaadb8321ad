"""The world that a transcript's header describes: an owner's settings, a customer, their ticket."""

from functools import cache
from pathlib import Path

from bot.channels.sandbox.channel import PHONE
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.wiring.policy import make_policy
from config.locale.phrases import load_phrases
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.messages import Address
from dialogs.survey import Survey
from scoring.values import replace
from storage.model.records import TicketStatus
from tests.support.channels import able
from tests.support.stage.script import Header

__all__ = ["BOSS", "NEWCOMER", "event_of", "policy_of"]

BOSS = Address("telegram", "900")
"""The chat of an admin with the bot."""
NEWCOMER = Address("telegram", "901")
"""The chat with the bot of somebody who joins the team."""
_SOURCE, _TICKET, _CUSTOMER = "zendesk", "42", "c-1001"


def policy_of(header: Header) -> Policy:
    """Make the policy of an owner who has set what the header says, and nothing else."""
    written = {"locale": header.locale, "survey.default": header.survey, **header.settings}
    written |= {"telegram.admins": BOSS.chat} if header.admin else {}
    environ = {f"HUIFANG_{key.upper().replace('.', '__')}": value for key, value in written.items()}
    settings = load_settings(environ, cwd=Path(__file__).parent)
    policy = make_policy(settings, _surveys(), {}, load_phrases(default=header.locale))
    if header.newcomer:  # whoever joins the team has a chat of their own there
        policy = replace(policy, channels=(*policy.channels, NEWCOMER.channel))
    return able(policy, "sandbox", files=True)  # its chats carry files, as Telegram's do


@cache
def _surveys() -> dict[str, Survey]:
    return read_surveys()


def event_of(header: Header, status: TicketStatus) -> TicketEvent:
    """Return what the help desk says of the ticket."""
    contacts = ((PHONE.channel, PHONE.chat),)
    customer = CustomerEvent(_CUSTOMER, name=header.customer, locale=header.locale, contacts=contacts)
    return TicketEvent(_SOURCE, _TICKET, status, customer, subject=header.ticket, agent_name=header.agent)

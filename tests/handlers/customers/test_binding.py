"""A chat opens by a link and is closed by its owner: who is bound, which link is refused, and what is asked then."""

from datetime import timedelta

import pytest

from bot.channels.sandbox.channel import PHONE
from bot.handlers.common.results import NotFound
from bot.handlers.customers import binding_links
from bot.handlers.customers.binding_links import BINDING_LASTS, LinkWanted, token_hash
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.messages import Address, Joined, Left, Person
from scoring.values import replace
from storage.model.records import Contact, ContactState, Customer, Token
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company
from tests.support.stage.scene import scene
from tests.support.stage.world import Appeared

SECRET = "k3Jq0vT5mXw8yZ2aBcD4eF"
OTHER = Address("sandbox", "another")
REPLIES = {
    "used": {"zh-Hans": "这个链接已经用过了", "en": "This link has been used already"},
    "expired": {"zh-Hans": "这个链接过期了", "en": "This link has expired"},
    "unknown": {"zh-Hans": "这个链接认不出来", "en": "I do not know this link"},
    "bound": {"zh-Hans": "连上了", "en": "You are connected"},
}
LOCALES = ["zh-Hans", "en"]


def _company(channel: str = "sandbox") -> Company:
    """Return a company that knows a customer without a chat, for whom there is a link."""
    company = Company()
    company.stage.rows.write(Changes((Customer("c-9", "李先生"),)))
    made = company.stage.decide(
        lambda context: binding_links.create_link(
            context, LinkWanted("c-9", channel, SECRET, context.now + BINDING_LASTS)
        )
    )
    assert isinstance(made, Token)
    return company


def _opens(company: Company, token: str = SECRET, place: Address = OTHER, locale: str = "zh-Hans") -> list[str]:
    company.stage.happened.clear()
    company.stage.hear(place, Person("p9", "李先生", locale), Joined(token))
    came = (each.message for each in company.stage.happened if isinstance(each, Appeared))
    return [message.prompt.text for message in came if message.address == place]


def _contacts(company: Company) -> list[tuple[str, str, ContactState]]:
    return [(one.customer, one.chat, one.state) for one in company.stage.rows.listed(Contact)]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_link_binds_the_chat_and_is_then_used(locale: str) -> None:
    company = _company()
    (shown,) = _opens(company, locale=locale)
    assert shown.startswith(REPLIES["bound"][locale])
    assert _contacts(company) == [("c-9", "another", ContactState.OK)]
    (token,) = company.stage.rows.listed(Token)
    assert (token.used_at, token.used_by) == (company.stage.now, "sandbox:another")
    assert company.stage.rows.listed(Customer)[0].locale == locale


def test_pressed_again_in_the_same_chat_it_is_no_error() -> None:
    company = _company()
    first = _opens(company)
    company.waits(days=40)
    assert _opens(company) == first
    assert len(_contacts(company)) == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_in_another_chat_a_used_link_binds_nobody(locale: str) -> None:
    company = _company()
    _opens(company)
    (shown,) = _opens(company, place=Address("sandbox", "thief"), locale=locale)
    assert shown.startswith(REPLIES["used"][locale])
    assert [chat for _, chat, _ in _contacts(company)] == ["another"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("late", "reply"), [(timedelta(0), "expired"), (timedelta(seconds=-1), "bound")])
def test_a_link_is_good_for_thirty_days_and_not_a_second_more(late: timedelta, reply: str, locale: str) -> None:
    company = _company()
    company.stage.wait(BINDING_LASTS + late)
    (shown,) = _opens(company, locale=locale)
    assert shown.startswith(REPLIES[reply][locale])
    assert bool(_contacts(company)) is (reply == "bound")


@pytest.mark.parametrize(("channel", "token"), [("sandbox", "made-up"), ("telegram", SECRET)])
def test_a_made_up_link_and_that_of_another_channel_are_unknown(channel: str, token: str) -> None:
    company = _company(channel)
    (shown,) = _opens(company, token)
    assert shown.startswith(REPLIES["unknown"]["zh-Hans"])
    assert _contacts(company) == []


def test_in_a_chat_where_no_customer_can_be_a_link_binds_nobody_and_stays_good() -> None:
    company = _company("telegram")
    assert _opens(company, place=Address("telegram", "-5999")) == []  # in a group that is not the team's nobody answers
    assert _contacts(company) == []
    _opens(company, place=Address("telegram", "10009"))
    assert [chat for _, chat, _ in _contacts(company)] == ["10009"]


def test_whoever_opens_a_link_wants_to_be_written_to() -> None:
    company = _company()
    (customer,) = company.stage.rows.listed(Customer)
    company.stage.rows.write(Changes((replace(customer, opted_out_at=company.stage.now),)))
    _opens(company)
    assert company.stage.rows.listed(Customer)[0].opted_out_at is None


def test_what_has_waited_for_a_chat_is_asked_at_once() -> None:
    company = Company()
    company.closes()
    (contact,) = company.stage.rows.listed(Contact)
    company.stage.rows.write(Changes((replace(contact, state=ContactState.UNKNOWN),)))
    company.waits(hours=2)
    (waiting,) = company.stage.rows.listed(Invitation)
    assert waiting.reason is InvitationReason.NO_CONTACT
    company.stage.decide(
        lambda context: binding_links.create_link(
            context, LinkWanted("c-1001", "sandbox", SECRET, context.now + BINDING_LASTS)
        )
    )
    (asked,) = _opens(company)
    assert "1/5" in asked
    assert company.stage.rows.listed(Invitation)[0].state is InvitationState.ASKED
    assert [one.chat for one in company.stage.rows.listed(Interview)] == ["another"]


def test_a_chat_that_shuts_us_out_is_remembered_and_asked_what_waits_when_it_opens_again() -> None:
    company = Company()
    company.closes()
    company.stage.hear(PHONE, Person("p1", "王女士"), Left())
    assert _contacts(company) == [("c-1001", PHONE.chat, ContactState.BLOCKED)]
    company.waits(hours=2)
    assert company.stage.rows.listed(Invitation)[0].reason is InvitationReason.BLOCKED
    (asked,) = company.opens("")
    assert "1/5" in asked
    assert _contacts(company) == [("c-1001", PHONE.chat, ContactState.OK)]


def test_a_link_is_made_for_whom_and_what_is_known_and_only_its_hash_is_kept() -> None:
    company = _company()
    for ticket, customer, missing in (
        (None, "c-none", "customer c-none"),
        (("zendesk", "none"), "c-9", "ticket zendesk/none"),
    ):
        known = scene(Customer("c-9"))
        wanted = LinkWanted(customer, "sandbox", "s", known.now + BINDING_LASTS, ticket)
        made = binding_links.create_link(known, wanted)
        assert (made.answer, made.changes.records) == (NotFound(missing), ())
    (token,) = company.stage.rows.listed(Token)
    assert token.hash == token_hash(SECRET)
    assert SECRET not in repr(token)

"""Who the customer is and how to reach them: whoever holds the issue reads it in full, and nobody else, anywhere."""

from pathlib import Path

import pytest

from bot.handlers.issues.transitions import IssueCause, open_issue
from bot.handlers.surveys.ticket_event import CustomerEvent
from dialogs.issue.card_buttons import MYSELF
from dialogs.issue.model import IssueKind
from dialogs.issue.reasons import Undelivered
from dialogs.messages import Address, Person, Tap, Verb
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Member, OutboxMessage, TicketStatus
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision
from tests.support.stage.company import Company
from tests.support.stage.opening import event_of
from tests.support.stage.world import Toasted
from tests.support.web.team_pages import open_office

GROUP, OWN_OF_LI = Address("telegram", "-100"), Address("telegram", "11")
ROSTER = (Member("李工", "agent", telegram="11"), Member("赵姐", "agent", telegram="12"), Member("小张", "agent"))
PHONE, EMAIL, URL = "138 0013 8000", "wang@example.com", "https://desk.example.com/t/42"
SECRETS = ("王女士", PHONE, EMAIL, URL, "南京路")


def _company(*roster: Member) -> Company:
    """Return a company whose team has an issue in a Telegram group, about somebody of whom everything is known."""
    company = Company()
    company.stage.policy = replace(company.stage.policy, team=(GROUP,), channels=("sandbox", "telegram"))
    company.stage.rows.write(Changes(roster))
    event = event_of(company.header, TicketStatus.CLOSED)
    who = replace(event.customer, phone=PHONE, email=EMAIL, postal_address="南京路 1 号")
    company.stage.ticket(replace(event, customer=who, url=URL))
    company.waits(minutes=30)
    for words in ("1", "太慢了", "5"):
        company.says(words)
    company.waits(minutes=5)
    return company


def _presses(company: Company, user: str, verb: Verb, place: Address = GROUP, value: int = 0) -> list[Toasted]:
    company.stage.happened.clear()
    tap = Tap(verb, company.issues[0].id, value=value)
    company.stage.hear(place, Person(user, user), tap, "t0")
    return [each for each in company.stage.happened if isinstance(each, Toasted)]


def _texts(company: Company, place: Address) -> list[str]:
    prompts = [m.prompt for m in company.stage.rows.listed(OutboxMessage) if m.address == place]
    return [f"{prompt}" for prompt in prompts]


def _shown(company: Company, place: Address) -> list[str]:
    """Return the messages in a chat as they stand there now."""
    return [str(message.wordings[-1]) for message in company.stage.chats[place].messages]


def _is_secret(texts: list[str]) -> bool:
    return not any(secret in text for text in texts for secret in SECRETS)


@pytest.mark.row("S1-42")
def test_whoever_claims_reads_it_in_their_own_chat_and_the_group_never() -> None:
    company = _company(*ROSTER)
    (toast,) = _presses(company, "11", Verb.CLAIM)
    assert (toast.text, toast.alert) == ("您已认领", False)
    (told,) = _texts(company, OWN_OF_LI)
    for secret in SECRETS:
        assert secret in told
    assert _presses(company, "11", Verb.RELEASE)
    _presses(company, "12", Verb.CLAIM)
    assert len(_shown(company, OWN_OF_LI)) == 1
    assert len(_texts(company, Address("telegram", "12"))) == 1
    assert _is_secret(_texts(company, GROUP))


@pytest.mark.parametrize("verb", [Verb.RELEASE, Verb.ASSIGN])
def test_whoever_no_longer_holds_it_reads_it_no_more(verb: Verb) -> None:
    company = _company(*ROSTER[:2], replace(ROSTER[1], name="组长", role="lead", telegram="13"))
    _presses(company, "11", Verb.CLAIM)
    assert not _is_secret(_shown(company, OWN_OF_LI))
    if verb is Verb.RELEASE:
        _presses(company, "11", Verb.RELEASE)
    else:
        company.stage.hear(GROUP, Person("13", "13"), Tap(verb, company.issues[0].id, MYSELF), "t0")
        assert company.issues[0].claimed_by == "组长"
    assert _is_secret(_shown(company, OWN_OF_LI))
    assert "已经不在您手里" in _shown(company, OWN_OF_LI)[0]


def test_the_card_in_the_holders_own_chat_is_in_full_while_they_hold_it() -> None:
    company = _company(*ROSTER)
    _presses(company, "11", Verb.CLAIM)
    _presses(company, "11", Verb.OPEN, OWN_OF_LI)
    card = _texts(company, OWN_OF_LI)[-1]
    assert all(secret in card for secret in SECRETS)
    _presses(company, "12", Verb.OPEN, Address("telegram", "12"))
    assert _is_secret(_texts(company, Address("telegram", "12")))
    _presses(company, "11", Verb.RELEASE, OWN_OF_LI)
    _presses(company, "11", Verb.OPEN, OWN_OF_LI)
    assert _is_secret(_texts(company, OWN_OF_LI)[-1:])


def test_where_nobody_is_on_the_roster_the_answer_to_the_press_tells_it_to_the_presser_alone() -> None:
    company = _company()
    (toast,) = _presses(company, "11", Verb.CLAIM)
    assert toast.alert
    assert PHONE in toast.text
    assert len(toast.text) <= 200
    (again,) = _presses(company, "11", Verb.CONTACT)
    assert (PHONE in again.text, again.alert) == (True, True)
    (refused,) = _presses(company, "12", Verb.CONTACT)
    assert refused.text == "客户的联系方式只给经办人看"
    assert _is_secret([*_texts(company, GROUP), *_texts(company, OWN_OF_LI)])


@pytest.mark.parametrize("by", ["11", "12"])
def test_before_anybody_holds_it_nobody_is_told(by: str) -> None:
    company = _company(*ROSTER)
    (toast,) = _presses(company, by, Verb.CONTACT)
    assert _is_secret([toast.text])


def test_a_call_tells_its_number_to_whoever_claims_it() -> None:
    company = Company()
    company.stage.policy = replace(company.stage.policy, team=(GROUP,), channels=("sandbox", "telegram"))
    customer = CustomerEvent("c-9", name="王女士", phone=PHONE)
    company.stage.ticket(replace(event_of(company.header, TicketStatus.CLOSED), customer=customer, subject="漏水"))
    finding = IssueCause(
        IssueKind.CALL,
        Severity.NORMAL,
        (Undelivered("closure", "no_contact"),),
        ("a",),
        ("zendesk", "42"),
        "c-9",
    )
    company.stage.decide(lambda context: Decision(open_issue(context, finding), None))
    assert "有电话，认领后可见" in _texts(company, GROUP)[-1]
    (toast,) = _presses(company, "11", Verb.CLAIM)
    assert PHONE in toast.text
    assert "联系客户" in _texts(company, GROUP)[-1]
    assert _is_secret(_texts(company, GROUP))


async def test_the_page_shows_it_by_a_link_that_is_the_holders_while_they_hold_it(folder: Path) -> None:
    ways = {"phone": "010-88886666 转 12", "email": EMAIL, "postal_address": "南京路 1 号"}
    async with open_office(folder, **ways) as office:
        phone, other = await office.phone(), await office.phone()
        assert "有电话，认领后可见" in phone.page.text
        assert _page_is_secret(phone.page.html)
        group_link = phone.link
        await phone.presses("claim", name="小李")
        claimed = await phone.browser.get(group_link)
        assert _page_is_secret(claimed.text), "the group's link shows no more than before, to whomever"
        assert "010-88886666" in phone.page.html
        assert 'href="tel:01088886666"' in phone.page.html
        assert f'href="mailto:{EMAIL}"' in phone.page.html
        assert "王女士" in phone.page.html
        phone.link = next(form.action for form in phone.page.forms)
        phone.link = phone.link if phone.link.startswith("/t/") else f"/t/{phone.link}"
        await phone.opens()
        assert EMAIL in phone.page.text
        await other.opens()
        await other.sends(other.page.forms[0].hidden | {"act": "remember", "name": "小李"})
        assert _page_is_secret(other.page.html)
        await other.sends(other.page.forms[0].hidden | {"act": "claim", "name": "小李"})
        assert _page_is_secret(other.page.html), "a name alone proves nothing"
        await phone.presses("release")
        assert _page_is_secret(phone.page.html)
        await other.opens()
        await other.presses("claim", name="小王")
        assert "010-88886666" in other.page.html
        await phone.opens()
        assert _page_is_secret(phone.page.html), "the former holder's link shows no more"


async def test_whoever_is_taken_off_the_roster_reads_no_more_by_the_link_that_was_theirs(folder: Path) -> None:
    async with open_office(folder, phone="010-88886666") as office:
        await office.enlists(Member("李工", "agent"), Member("赵姐", "agent"))
        phone = await office.phone()
        await phone.presses("claim", name="李工")
        assert "010-88886666" in phone.page.html
        await office.enlists(Member("李工", "", version=1))
        action = next(form.action for form in phone.page.forms)
        phone.link = action if action.startswith("/t/") else f"/t/{action}"
        await phone.opens()
        assert _page_is_secret(phone.page.html)


def _page_is_secret(html: str) -> bool:
    return not any(secret in html for secret in ("王女士", "88886666", EMAIL, "南京路"))

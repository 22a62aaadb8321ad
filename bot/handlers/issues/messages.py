"""Messages about issues: cards for the team's chats, closures for customers. Each is a row, derived once."""

from datetime import datetime
from functools import partial

from bot.handlers.common.context import Scene
from bot.handlers.common.policy import Policy
from bot.handlers.common.tombstones import NAMELESS
from bot.handlers.issues.page_links import edited, led, page_of
from dialogs.ids import derive
from dialogs.interview.messages import closure
from dialogs.issue import cards, talk_cards
from dialogs.issue.card_summary import glance, glance_at_calls, glance_at_line
from dialogs.issue.model import Issue, Kind
from dialogs.messages import Address, Prompt
from dialogs.survey import Survey, in_locale
from scoring.values import replace
from storage.model.records import Contact, Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = [
    "call_card_id",
    "call_day",
    "call_needs",
    "card_messages",
    "closure_id",
    "closure_message",
    "closure_of",
    "customer_answered",
    "customer_lost",
    "customer_wrote",
    "facts_of",
    "overdue_messages",
    "subject_of",
    "team_message",
]


def card_messages(scene: Scene, issue: Issue, *, fresh: bool = False) -> Changes:
    """Show an issue in every team chat: a `fresh` card per resolution, edited as things move where that is possible."""
    if issue.kind is Kind.CALL:
        return _call_cards(scene, issue, fresh=fresh)
    policy, facts = scene.policy, facts_of(scene, issue)
    prompt = cards.card(issue, facts, policy.phrases, policy.locale, policy.timezone)
    seen = partial(glance, issue, facts, policy.phrases, policy.locale, policy.timezone)
    places = policy.team if fresh else edited(scene)
    shown = ((place, led(scene, issue, place, prompt, seen)) for place in places)
    return Changes(tuple(_card(issue, place, drawn, scene.now, fresh=fresh) for place, drawn in shown))


def overdue_messages(scene: Scene, issue: Issue) -> Changes:
    """Remind every team chat of an issue that nobody took; each time it is overdue again is a new message."""
    prompt = cards.overdue(issue, scene.policy.phrases, scene.policy.locale)
    return _everywhere(scene, issue, f"overdue:{issue.events}", prompt)


def customer_wrote(scene: Scene, issue: Issue, text: str, cause: str) -> Changes:
    """Tell the team what a customer says of an issue that is resolved: its card is far up, and nobody looks there."""
    prompt = cards.customer_wrote(issue, text, scene.policy.phrases, scene.policy.locale)
    return _everywhere(scene, issue, cause, prompt)


def customer_answered(scene: Scene, issue: Issue, text: str, cause: str) -> Changes:
    """Tell the team what a customer answers to their question."""
    prompt = talk_cards.answered(issue, text, scene.policy.phrases, scene.policy.locale)
    return _everywhere(scene, issue, f"answer:{cause}", prompt)


def customer_lost(scene: Scene, issue: Issue, why: str, cause: str) -> Changes:
    """Tell the team that what they wrote to a customer has not arrived."""
    prompt = talk_cards.lost(issue, why, scene.policy.phrases, scene.policy.locale)
    return _everywhere(scene, issue, f"lost:{cause}", prompt)


def _everywhere(scene: Scene, issue: Issue, what: str, prompt: Prompt) -> Changes:
    """Say one line about an issue in every team chat."""
    seen = partial(glance_at_line, issue, prompt.text)
    shown = ((place, led(scene, issue, place, prompt, seen)) for place in scene.policy.team)
    return Changes(tuple(team_message(issue, place, what, drawn, scene.now) for place, drawn in shown))


def team_message(issue: Issue, place: Address, what: str, prompt: Prompt, now: datetime) -> OutboxMessage:
    """Make a message about an issue to one team chat; `what` tells it from the issue's other messages."""
    return OutboxMessage(
        id=derive("out", issue.id, issue.resolution, what, place.channel, place.chat),
        channel=place.channel,
        chat=place.chat,
        purpose=Purpose.ALERT,
        prompt=prompt,
        created_at=now,
        not_before=now,
        about=issue.id,
        round=issue.resolution,
    )


def closure_message(scene: Scene, issue: Issue, customer: Customer, contact: Contact, prompt: Prompt) -> OutboxMessage:
    """Make "we fixed it" for one customer: one per resolution and chat."""
    return OutboxMessage(
        id=closure_id(issue, customer.id, Address(contact.channel, contact.chat)),
        channel=contact.channel,
        chat=contact.chat,
        purpose=Purpose.CLOSURE,
        prompt=prompt,
        created_at=scene.now,
        not_before=scene.now,
        customer=customer.id,
        about=issue.id,
        round=issue.resolution,
        expires_at=scene.now + scene.policy.expires_after,
    )


def closure_of(scene: Scene, issue: Issue, customer: Customer) -> Prompt:
    """Say "we fixed it" to a customer in their language, about their own ticket."""
    locale, subject = scene.policy.locale_of(customer), subject_of(scene, issue, customer.id)
    return closure(issue.note or issue.draft or "", subject, issue.id, issue.resolution, scene.policy.phrases, locale)


def closure_id(issue: Issue, customer: str, place: Address) -> str:
    """Name the closure message of this resolution in a customer's chat."""
    return derive("out", "closure", issue.id, issue.resolution, customer, place.channel, place.chat)


def subject_of(scene: Scene, issue: Issue, customer: str) -> str:
    """Give the subject of the customer's own ticket in the issue, never of somebody else's."""
    tickets = (scene.snapshot.ticket(*key) for key in issue.tickets)
    return next((t.subject for t in tickets if t is not None and t.customer == customer), "")


def facts_of(scene: Scene, issue: Issue) -> cards.Facts:
    """Collect what the card says about the people and tickets of an issue."""
    tickets = [ticket for key in issue.tickets if (ticket := scene.snapshot.ticket(*key))]
    interviews = [interview for response in issue.responses if (interview := scene.snapshot.interview(response))]
    customers = [customer for key in issue.customers if (customer := scene.snapshot.customer(key))]
    surveys = [scene.policy.surveys[interview.survey] for interview in interviews]
    return cards.Facts(
        tickets=tuple((ticket.source, ticket.id, ticket.subject) for ticket in tickets),
        customer_name="、".join(map(_called, customers)),
        agent="、".join(dict.fromkeys(ticket.agent_name for ticket in tickets if ticket.agent_name)),
        team="、".join(dict.fromkeys(ticket.team for ticket in tickets if ticket.team)),
        ratings=tuple(
            (_name(survey, answer.question, scene.policy), answer.value, survey.scale.highest, answer.text)
            for interview, survey in zip(interviews, surveys, strict=True)
            for answer in interview.answers
        ),
        comment=" / ".join(interview.comment for interview in interviews if interview.comment),
        names={q.id: in_locale(q.name, scene.policy.locale) for survey in surveys for q in survey.questions},
    )


def _called(customer: Customer) -> str:
    """Name a customer to the team; one who asked to be forgotten has no name any more."""
    return customer.name or ("•••" if customer.id.startswith(NAMELESS) else customer.id)


def call_day(policy: Policy, moment: datetime) -> str:
    """Name the day, on the team's clock, whose card collects the customers to ring."""
    return moment.astimezone(policy.timezone).date().isoformat()


def call_card_id(day: str, place: Address) -> str:
    """Name the day's collected card in one team chat."""
    return derive("out", "calls", day, place.channel, place.chat)


def call_needs(policy: Policy, now: datetime) -> Needs:
    """Look at the day's collected card, in case an issue that is handled belongs on it."""
    return Needs(call_days=frozenset(call_card_id(call_day(policy, now), place) for place in policy.team))


def _name(survey: Survey, question: str, policy: Policy) -> str:
    return in_locale(survey.question(question).name, policy.locale)


def _card(issue: Issue, place: Address, prompt: Prompt, now: datetime, *, fresh: bool) -> OutboxMessage:
    root = team_message(issue, place, "card", prompt, now)
    edit = team_message(issue, place, f"card:{issue.events}", prompt, now)
    return root if fresh else replace(edit, edits=root.id)


def _call_cards(scene: Scene, issue: Issue, *, fresh: bool) -> Changes:
    """Collect the customers to ring on one card a day, so that a bad day does not bury the group.

    Where a card cannot be edited it is sent again for each new customer; one that still waits is overtaken.
    """
    policy, day = scene.policy, call_day(scene.policy, issue.opened_at)
    same_day = (i for i in scene.snapshot.issues() if i.kind is Kind.CALL and call_day(policy, i.opened_at) == day)
    listed = sorted(same_day, key=lambda i: (i.opened_at, i.id))
    facts = {other.id: facts_of(scene, other) for other in listed}
    prompt = cards.calls(listed, facts, policy.phrases, policy.locale)
    seen = partial(glance_at_calls, listed, facts, partial(page_of, scene), policy.phrases, policy.locale)
    shown = ((place, led(scene, issue, place, prompt, seen)) for place in (policy.team if fresh else edited(scene)))
    messages = (_call_card(issue, day, place, drawn, scene.now) for place, drawn in shown)
    return Changes(tuple(_first_of_day(scene, message) if fresh else message for message in messages))


def _call_card(issue: Issue, day: str, place: Address, prompt: Prompt, now: datetime) -> OutboxMessage:
    edit = team_message(issue, place, f"call:{issue.events}", prompt, now)
    return replace(edit, edits=call_card_id(day, place))


def _first_of_day(scene: Scene, edit: OutboxMessage) -> OutboxMessage:
    """Begin the day's card where there is none yet."""
    if edit.edits is None or scene.snapshot.message(edit.edits) is not None:
        return edit
    return replace(edit, id=edit.edits, edits=None)

"""Messages about issues in the team's chats: one card for each issue, and lines below it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from bot.handlers.common.closings import service_of
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.policy import Policy
from bot.handlers.common.running_clocks import clocks_of
from bot.handlers.common.tombstones import is_anonymous
from bot.handlers.issues.page_links import editable_chats, page_of, with_page_link
from dialogs.admin.clock_text import ClockText
from dialogs.ids import derive
from dialogs.interview.model import Interview
from dialogs.issue import cards, talk_cards
from dialogs.issue.card_summary import calls_summary, issue_summary, line_summary
from dialogs.issue.card_text import WrittenWords
from dialogs.issue.customer_card import CardCustomer
from dialogs.issue.holder_cards import last_time_message, overdue_message
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Address, Person, Prompt
from dialogs.survey import Survey, in_locale
from dialogs.understanding.read import is_small_talk
from scoring.values import replace
from storage.model.records import Customer, OutboxMessage, Ticket
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = [
    "alert_reading_messages",
    "alert_word_messages",
    "call_card_id",
    "call_day",
    "call_needs",
    "called_there",
    "card_customer",
    "card_facts",
    "card_messages",
    "customer_answered_messages",
    "customer_wrote_messages",
    "last_time_messages",
    "line_in_group",
    "overdue_messages",
    "team_message",
    "undelivered_messages",
]

_MOBILE = re.compile(r"1\d{10}")


def card_messages(context: DecisionContext, issue: Issue, *, fresh: bool = False) -> Changes:
    """Return an issue's card for every team chat: a `fresh` one for each resolution, else the edit of it."""
    if issue.kind is IssueKind.CALL:
        return _call_cards(context, issue, fresh=fresh)
    policy, facts = context.policy, card_facts(context, issue)
    prompt = cards.card(issue, facts, policy.phrases, policy.team_speaks, policy.timezone)
    seen = partial(issue_summary, issue, facts, policy.phrases, policy.team_speaks, policy.timezone)
    places = policy.team if fresh else editable_chats(context)
    shown = ((place, with_page_link(context, issue, place, prompt, seen)) for place in places)
    return Changes(tuple(_card(context, issue, place, drawn, fresh=fresh) for place, drawn in shown))


def overdue_messages(context: DecisionContext, issue: Issue) -> Changes:
    """Return what every team chat is told of an issue that is overdue, a new message each time.

    It calls the people of `alerts.escalate_to`, by their ids on the chat's channel.
    """
    policy, lines = context.policy, []
    for place in policy.team:
        prompt = overdue_message(issue, called_there(context, place), policy.phrases, policy.team_speaks)
        lines.append(line_in_group(context, issue, place, f"overdue:{issue.events}", prompt))
    return Changes(tuple(lines))


def called_there(context: DecisionContext, place: Address) -> list[Person]:
    """Return the people of `alerts.escalate_to` as a channel knows them; a mobile number calls, and is not shown."""
    named, is_roster = context.policy.escalate_to, context.policy.can(place.channel).roster
    if not is_roster:
        return [Person(one, "" if _MOBILE.fullmatch(one) else one) for one in named]
    people = context.snapshot.roster()
    known = {key: member for member in people for key in (member.name, member.telegram) if key}
    listed = [one for one in named if one in known or not _MOBILE.fullmatch(one)]
    found = ((known.get(one), one) for one in listed)
    return [
        Person(member.telegram, member.name) if member else Person(one if one.isdecimal() else "", one)
        for member, one in found
    ]


def last_time_messages(context: DecisionContext, before: Issue, after: Issue) -> Changes:
    """Return for every team chat who had an issue that is open again, and what its customer was told."""
    prompt = last_time_message(before, context.policy.phrases, context.policy.team_speaks)
    return _everywhere(context, after, "last_time", prompt) if before.claimed_by else Changes()


def customer_wrote_messages(context: DecisionContext, issue: Issue, text: str, cause: str) -> Changes:
    """Return what a customer wrote about a resolved issue, for every team chat, since its card is far up by then."""
    prompt = cards.customer_wrote_message(issue, text, context.policy.phrases, context.policy.team_speaks)
    return _everywhere(context, issue, cause, prompt)


def customer_answered_messages(context: DecisionContext, issue: Issue, text: str, cause: str) -> Changes:
    """Return a customer's answer to the team's question, for every team chat."""
    prompt = talk_cards.customer_answered_card(issue, text, context.policy.phrases, context.policy.team_speaks)
    return _everywhere(context, issue, f"answer:{cause}", prompt)


def alert_word_messages(context: DecisionContext, issue: Issue, word: str, text: str) -> Changes:
    """Return a line that names the holder of an issue whose customer has said an alert word, for every team chat."""
    prompt = cards.alert_word_message(issue, word, text, context.policy.phrases, context.policy.locale)
    return _everywhere(context, issue, f"alert:{issue.events}", prompt)


def alert_reading_messages(context: DecisionContext, issue: Issue, text: str) -> Changes:
    """Return a line that names the holder of an issue whose customer wrote what somebody should see today."""
    prompt = cards.alert_reading_message(issue, text, context.policy.phrases, context.policy.locale)
    return _everywhere(context, issue, f"alert:{issue.events}", prompt)


def undelivered_messages(context: DecisionContext, issue: Issue, why: str, cause: str) -> Changes:
    """Return the note that a message to a customer was not delivered, for every team chat."""
    prompt = talk_cards.lost(issue, why, context.policy.phrases, context.policy.team_speaks)
    return _everywhere(context, issue, f"lost:{cause}", prompt)


def _everywhere(context: DecisionContext, issue: Issue, what: str, prompt: Prompt) -> Changes:
    """Return one line about an issue for every team chat."""
    return Changes(tuple(line_in_group(context, issue, place, what, prompt) for place in context.policy.team))


def line_in_group(context: DecisionContext, issue: Issue, place: Address, what: str, prompt: Prompt) -> OutboxMessage:
    """Return one line about an issue for one of the team's chats."""
    drawn = with_page_link(context, issue, place, prompt, partial(line_summary, issue, prompt.text))
    return team_message(context, issue, place, what, drawn)


def team_message(context: DecisionContext, issue: Issue, place: Address, what: str, prompt: Prompt) -> OutboxMessage:
    """Return a message about an issue to one team chat; `what` tells it from the issue's other messages."""
    message_id = derive("out", issue.id, issue.resolution, what, place.channel, place.chat)
    return replace(message_to_team(context, place, prompt, message_id), about=issue.ref, round=issue.resolution)


def card_facts(context: DecisionContext, issue: Issue) -> cards.CardFacts:
    """Collect what the card shows of the people, tickets and ratings of an issue."""
    tickets = [ticket for key in issue.tickets if (ticket := context.snapshot.ticket(*key))]
    interviews = [interview for response in issue.responses if (interview := context.snapshot.interview(response))]
    customers = [customer for key in issue.customers if (customer := context.snapshot.customer(key))]
    surveys = [context.policy.survey_version(interview.survey) for interview in interviews]
    served = _served(context, issue, tickets, interviews)
    return cards.CardFacts(
        tickets=tuple((ticket.source, ticket.id, ticket.subject) for ticket in tickets),
        customers=tuple(map(card_customer, customers)),
        links=tuple(ticket.url for ticket in tickets),
        clocks=tuple(_clock_lines(context, tickets)),
        agent="、".join(dict.fromkeys(agent for agent, _ in served if agent)),
        team="、".join(dict.fromkeys(team for _, team in served if team)),
        ratings=tuple(
            (_name(survey, answer.question, context.policy), answer.value, survey.scale.highest, answer.text)
            for interview, survey in zip(interviews, surveys, strict=True)
            for answer in interview.answers
        ),
        said=tuple(
            said
            for interview, survey in zip(interviews, surveys, strict=True)
            for said in _said_in(interview, survey, context.policy)
        ),
        names={q.id: in_locale(q.name, context.policy.team_speaks) for survey in surveys for q in survey.questions},
    )


def _clock_lines(context: DecisionContext, tickets: Sequence[Ticket]) -> Iterator[str]:
    """Yield what has to be in time, of the clocks whose warning has come."""
    policy = context.policy
    for ticket in tickets:
        customer = context.snapshot.customer(ticket.customer)
        for clock in clocks_of(policy, ticket, customer.tier if customer is not None else ""):
            if clock.warn_at <= context.now:
                yield ClockText(clock, context.now, policy.phrases, policy.team_speaks, policy.timezone).card_line()


def _served(
    context: DecisionContext, issue: Issue, tickets: Sequence[Ticket], interviews: Sequence[Interview]
) -> list[tuple[str, str]]:
    """Return agent and team of what the responses are about, else of the tickets' closings before the issue."""
    asks = [ask for interview in interviews if (ask := context.snapshot.invitation(interview.invitation))]
    told = {ask.about for ask in asks}
    others = (ticket for ticket in tickets if (ticket.source, ticket.id) not in told)
    closings = [service_of(context, ticket, issue.opened_at) for ticket in others]
    return [*((ask.agent_name, ask.team) for ask in asks), *((one.agent_name, one.team) for one in closings)]


def card_customer(customer: Customer) -> CardCustomer:
    """Return a customer as cards know them; of an erased one nothing is known."""
    if is_anonymous(customer.id):
        return CardCustomer(is_erased=True)
    return CardCustomer(customer.name or customer.id, customer.phone, customer.email, customer.postal_address)


def call_day(policy: Policy, moment: datetime) -> str:
    """Return the day, in the team's time zone, whose card collects the customers to call."""
    return moment.astimezone(policy.timezone).date().isoformat()


def call_card_id(day: str, place: Address) -> str:
    """Return the id of the day's call card in one team chat."""
    return derive("out", "calls", day, place.channel, place.chat)


def call_needs(policy: Policy, now: datetime) -> Needs:
    """Return the need for the day's call card, which an issue that is moved may belong on."""
    return Needs(call_days=frozenset(call_card_id(call_day(policy, now), place) for place in policy.team))


def _said_in(interview: Interview, survey: Survey, policy: Policy) -> Iterator[WrittenWords]:
    """Yield what was written in an interview: remarks right after their ratings, the comment as it ended.

    What was no answer stands at the time when it was said, unless nobody has to read it.
    """
    for words in interview.said:
        if not words.is_wish and not is_small_talk(words.text, policy.lexicon):
            yield WrittenWords(words.at, words.text)
    for answer in interview.answers:
        if answer.text:
            yield WrittenWords(answer.at, answer.text, _name(survey, answer.question, policy))
    if interview.comment:
        last = max((answer.at for answer in interview.answers), default=interview.asked_at)
        yield WrittenWords(interview.completed_at or last, interview.comment)


def _name(survey: Survey, question: str, policy: Policy) -> str:
    return in_locale(survey.question(question).name, policy.team_speaks)


def _card(context: DecisionContext, issue: Issue, place: Address, prompt: Prompt, *, fresh: bool) -> OutboxMessage:
    root = team_message(context, issue, place, "card", prompt)
    edit = team_message(context, issue, place, f"card:{issue.events}", prompt)
    return root if fresh else replace(edit, edits=root.id)


def _call_cards(context: DecisionContext, issue: Issue, *, fresh: bool) -> Changes:
    """Collect the customers to call on one card a day, so that many of them do not flood the group.

    Where a card cannot be edited it is sent again for each new customer; one still pending is superseded.
    """
    policy, day = context.policy, call_day(context.policy, issue.opened_at)
    same_day = (
        i for i in context.snapshot.issues() if i.kind is IssueKind.CALL and call_day(policy, i.opened_at) == day
    )
    listed = sorted(same_day, key=lambda i: (i.opened_at, i.id))
    facts = {other.id: card_facts(context, other) for other in listed}
    prompt = cards.calls(listed, facts, policy.phrases, policy.team_speaks)
    seen = partial(calls_summary, listed, facts, partial(page_of, context), policy.phrases, policy.team_speaks)
    shown = (
        (place, with_page_link(context, issue, place, prompt, seen))
        for place in (policy.team if fresh else editable_chats(context))
    )
    messages = (_call_card(context, issue, day, place, drawn) for place, drawn in shown)
    return Changes(tuple(_first_of_day(context, message) if fresh else message for message in messages))


def _call_card(context: DecisionContext, issue: Issue, day: str, place: Address, prompt: Prompt) -> OutboxMessage:
    edit = team_message(context, issue, place, f"call:{issue.events}", prompt)
    return replace(edit, edits=call_card_id(day, place))


def _first_of_day(context: DecisionContext, edit: OutboxMessage) -> OutboxMessage:
    """Return the message as a new card where the day has none yet."""
    if edit.edits is None or context.snapshot.message(edit.edits) is not None:
        return edit
    return replace(edit, id=edit.edits, edits=None)

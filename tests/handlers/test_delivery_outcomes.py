"""What follows when a message arrives, is refused, is in doubt, or comes too late: for each kind of message."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.handlers.deliveries import Expired, NothingToEdit, Outcome
from bot.ports import Attempt, Blocked, Gone, Held, Moved, Refused, Retry, Sent, Unknown
from scoring.values import replace
from storage.model.records import AttemptRow, Contact, OutboxMessage, Purpose
from storage.unit_of_work.selects import all_of
from tests.support.web.service import Service

OUTCOMES: dict[str, Outcome] = {
    "arrived": Sent("receipt"),
    "asked to wait": Retry(120, "too many requests"),
    "blocked": Blocked("blocked", "bot was blocked by the user"),
    "never opened": Blocked("no_contact", "chat not found"),
    "refused": Refused("message is too long"),
    "refused for the token": Refused("unauthorized", "telegram"),
    "in doubt": Unknown("connection reset"),
    "to be edited and gone": Gone("message to edit not found"),
    "in a group that moved": Moved("-200"),
    "shut out until they write": Held(None, "the window is shut"),
    "too late": Expired(),
}
MINUTE = timedelta(minutes=1)


def once(outcome: Outcome, is_meant: Callable[[OutboxMessage], bool]) -> Callable[[OutboxMessage], Outcome]:
    """Return what gives this outcome to the first message that is meant; all others arrive."""
    met: list[str] = []

    def answer(message: OutboxMessage) -> Outcome:
        if met or not is_meant(message):
            return Sent(message.id)
        met.append(message.id)
        return outcome

    return answer


async def survey_of(service: Service, ticket: str = "1") -> tuple[str, str | None]:
    """Return status and reason of a ticket's survey, as the API tells them."""
    survey = (await service.api.get(f"/api/v1/tickets/desk/{ticket}")).json()["survey"]
    return survey["status"], survey["reason"]


async def contacts(service: Service) -> dict[str, str]:
    """Return how each chat of customers stands."""
    async with service.house.store.reading() as session:
        return {one.chat: one.state.value for one in await session.records(Contact, all_of(Contact))}


def fates(messages: list[OutboxMessage]) -> list[tuple[str, str]]:
    """Return what became of messages, and why."""
    return [(message.status.value, message.why) for message in messages]


# -- the first question -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "survey", "message", "contact"),
    [
        ("arrived", ("sent", None), ("sent", ""), "ok"),
        ("asked to wait", ("scheduled", None), ("pending", "too many requests"), "ok"),
        ("blocked", ("scheduled", "blocked"), ("dead", "bot was blocked by the user"), "blocked"),
        ("never opened", ("scheduled", "no_contact"), ("dead", "chat not found"), "unknown"),
        ("refused", ("scheduled", "no_contact"), ("dead", "message is too long"), "ok"),
        ("refused for the token", ("scheduled", None), ("pending", "unauthorized"), "ok"),
        ("in doubt", ("sent", None), ("unknown", "connection reset"), "ok"),
        ("in a group that moved", ("scheduled", None), ("pending", "moved to -200"), "ok"),
        ("shut out until they write", ("scheduled", "window_closed"), ("cancelled", "the window is shut"), "ok"),
        ("too late", ("suppressed", "deadline"), ("pending", ""), "ok"),
    ],
)
async def test_what_becomes_of_a_survey_whose_first_question(
    service: Service, name: str, survey: tuple[str, str | None], message: tuple[str, str], contact: str
) -> None:
    service.outcome = once(OUTCOMES[name], lambda _message: True)
    await service.closes("1")
    await service.passes(31 * MINUTE)
    assert await survey_of(service) == survey
    assert fates(await service.messages(Purpose.SURVEY)) == [message]
    assert await contacts(service) == {"chat-c-1": contact}


@pytest.mark.parametrize("name", ["asked to wait", "refused for the token", "in a group that moved"])
async def test_what_could_not_be_sent_yet_is_sent_later(service: Service, name: str) -> None:
    service.outcome = once(OUTCOMES[name], lambda _message: True)
    await service.closes("1")
    await service.passes(33 * MINUTE)
    await service.passes(MINUTE)
    assert await survey_of(service) == ("sent", None)
    assert [status for status, _ in fates(await service.messages(Purpose.SURVEY))] == ["sent"]


@pytest.mark.parametrize("name", ["blocked", "never opened", "refused"])
async def test_a_question_that_reaches_nobody_is_tried_once_and_given_up_at_the_deadline(
    service: Service, name: str
) -> None:
    service.outcome = lambda _message: OUTCOMES[name]
    await service.closes("1")
    await service.passes(timedelta(hours=25))
    assert len(await service.messages(Purpose.SURVEY)) == 1
    assert (await survey_of(service))[0] == "unreachable"


async def test_a_question_in_doubt_is_not_asked_again(service: Service) -> None:
    service.outcome = lambda message: OUTCOMES["in doubt"] if message.purpose is Purpose.SURVEY else Sent(message.id)
    await service.closes("1")
    await service.passes(timedelta(hours=25))
    assert len(await service.messages(Purpose.SURVEY)) == 1


TWO_CHATS = {"contacts": [{"channel": "telegram", "address": "1"}, {"channel": "sandbox", "address": "phone"}]}


@pytest.mark.parametrize(
    ("refusing", "asked_on"),
    [((), ["telegram"]), (("telegram",), ["telegram", "sandbox"]), (("telegram", "sandbox"), ["telegram", "sandbox"])],
)
async def test_a_refused_question_goes_to_the_next_channel_and_never_round_in_circles(
    service: Service, refusing: tuple[str, ...], asked_on: list[str]
) -> None:
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, channels=("telegram", "sandbox")))
    service.outcome = lambda one: OUTCOMES["refused"] if one.channel in refusing else Sent(one.id)
    await service.closes("1", person=TWO_CHATS)
    await service.passes(timedelta(hours=3))
    assert [message.channel for message in await service.messages(Purpose.SURVEY)] == asked_on
    assert (await survey_of(service))[0] == ("scheduled" if len(refusing) > 1 else "sent")


# -- the reminder ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message", "contact"),
    [
        ("arrived", ("sent", ""), "ok"),
        ("asked to wait", ("pending", "too many requests"), "ok"),
        ("blocked", ("dead", "bot was blocked by the user"), "blocked"),
        ("refused", ("dead", "message is too long"), "ok"),
        ("in doubt", ("unknown", "connection reset"), "ok"),
        ("shut out until they write", ("cancelled", "the window is shut"), "ok"),
        ("too late", ("pending", ""), "ok"),
    ],
)
async def test_whatever_becomes_of_the_reminder_the_survey_stands(
    service: Service, name: str, message: tuple[str, str], contact: str
) -> None:
    service.outcome = once(OUTCOMES[name], lambda message: message.purpose is Purpose.REMINDER)
    await service.closes("1")
    await service.passes(timedelta(hours=30))
    assert await survey_of(service) == ("sent", None)
    assert fates(await service.messages(Purpose.REMINDER)) == [message]
    assert await contacts(service) == {"chat-c-1": contact}


# -- what the team says to a customer ------------------------------------------------------------------------------


async def issue_after(service: Service, action: str, outcome: Outcome, **said: str) -> dict[str, Any]:
    """Let the team do something by API, let its message to the customer have this outcome; return the issue."""
    await service.closes("1")
    opened = (await service.api.post("/api/v1/issues", json={"title": "客户来电", "ticket": "desk/1"})).json()
    service.outcome = once(outcome, lambda message: message.customer == "c-1")
    done = await service.api.post(f"/api/v1/issues/{opened['id']}/{action}", json={"by": "陈工", **said})
    assert done.is_success, done.text
    await service.passes(timedelta(seconds=1))
    issue: dict[str, Any] = (await service.api.get(f"/api/v1/issues/{opened['id']}")).json()
    return issue


def lines(issue: dict[str, Any], *events: str) -> list[str]:
    """Return the texts of these lines of the timeline."""
    return [line["text"] for line in issue["timeline"] if line["event"] in events]


@pytest.mark.parametrize(
    ("name", "message", "undeliverable"),
    [
        ("arrived", ("sent", ""), []),
        ("asked to wait", ("pending", "too many requests"), []),
        ("blocked", ("dead", "bot was blocked by the user"), ["c-1: blocked"]),
        ("never opened", ("dead", "chat not found"), ["c-1: no_contact"]),
        ("refused", ("dead", "message is too long"), ["c-1: no_contact"]),
        ("refused for the token", ("pending", "unauthorized"), []),
        ("in doubt", ("unknown", "connection reset"), []),
        ("shut out until they write", ("held", "the window is shut"), []),
        ("too late", ("pending", ""), ["c-1: expired"]),
    ],
)
async def test_a_closure_that_reaches_nobody_is_for_the_team_to_tell(
    service: Service, name: str, message: tuple[str, str], undeliverable: list[str]
) -> None:
    issue = await issue_after(service, "resolve", OUTCOMES[name], note="修好了")
    assert issue["status"] == "resolved"
    assert lines(issue, "closure_undeliverable") == undeliverable
    assert fates(await service.messages(Purpose.CLOSURE)) == [message]


@pytest.mark.parametrize(("action", "kept"), [("progress", "progress"), ("ask", "question")])
@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("arrived", []),
        ("asked to wait", []),
        ("blocked", ["c-1: blocked"]),
        ("refused", ["c-1: no_contact"]),
        ("in doubt", []),
        ("shut out until they write", []),
        ("too late", ["c-1: expired"]),
    ],
)
async def test_a_note_or_question_that_reaches_nobody_is_told_to_the_team_and_a_question_withdrawn(
    service: Service, action: str, kept: str, name: str, lost: list[str]
) -> None:
    issue = await issue_after(service, action, OUTCOMES[name], text="周五修好")
    assert lines(issue, "not_delivered") == lost
    is_withdrawn = bool(lost) and action == "ask"
    assert issue[kept] == (None if is_withdrawn else "周五修好")


# -- what is kept of the ways that were tried -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome",
    [
        Sent("receipt", (Attempt("custom", "45015", "out of time"), Attempt("template", "0"))),
        Held(None, "shut", (Attempt("custom", "45015", "out of time"), Attempt("template", "43101", "refused"))),
        Blocked("blocked", "unfollowed", (Attempt("custom", "43004", "needs a follower"), Attempt("grant", "1"))),
    ],
)
async def test_every_way_that_was_tried_is_kept_with_the_platforms_code(service: Service, outcome: Outcome) -> None:
    service.outcome = once(outcome, lambda _message: True)
    await service.closes("1")
    await service.passes(31 * MINUTE)
    async with service.house.store.reading() as session:
        kept = await session.records(AttemptRow, all_of(AttemptRow))
    assert not isinstance(outcome, Expired | Gone | Moved | NothingToEdit)
    assert [(row.step, row.code, row.why) for row in kept] == [(a.step, a.code, a.why) for a in outcome.attempts]

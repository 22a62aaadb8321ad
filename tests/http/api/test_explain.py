"""The API tells which rule decided about a ticket, and why; and every reason why nobody was asked is told."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.control.surveys import explain_text
from bot.handlers.customers.binding import ask_waiting
from bot.handlers.surveys.explain import Explanation, explain, explain_needs
from bot.handlers.surveys.pause import RESUMING, pause_surveys, resume_surveys
from bot.ports import Sent
from dialogs.ids import Ref, RefKind
from dialogs.invitation.survey_rules import AskLimit, RuleBook, SurveyRule
from scoring.values import replace
from storage.model.note_keys import SURVEYS_PAUSED
from storage.model.records import OutboxMessage
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision
from tests.support.settling import settle_now
from tests.support.web.house import House
from tests.support.web.tickets import ticket

HERE = "/api/v1/tickets/zendesk/42"
VIP = SurveyRule("vip", tags=("vip",), survey="ten_point", delay=timedelta(hours=2))
INTERNAL = SurveyRule("internal", tags=("internal",), teams=("north", "south"), ask=False)


def rule_with(house: House, *rules: SurveyRule) -> None:
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, rules=RuleBook(rules)))


async def survey_of(api: httpx.AsyncClient, **said: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    return (await api.put(HERE, json=ticket(**said))).json()["survey"]


async def explained(api: httpx.AsyncClient) -> Any:  # noqa: ANN401 (JSON is anything)
    answer = await api.get(f"{HERE}/survey/explain")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def in_words(house: House) -> list[str]:
    key = ("zendesk", "42")
    told = await house.web.receiver.do(explain_needs(key), lambda context: Decision(Changes(), explain(context, key)))
    assert isinstance(told, Explanation)
    return explain_text(told, house.web.receiver.policy.timezone).splitlines()


async def sent(house: House) -> None:
    """Let everything arrive that was to be sent."""
    async with house.store.reading() as session:
        messages = await session.records(OutboxMessage, all_of(OutboxMessage))
    for message in messages:
        await settle_now(house.web.receiver, message, Sent("1"))


async def test_a_rule_chooses_survey_and_delay_and_is_told(house: House, api: httpx.AsyncClient) -> None:
    rule_with(house, INTERNAL, VIP)
    survey = await survey_of(api)
    assert (survey["status"], survey["due_at"]) == ("scheduled", "2026-11-22T04:30:00Z")
    told = await explained(api)
    assert (told["rule"], told["survey"], told["decision"], told["reason"]) == ("vip", "ten_point", "ask", None)
    assert told["steps"] == [
        {"rule": "internal", "matches": False, "because": "tag vip is not among internal"},
        {"rule": "vip", "matches": True, "because": "tag vip is among vip"},
    ]
    stored = told["invitation"]
    assert (stored["rule"], stored["survey"], stored["status"], stored["reason"]) == (
        "vip",
        "ten_point",
        "scheduled",
        None,
    )
    assert told["paused"] is False


async def test_an_excluded_ticket_says_so(house: House, api: httpx.AsyncClient) -> None:
    rule_with(house, INTERNAL, VIP)
    survey = await survey_of(api, tags=["internal", "vip"])
    assert (survey["status"], survey["reason"]) == ("suppressed", "excluded")
    told = await explained(api)
    assert (told["rule"], told["decision"], told["reason"]) == ("internal", "excluded", "excluded")
    assert told["because"] == "rule internal fits first and asks nobody (ask = false)"
    assert (told["invitation"]["rule"], told["invitation"]["reason"]) == ("internal", "excluded")


async def test_outside_the_pilot_is_excluded_and_sampled_out_is_its_own_reason(
    house: House, api: httpx.AsyncClient
) -> None:
    rule_with(house, SurveyRule("pilot", pilot=0.0))
    assert (await survey_of(api))["reason"] == "excluded"
    assert (await explained(api))["because"] == "rule pilot fits first, and the ticket is outside its pilot share"
    rule_with(house, SurveyRule("few", sample=1_000_000))
    other = await api.put("/api/v1/tickets/zendesk/43", json=ticket(customer={"id": "c-2"}))
    assert (other.json()["survey"]["status"], other.json()["survey"]["reason"]) == ("suppressed", "sampled_out")


async def test_a_ticket_asked_about_once_is_not_asked_about_again(house: House, api: httpx.AsyncClient) -> None:
    receiver = house.web.receiver
    receiver.adopt(replace(receiver.policy, quarantine=timedelta(0)))
    rule_with(house, SurveyRule("once", once=AskLimit.TICKET))
    await survey_of(api)
    await api.post(f"{HERE}/survey")
    await sent(house)
    await survey_of(api, status="reopened")
    again = await survey_of(api, closed_at="2026-11-22T02:50:00Z")
    assert (again["status"], again["reason"]) == ("suppressed", "excluded")
    assert "which has been asked about before" in (await explained(api))["because"]


async def test_asking_by_hand_skips_the_rules(house: House, api: httpx.AsyncClient) -> None:
    rule_with(house, SurveyRule("nobody", ask=False))
    await survey_of(api)
    assert (await api.post(f"{HERE}/survey")).status_code == 200
    stored = (await explained(api))["invitation"]
    assert (stored["by_hand"], stored["reason"]) == (True, None)
    assert stored["because"] == "it was asked by hand, which skips rules, delay, quiet hours and quarantine"


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        (2, "the delay of rule late after the closing"),
        (12, "the delay of rule late ends in the customer's quiet hours (survey.quiet_hours, Asia/Shanghai)"),
        (None, "survey.delay after the closing"),
    ],
)
async def test_why_it_is_asked_at_that_time_is_told_as_well(
    house: House, api: httpx.AsyncClient, hours: int | None, why: str
) -> None:
    rule_with(house, SurveyRule("late", delay=timedelta(hours=hours) if hours is not None else None))
    await survey_of(api)
    assert (await in_words(house))[-1] == f"    due then: {why}"


async def test_a_closing_that_was_heard_of_late_is_due_at_once_and_that_is_told(
    house: House, api: httpx.AsyncClient
) -> None:
    closed = (house.clock.now() - timedelta(minutes=40)).isoformat()
    await survey_of(api, closed_at=closed, updated_at=closed)
    told = (await in_words(house))[-1]
    assert told.startswith("    due then: not survey.delay after the closing: we heard of it later")


async def test_an_open_ticket_is_explained_as_if_it_closed_now(house: House, api: httpx.AsyncClient) -> None:
    rule_with(house, VIP)
    await api.put(HERE, json=ticket(status="open"))
    told = await explained(api)
    assert (told["rule"], told["invitation"]) == ("vip", None)
    assert (await in_words(house))[1].startswith("  decision if it closed now: ask;")


async def test_an_unknown_ticket_has_nothing_to_explain(api: httpx.AsyncClient) -> None:
    assert (await api.get(f"{HERE}/survey/explain")).status_code == 404


async def test_what_was_decided_stands_when_the_rules_change(house: House, api: httpx.AsyncClient) -> None:
    rule_with(house, VIP)
    await survey_of(api)
    rule_with(house)
    told = await explained(api)
    assert (told["rule"], told["survey"], told["steps"]) == (None, "after_service", [])
    assert told["invitation"]["rule"] == "vip"
    assert await in_words(house) == [
        "ticket zendesk/42",
        "  decision now: ask; no rule fits, so the settings decide: the survey after_service.",
        "  stored at closing 1: rule vip, survey ten_point",
        "    status scheduled",
        "    closed 2026-11-22 10:30, due 2026-11-22 12:30, deadline 2026-11-23 10:30 (Asia/Shanghai)",
        "  The rules or the ticket have changed since its closing; what was decided then stands.",
    ]


async def test_a_survey_that_was_taken_away_since_the_closing_is_replaced_by_the_default(
    house: House, api: httpx.AsyncClient
) -> None:
    rule_with(house, SurveyRule("old", survey="taken_away"))
    survey = await survey_of(api)
    house.clock.passes(timedelta(minutes=1))
    await house.web.receiver.wake(Ref(RefKind.INVITATION, survey["id"]))
    (response,) = (await api.get("/api/v1/responses", params={"ticket": "zendesk/42"})).json()["items"]
    assert response["survey"] == "after_service"


async def test_an_appointment_is_kept(api: httpx.AsyncClient) -> None:
    told = (await api.put(HERE, json=ticket(appointment_at="2026-11-25T10:00:00+08:00"))).json()["ticket"]
    assert told["appointment_at"] == "2026-11-25T02:00:00Z"
    again = await api.put(HERE, json=ticket())
    assert again.json()["ticket"]["appointment_at"] == "2026-11-25T02:00:00Z"


# -- all surveys paused ------------------------------------------------------------------------------------------


@pytest.fixture
async def due(house: House, api: httpx.AsyncClient) -> str:
    """Return an invitation that is due, while all surveys are paused."""
    key = (await survey_of(api))["id"]
    await house.web.receiver.do(
        Needs(notes=frozenset({SURVEYS_PAUSED})), lambda context: Decision(pause_surveys(context, "李工"), None)
    )
    house.clock.passes(timedelta(minutes=1))
    await house.web.receiver.wake(Ref(RefKind.INVITATION, key))
    return str(key)


async def resume(house: House) -> None:
    await house.web.receiver.do(RESUMING, lambda context: Decision(resume_surveys(context, "李工"), None))


async def status(api: httpx.AsyncClient) -> tuple[str, str | None]:
    survey = (await api.get(HERE)).json()["survey"]
    return survey["status"], survey["reason"]


async def test_while_surveys_are_paused_nobody_is_asked(house: House, api: httpx.AsyncClient, due: str) -> None:
    assert await status(api) == ("scheduled", None)
    assert (await explained(api))["paused"] is True
    assert (await in_words(house))[-1] == "  All surveys are paused by 李工 since 2026-11-22 11:00 (Asia/Shanghai)."
    assert due not in {one.id for one in await house.web.reader.due(house.clock.now(), 9)}


async def test_resuming_asks_those_who_waited(house: House, api: httpx.AsyncClient, due: str) -> None:
    await resume(house)
    assert due in {one.id for one in await house.web.reader.due(house.clock.now(), 9)}
    await house.web.receiver.wake(Ref(RefKind.INVITATION, due))
    responses = (await api.get("/api/v1/responses", params={"ticket": "zendesk/42"})).json()["items"]
    assert len(responses) == 1


async def test_what_is_paused_until_its_deadline_ends_excluded(house: House, api: httpx.AsyncClient, due: str) -> None:
    house.clock.passes(timedelta(hours=24))
    await house.web.receiver.wake(Ref(RefKind.INVITATION, due))
    assert await status(api) == ("suppressed", "excluded")
    stored = (await explained(api))["invitation"]
    assert (stored["rule"], stored["because"]) == ("paused", "all surveys were paused until its deadline")
    await resume(house)
    assert await status(api) == ("suppressed", "excluded")


async def test_by_hand_is_asked_though_all_surveys_are_paused(api: httpx.AsyncClient, due: str) -> None:
    assert due
    assert (await api.post(f"{HERE}/survey")).status_code == 200
    responses = (await api.get("/api/v1/responses", params={"ticket": "zendesk/42"})).json()["items"]
    assert len(responses) == 1


async def test_pausing_and_resuming_twice_changes_nothing_and_each_deed_is_audited_once(
    house: House, api: httpx.AsyncClient, due: str
) -> None:
    assert due
    needs = Needs(notes=frozenset({SURVEYS_PAUSED}))
    again = await house.web.receiver.do(needs, lambda context: Decision(Changes(), pause_surveys(context, "王工")))
    assert not again
    await asyncio.gather(resume(house), resume(house))
    async with house.store.reading() as session:
        entries = await session.records(AuditEntry, all_of(AuditEntry))
    assert [(entry.by, entry.action) for entry in entries] == [("李工", "surveys.pause"), ("李工", "surveys.resume")]
    assert (await explained(api))["paused"] is False


async def test_what_is_not_due_yet_when_the_customer_comes_keeps_its_time_through_a_pause(
    house: House, api: httpx.AsyncClient
) -> None:
    rule_with(house, VIP)
    survey = await survey_of(api)
    notes = Needs(notes=frozenset({SURVEYS_PAUSED}))
    await house.web.receiver.do(notes, lambda context: Decision(pause_surveys(context, "李工"), None))
    comes = notes | Needs(customers=frozenset({"c-1001"}))
    await house.web.receiver.do(comes, lambda context: Decision(ask_waiting(context, "c-1001", everything=True), None))
    await resume(house)
    house.clock.passes(timedelta(hours=2))
    assert survey["id"] in {one.id for one in await house.web.reader.due(house.clock.now(), 9)}

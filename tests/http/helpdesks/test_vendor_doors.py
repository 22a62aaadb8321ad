"""What is particular to one help desk, at its door: tests, stale signatures, forms, bearers, repetitions."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from scoring.values import replace
from tests.http.helpdesks.test_desk_door import case, deliver, deliveries, desk_house, options, told
from tests.support.helpdesks import SHEETS, Sent, Sheet
from tests.support.helpdesks.sheet import edited, payload
from tests.support.web.house import House, open_house

__all__ = ["desk_house"]


async def post(house: House, sheet: Sheet, body: Mapping[str, Any], headers: Mapping[str, str] = {}) -> httpx.Response:
    raw = json.dumps(body).encode()
    proof = sheet.sign(sheet.secret, raw, house.clock.now())
    return await deliver(house, sheet, Sent({**proof, **headers}, raw))


async def test_the_ping_of_github_is_answered_with_a_sentence(desk_house: House) -> None:
    github = SHEETS["github"]
    answer = await post(desk_house, github, {"zen": "Keep it logically awesome."}, {"x-github-event": "ping"})
    assert answer.status_code == 200
    assert answer.json()["test"].startswith("This is huifang: GitHub is connected.")
    (kept,) = await deliveries(desk_house, github)
    assert (kept["outcome"], kept["ticket"]) == ("test", None)


async def test_the_test_of_gitlab_stores_no_ticket(desk_house: House) -> None:
    gitlab = SHEETS["gitlab"]
    body = edited(payload("gitlab"), {"object_attributes.action": None})
    answer = await post(desk_house, gitlab, body)
    assert (answer.status_code, list(answer.json())) == (200, ["test"])
    assert (await told(desk_house, gitlab))["status"] == 404


async def test_a_form_says_which_content_type_to_choose(desk_house: House) -> None:
    github = SHEETS["github"]
    raw = b"payload=%7B%7D"
    headers = {**github.sign(github.secret, raw, desk_house.clock.now()), "x-github-event": "issues"}
    form = {**headers, "content-type": "application/x-www-form-urlencoded"}
    answer = await deliver(desk_house, github, Sent(form, raw))
    assert answer.status_code == 400
    assert "application/json" in answer.json()["detail"]


async def test_what_is_stamped_is_stale_after_five_minutes(desk_house: House) -> None:
    for name in ("chatwoot", "zendesk"):
        sent = SHEETS[name].send(case(desk_house, "solved"))
        desk_house.clock.passes(timedelta(seconds=302))
        answer = await deliver(desk_house, SHEETS[name], sent)
        assert answer.status_code == 401
        assert "more than 300 s off" in answer.json()["detail"]
        assert await deliveries(desk_house, SHEETS[name]) == []


async def test_a_bearer_opens_where_a_help_desk_cannot_sign(desk_house: House) -> None:
    for name in ("zammad", "freshdesk", "jira", "osticket", "generic"):
        sheet = SHEETS[name]
        sent = sheet.unsigned(case(desk_house, "solved"))
        for headers in ({"authorization": f"Bearer {sheet.secret}x"}, {"x-huifang-secret": sheet.secret[:-1]}):
            assert (await deliver(desk_house, sheet, replaced(sent, headers))).status_code == 401
        bearer = replaced(sent, {"authorization": f"Bearer {sheet.secret}"})
        assert (await deliver(desk_house, sheet, bearer)).status_code == 201


def replaced(sent: Sent, headers: Mapping[str, str]) -> Sent:
    return Sent({**sent.headers, **headers}, sent.body)


async def test_no_bearer_opens_where_a_help_desk_signs(desk_house: House) -> None:
    for name in ("chatwoot", "zendesk", "github", "freescout"):
        sheet = SHEETS[name]
        sent = sheet.unsigned(case(desk_house, "solved"))
        headers = {"authorization": f"Bearer {sheet.secret}", "x-huifang-secret": sheet.secret}
        assert (await deliver(desk_house, sheet, replaced(sent, headers))).status_code == 401


async def test_without_id_and_time_the_same_words_count_again_once_the_ticket_was_open(desk_house: House) -> None:
    freshdesk, seen = SHEETS["freshdesk"], []
    for state in ("solved", "solved", "reopened", "solved", "solved"):
        await deliver(desk_house, freshdesk, freshdesk.send(case(desk_house, state)))
        stands = await told(desk_house, freshdesk)
        seen.append((stands["ticket"]["status"], stands["survey"]["status"]))
    closed, opened = ("closed", "scheduled"), ("open", "cancelled")
    assert seen == [closed, closed, opened, closed, closed]
    outcomes = [one["outcome"] for one in await deliveries(desk_house, freshdesk)]
    assert outcomes == ["repeated", "stored", "stored", "repeated", "stored"]


async def test_solved_and_closed_of_zendesk_are_one_closing(desk_house: House) -> None:
    zendesk = SHEETS["zendesk"]
    first = await deliver(desk_house, zendesk, zendesk.send(case(desk_house, "solved")))
    days_later = case(desk_house, "solved")
    desk_house.clock.passes(timedelta(hours=2))
    body = edited(zendesk.make(days_later), {"ticket.status": "Closed"})
    again = await deliver(desk_house, zendesk, zendesk.send(days_later, body=body, now=desk_house.clock.now()))
    assert again.json()["survey"]["id"] == first.json()["survey"]["id"]


async def test_a_trigger_and_an_event_of_zendesk_are_one_ticket(desk_house: House) -> None:
    zendesk = SHEETS["zendesk"]
    await deliver(desk_house, zendesk, zendesk.send(case(desk_house, "solved", person=31)))
    event = edited(payload("zendesk", "status_changed"), {"time": case(desk_house, "solved").stamp()})
    answer = await post(desk_house, zendesk, event)
    assert answer.status_code == 200
    assert answer.json()["ticket"]["customer"]["name"] == "王女士", "what an event does not tell is kept"


async def test_events_of_zendesk_count_once_by_their_own_id(desk_house: House) -> None:
    event = payload("zendesk", "status_changed")
    for invocation in ("one", "two"):
        await post(desk_house, SHEETS["zendesk"], event, {"x-zendesk-webhook-invocation-id": invocation})
    (kept,) = await deliveries(desk_house, SHEETS["zendesk"])
    assert kept["id"] == f"hook:zendesk:{event['id']}"


@pytest.mark.proof
async def test_a_chat_of_chatwoots_telegram_inbox_is_where_the_customer_is_asked(desk_house: House) -> None:
    chatwoot = SHEETS["chatwoot"]
    answer = await deliver(desk_house, chatwoot, chatwoot.send(case(desk_house, "solved", chat="10001")))
    assert answer.json()["ticket"]["customer"]["contacts"] == [{"channel": "telegram", "address": "10001"}]


async def test_what_is_deleted_or_spam_once_it_was_solved_is_asked_about_no_more(desk_house: House) -> None:
    changed = {
        "jira": {"webhookEvent": "jira:issue_deleted"},
        "freescout": {"status": "spam"},
        "github": {"action": "deleted"},
        "osticket": {"ticket.state": "deleted"},
    }
    for name, changes in changed.items():
        sheet = SHEETS[name]
        await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved")))
        made = case(desk_house, "solved")
        await deliver(desk_house, sheet, sheet.send(made, body=edited(sheet.make(made), changes)))
        survey = (await told(desk_house, sheet))["survey"]
        assert (survey["status"], survey["reason"]) == ("suppressed", "excluded"), name


async def test_a_company_has_words_and_fields_of_its_own(folder: Any) -> None:  # noqa: ANN401 (a fixture's path)
    jira = SHEETS["jira"]
    own = replace(options(jira), closed_states=("erledigt",), chat_fields=(("telegram", "customfield_10010"),))
    async with open_house(folder, connectors={"jira": own}) as house:
        made = case(house, "open")
        changes = {"issue.fields.status.name": "Erledigt", "issue.fields.customfield_10010": 10001}
        answer = await deliver(house, jira, jira.send(made, body=edited(jira.make(made), changes)))
    assert answer.json()["survey"]["channel"] is None
    assert answer.json()["ticket"]["status"] == "closed"
    assert answer.json()["ticket"]["customer"]["contacts"] == [{"channel": "telegram", "address": "10001"}]


async def test_whom_nobody_names_cannot_be_asked(desk_house: House) -> None:
    freshdesk = SHEETS["freshdesk"]
    body = {"freshdesk_webhook": {"ticket_id": 17, "ticket_status": "Resolved"}}
    answer = await post(desk_house, freshdesk, body)
    assert (answer.status_code, answer.json()["ignored"]) == (202, "it names no customer, so nobody can be asked")
    (kept,) = await deliveries(desk_house, freshdesk)
    assert (kept["outcome"], kept["ticket"]) == ("ignored", "freshdesk/17")

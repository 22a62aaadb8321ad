"""Everything that a database tells: over the API, in the admins' report, and what waits to be sent."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.jobs.admin.admin_report import admin_report
from config.locale.phrases import load_phrases
from config.surveys.load import read_surveys
from dialogs.admin.report import report_message
from storage.connection.store import Store
from storage.reads.reader import Reader
from tests.storage.migrations.sample import SAMPLE, fetch

__all__ = ["answers_of", "messages_of", "reports_of", "wakes_of", "without_overtaken"]

Json = Any
_REPORTED_AT = tuple(datetime(2025, month, day, 3, tzinfo=UTC) for month, day in ((6, 9), (7, 16), (8, 18)))
_SLEEPERS = ("invitations", "interviews", "issues", "campaigns", "requests")
_UNSETTLED = ("pending", "held", "leased")
_MESSAGES = """
SELECT id, channel, chat, purpose, customer, coalesce(about, '') AS about, campaign, status, not_before, expires_at,
  body
FROM outbox LEFT JOIN prompts ON message = id ORDER BY seq
"""
_OVERTAKEN = """
SELECT id FROM outbox one WHERE status = 'superseded' OR status NOT IN ('pending', 'held', 'leased') AND EXISTS (
  SELECT 1 FROM outbox later WHERE later.status = 'sent' AND later.seq > one.seq
  AND later.edits = coalesce(one.edits, one.id)
)
"""


async def answers_of(api: httpx.AsyncClient, tickets: Iterable[str], customers: Iterable[str]) -> dict[str, Json]:
    """Return what the API tells: all that can be listed, these tickets, and all that is kept of these customers."""
    issues = await _listed(api, "/api/v1/issues")
    for issue in issues:
        assert await _told(api, f"/api/v1/issues/{issue['id']}") == issue
    return {
        "responses": await _listed(api, "/api/v1/responses"),
        "issues": issues,
        "tickets": {ticket: await _ticket(api, ticket) for ticket in tickets},
        "customers": {customer: await _customer(api, customer) for customer in customers},
        "campaigns": await _listed(api, "/api/v1/campaigns"),
        "requests": await _listed(api, "/api/v1/requests"),
        "audit": await _listed(api, "/api/v1/audit"),
        "anonymous": await _told(api, "/api/v1/surveys/anonymous_pulse/anonymous"),
    }


async def reports_of(url: str) -> dict[str, str]:
    """Return the text of `/report` at some moments of the sample's life."""
    surveys, phrases = read_surveys(SAMPLE / "owner"), load_phrases()
    async with Store.open(url) as store:
        figures = {at: await admin_report(Reader(store), at) for at in _REPORTED_AT}
    return {at.isoformat(): report_message(found, surveys, phrases, "zh-Hans").text for at, found in figures.items()}


async def messages_of(url: str) -> dict[str, list[Json]]:
    """Return the messages of every chat in the order in which they go: what for, how they stand, from when until when.

    What is not settled is told as its reader will see it; of the rest nobody needs the wording any more.
    """
    chats: dict[str, list[Json]] = {}
    for key, channel, chat, *fields in await fetch(url, _MESSAGES):
        chats.setdefault(f"{channel}:{chat}", []).append(_message(key, *fields))
    return chats


async def without_overtaken(url: str, customers: Mapping[str, Json]) -> dict[str, Json]:
    """Return what is kept of customers without the words of messages that a later edit took the place of."""
    overtaken = {key for (key,) in await fetch(url, _OVERTAKEN)}
    assert overtaken

    def left(told: Json) -> Json:
        if "messages" not in told:
            return told
        messages = [(key, how, "" if key in overtaken else text) for key, how, text in told["messages"]]
        return told | {"messages": messages, "cards": [card | _words(card, overtaken) for card in told["cards"]]}

    return {customer: left(told) for customer, told in customers.items()}


def _words(card: Json, overtaken: Collection[str]) -> Json:
    return {"text": ""} if card["id"] in overtaken else {}


async def wakes_of(url: str) -> dict[str, str]:
    """Return the moment at which each thing is due next, by its id."""
    asleep = " UNION ALL ".join(f"SELECT id, wake_at FROM {table} WHERE wake_at IS NOT NULL" for table in _SLEEPERS)  # noqa: S608 (our own names)
    return {key: _instant(at) or "" for key, at in sorted(await fetch(url, asleep))}


async def _listed(api: httpx.AsyncClient, path: str) -> list[Json]:
    """List page by page; pages are short, so that cursors are tried, too."""
    items: list[Json] = []
    cursor: Mapping[str, str] | None = {}
    while cursor is not None:
        page = await _told(api, path, limit="20", **cursor)
        items += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    return items


async def _told(api: httpx.AsyncClient, path: str, **query: str) -> Json:
    answer = await api.get(path, params=query)
    assert answer.is_success, answer.text
    return answer.json()


async def _ticket(api: httpx.AsyncClient, ticket: str) -> Json:
    told = await _told(api, f"/api/v1/tickets/{ticket}")
    explained = await _told(api, f"/api/v1/tickets/{ticket}/survey/explain")
    return {**told, "explained": {name: explained[name] for name in explained if name != "steps"}}


async def _customer(api: httpx.AsyncClient, customer: str) -> Json:
    """Return what is kept of somebody, or why nothing is; of messages only how they read."""
    answer = await api.get(f"/api/v1/customers/{customer}")
    told: dict[str, Json] = answer.json()
    if not answer.is_success:
        return {"status": answer.status_code, "detail": told["detail"]}
    told.pop("made_at")
    return told | {"messages": [(one["id"], one["status"], one["prompt"]["text"]) for one in told["messages"]]}


def _message(key: str, *fields: Any) -> Json:  # noqa: ANN401 (columns of any type)
    purpose, customer, about, campaign, status, not_before, expires_at, prompt = fields
    told = {
        "id": key,
        "purpose": purpose,
        "customer": customer,
        "about": about,
        "campaign": campaign,
        "status": status,
    }
    if status not in _UNSETTLED:
        return told
    moments = {"not_before": _instant(not_before), "expires_at": _instant(expires_at)}
    return told | moments | {"reads": _seen(json.loads(prompt))}


def _seen(prompt: Json) -> Json:
    """Return what its reader sees of a message: the text, and the labels of buttons row by row."""
    labels = [[choice["label"] for choice in row] for row in prompt["rows"]]
    link = prompt["link"] and prompt["link"]["label"]
    return {"text": prompt["text"], "typed": prompt["typed"], "asks": prompt["asks"], "labels": labels, "link": link}


def _instant(at: datetime | str | None) -> str | None:
    """Return an instant as SQLite holds it, whichever engine it comes from."""
    if isinstance(at, datetime):
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return at

"""Doors of others: the help desk's signed hook, Telegram's webhook, and a token that Telegram refuses."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from tests.support.botapi import Refuse, refused
from tests.support.commands import Said, huifang
from tests.support.town.town import HOOKS_SECRET, WEBHOOK_SECRET, Json, Town, eventually, town_at
from tests.support.town.words import step


async def _delivered(town: Town, event: str, ticket: str, secret: str, minutes_ago: int = 0) -> httpx.Response:
    """Deliver a closed ticket of a customer without any chat, signed as Standard Webhooks says."""
    data = {"source": "desk", "ticket": ticket, "status": "closed", "customer": {"id": "c-hooked"}}
    sent = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    raw = json.dumps({"type": "ticket.updated", "timestamp": sent.isoformat(), "data": data})
    headers = {
        "webhook-id": event,
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": Webhook(secret).sign(event, sent, raw),
    }
    return await town.product.api.post("/hooks/tickets", content=raw, headers=headers)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_signed_delivery_does_what_the_put_does_and_only_once(town: Town) -> None:
    other = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlcg=="
    assert (await _delivered(town, "evt-1", "hooked", other)).status_code == 401
    assert (await _delivered(town, "evt-1", "hooked", HOOKS_SECRET, minutes_ago=6)).status_code == 401
    assert (await town.product.api.get("/api/v1/tickets/desk/hooked")).status_code == 404
    first = await _delivered(town, "evt-1", "hooked", HOOKS_SECRET)
    again = await _delivered(town, "evt-1", "hooked", HOOKS_SECRET)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    await town.survey_becomes("hooked", "scheduled", reason="no_contact")


@pytest.mark.asyncio(loop_scope="session")
async def test_telegrams_door_opens_to_its_secret_only(town: Town) -> None:
    mei = await town.customer()
    await town.put("doors", "closed", mei)
    data = str(((await mei.sees(step(1))).button("1") or {})["callback_data"])
    update: Json = {"update_id": 1, "callback_query": {"id": "9", "from": {"id": mei.account.id}, "data": data}}
    for given in ("", "wrong", WEBHOOK_SECRET.upper()):
        headers = {"X-Telegram-Bot-Api-Secret-Token": given} if given else {}
        answer = await town.product.api.post("/hooks/telegram", json=update, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    right = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    answer = await town.product.api.post("/hooks/telegram", content=b'{"update_id": 1, ', headers=right)
    assert answer.status_code == 400
    assert (await town.response("doors"))["answers"] == []


async def test_a_refused_token_is_one_alarm_and_all_is_well_once_it_is_mended(tmp_path: Path) -> None:
    async with town_at(tmp_path, "polling", warm=True) as town:
        town.telegram.faults.plant(Refuse(refused(401, "Unauthorized")), times=None)
        await town.product.start()
        alarms = await eventually(lambda: _alarms(town), within=15)
        assert alarms == ["telegram.token: 401 Unauthorized"]
        lines = [json.loads(line) for line in town.product.log.splitlines()]
        told = [(line["level"], line["alarm"]) for line in lines if "alarm" in line]
        assert told == [("ERROR", "telegram.token")]
        town.telegram.faults.clear()
        mei = await town.customer()
        await town.put("late", "closed", mei)
        await mei.sees(step(1), within=15)
        await town.check()


async def test_what_telegram_sends_and_nobody_can_read_is_kept_with_an_alarm_and_acknowledged(tmp_path: Path) -> None:
    async with town_at(tmp_path, "webhook", warm=True) as town:
        await town.product.start()
        right = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        odd = [b'{"update_id": 900001, "message": {"message_id": "new"}}', b"{}", b"[]", b'{"update_id": "9"}']
        for raw in (*odd, odd[0]):
            answer = await town.product.api.post("/hooks/telegram", content=raw, headers=right)
            assert answer.status_code == 200, raw
        for raw, status in ((b'{"update_id": 1', 400), (b"[" * 60_000, 400), (b" " * 70_000, 413)):
            answer = await town.product.api.post("/hooks/telegram", content=raw, headers=right)
            assert answer.status_code == status, raw[:20]
        kept = town.ledger.rows("SELECT raw, why FROM inbox WHERE outcome = 'failed' AND door = 'telegram'")
        assert sorted(bytes(raw) for raw, _ in kept) == sorted(odd)
        (alarm,) = await eventually(lambda: _alarms(town))
        assert alarm.startswith("inbox: ")
        lines = [json.loads(line) for line in town.product.log.splitlines()]
        assert len([line for line in lines if line["level"] == "ERROR" and "kept as failed" in line["message"]]) == 6
        mei = await town.customer()
        await town.put("after", "closed", mei)
        await mei.sees(step(1))
        await town.product.stop()
        await town.product.start()
        ready = (await town.product.api.get("/readyz")).json()
        assert ready["failed_deliveries"] == len(odd), "what is kept is told after a restart, too"
        assert [line.partition(":")[0] for line in ready["alarms"]] == ["inbox"]
        for key in town.ledger.rows("SELECT key FROM inbox WHERE outcome = 'failed'"):
            assert (await town.product.api.delete(f"/api/v1/inbox/{key[0]}")).json()["dropped"]
        ready = (await town.product.api.get("/readyz")).json()
        assert (ready["failed_deliveries"], ready["alarms"]) == (0, [])
        await town.check()


@pytest.mark.proof  # each command is a process of its own
async def test_what_failed_is_listed_tried_and_dropped_by_the_service_and_without_it_alike(tmp_path: Path) -> None:
    async with town_at(tmp_path, "webhook", warm=True) as town:
        await town.product.start()
        right = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        odd = [b'{"update_id": 900001, "message": {"message_id": "new"}}', b"{}"]
        for raw in odd:
            assert (await town.product.api.post("/hooks/telegram", content=raw, headers=right)).status_code == 200
        by_service = await _types(town, "retry", "--all")
        await town.product.stop()
        alone = await _types(town, "retry", "--all")
        for said in (by_service, alone):
            assert (said.code, said.out) == (1, f"Decided: 0. Kept as failed: {len(odd)}.\n")
            lines = said.err.splitlines()
            assert [line.partition("telegram:")[0] for line in lines] == ["huifang: "] * len(odd), lines
        told = [json.loads(line) for line in (await _types(town, "list", "--format", "json")).out.splitlines()]
        assert [one["attempts"] for one in told] == [3] * len(odd)
        assert (await _types(town, "drop", told[0]["id"], "--yes")).out == f"{told[0]['id']} is dropped.\n"
        await town.product.start()
        (still,) = (await _types(town, "list")).out.splitlines()
        assert "tried 4 times, last 20" in still, "once by each command, and by the start"
        ready = (await town.product.api.get("/readyz")).json()
        assert (ready["failed_deliveries"], len(ready["alarms"])) == (1, 1)
        assert (await _types(town, "drop", told[1]["id"], "--yes")).out == f"{told[1]['id']} is dropped.\n"
        ready = (await town.product.api.get("/readyz")).json()
        assert (ready["failed_deliveries"], ready["alarms"]) == (0, [])
        assert (await _types(town, "list")).out == "Nothing is kept as failed.\n"
        await town.check()


async def _types(town: Town, *arguments: str) -> Said:
    return await huifang(town.product.folder, town.product.settings, "inbox", *arguments)


async def _alarms(town: Town) -> list[str] | None:
    answer = await town.product.api.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    return list(answer.json()["alarms"]) or None

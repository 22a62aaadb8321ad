"""I16: afterwards no table, no file and no log holds a forgotten person's names or words; what was counted stays."""

import asyncio
import base64
import hashlib
import hmac
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.botapi import Person
from tests.support.town.quick import quick_town_at
from tests.support.town.town import HOOKS_SECRET, Json, Town, eventually
from tests.support.town.words import asked, said, step

CHAT = 741_852_963
NAME = "欧阳芷若"
ID = "cust-ouyang-77"
OTHER = "oWx13912345678"
REMARK = "电话13912345678打了三遍没人接"
COMMENT = "退款！师傅弄脏了我家地毯"
LATER = "地毯还没人来洗"
SUBJECT = "欧阳家客厅空调滴水"
TRACES = (ID, str(CHAT), NAME, OTHER, "13912345678", REMARK, COMMENT, LATER, SUBJECT, "地毯", "三遍没人接")


def _ticket(number: str) -> Json:
    contacts = [{"channel": "telegram", "address": str(CHAT)}, {"channel": "wechat", "address": OTHER}]
    person = {"id": ID, "name": NAME, "tier": "gold", "locale": "zh-Hans", "contacts": contacts}
    return {
        "source": "desk", "ticket": number, "status": "closed", "subject": SUBJECT,
        "agent": {"id": "a17", "name": "李工"}, "customer": person,
    }  # fmt: skip


async def _hook(town: Town, event: str, number: str) -> tuple[int, Json]:
    """Deliver a signed ticket, as a help desk does and does again."""
    body = json.dumps({"type": "ticket.closed", "timestamp": "2026-11-22T02:30:00Z", "data": _ticket(number)}).encode()
    stamp = str(int(time.time()))
    key = base64.b64decode(HOOKS_SECRET.removeprefix("whsec_"))
    seal = base64.b64encode(hmac.digest(key, f"{event}.{stamp}.".encode() + body, hashlib.sha256)).decode()
    headers = {"webhook-id": event, "webhook-timestamp": stamp, "webhook-signature": f"v1,{seal}"}
    answer = await town.product.api.post("/hooks/tickets", content=body, headers=headers)
    return answer.status_code, answer.json()


async def _lives(town: Town, mei: Person) -> int:
    """Be asked, complain, be told that it is mended, disagree; gives the id of an update."""
    assert (await _hook(town, "evt-1", "900"))[0] == 201
    await mei.sees(step(1))
    await mei.taps("1")
    await mei.sees(asked("ask.why", 1, 1))
    await mei.says(REMARK)
    for number in range(2, 6):
        await mei.sees(step(number))
        await mei.taps("4")
    await mei.sees(said("ask.comment"))
    await mei.says(COMMENT)
    await mei.sees(said("done.thanks_name", name=NAME))
    issue = await town.issue("900")
    deed: dict[str, Any] = {"by": "小李", "note": f"{NAME}您好，已经洗干净了"}
    await town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", deed)
    await mei.sees(said("closure.ask"))
    update = await mei.taps(said("button.not_solved"))
    await mei.sees(said("closure.not_solved"))
    await mei.says(LATER)
    await mei.sees(said("notice.passed_on"))
    await town.call("POST", f"/api/v1/customers/{ID}/links", {"channel": "telegram"})
    return update.update_id


def _totals(town: Town) -> list[tuple[Any, ...]]:
    """Count what must stay as it is."""
    counted = ("tickets", "invitations", "interviews", "answer_logs", "issues")
    rows = [tuple(town.ledger.rows(f"SELECT count(*) FROM {table}")[0]) for table in counted]  # noqa: S608 (our own words)
    return rows + [tuple(row) for row in town.ledger.rows("SELECT question, value FROM answer_logs ORDER BY number")]


def _found_in_tables(folder: Path) -> list[str]:
    """Look into every column of every table that there is."""
    database = sqlite3.connect(f"file:{folder / 'var' / 'huifang.db'}?mode=ro", uri=True)
    try:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [(table, str(row)) for table in tables for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608 (as above)
    finally:
        database.close()
    return [f"{table}: {trace}: {row}" for table, row in rows for trace in TRACES if trace in row]


def _found_in_files(folder: Path) -> list[str]:
    """Look into every byte of every file: the database, its log, our own log."""
    files = [(file, file.read_bytes()) for file in folder.rglob("*") if file.is_file()]
    names = {trace: (trace.encode(), json.dumps(trace).strip('"').encode()) for trace in TRACES}
    return [
        f"{file.name}: {t}" for file, content in files for t, how in names.items() if any(w in content for w in how)
    ]


async def _is_forgotten(town: Town) -> None:
    async def look() -> bool | None:
        gone = town.ledger.rows("SELECT count(*) FROM requests WHERE kind = 'erasure' AND done_at IS NULL")[0][0] == 0
        return True if gone and not _found_in_files(town.product.folder) else None

    try:
        await eventually(look)
    except AssertionError:
        assert _found_in_tables(town.product.folder) == []
        assert _found_in_files(town.product.folder) == []
        raise


@pytest.mark.some(1)
@pytest.mark.parametrize("way", ["chat", "api"])
async def test_nothing_of_a_forgotten_person_is_left_and_nothing_brings_them_back(way: str, tmp_path: Path) -> None:
    async with quick_town_at(tmp_path, "webhook") as town:
        mei = town.telegram.user(CHAT, name=NAME)
        await mei.start()
        update = await _lives(town, mei)
        await mei.says("/mydata")
        copy = await town.telegram.until(lambda: next((m for m in mei.messages if m.document), None))
        assert [word for word in (ID, NAME, REMARK, COMMENT, LATER, SUBJECT) if word not in copy.content.decode()] == []
        await town.settles()
        assert _found_in_tables(tmp_path)
        before = _totals(town)
        if way == "chat":
            await mei.says("/forgetme")
            await mei.sees(said("rights.forget_ask"))
            await mei.taps(said("rights.forget_yes"))
            await mei.sees(said("rights.forgotten"))
        else:
            asked_for = await town.product.api.delete(f"/api/v1/customers/{ID}")
            assert (asked_for.status_code, asked_for.json()["kind"]) == (202, "erasure")
        await _is_forgotten(town)
        assert _found_in_tables(tmp_path) == []
        assert _totals(town) == before
        if way == "chat":  # the sender takes a while to look
            await eventually(lambda: _is_blanked(town))
        # Nothing brings them back.
        town.telegram.redeliver(update)
        await town.telegram.all_taken()
        assert await _hook(town, "evt-1", "900") == (200, {"forgotten": True})
        status, told = await _hook(town, "evt-2", "901")
        name = told["ticket"]["customer"]["name"]
        assert (status, name, told["survey"]["status"]) == (201, said("card.erased"), "cancelled")
        put = _ticket("902")
        answer = await town.call(
            "PUT", "/api/v1/tickets/desk/902", {k: put[k] for k in put if k not in ("source", "ticket")}
        )
        assert answer["ticket"]["customer"]["id"].startswith("gone_")
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/links")):
            body = {"channel": "telegram"} if method == "POST" else None
            gone = await town.product.api.request(method, f"/api/v1/customers/{ID}{path}", json=body)
            assert gone.status_code == 410, gone.text
        await asyncio.sleep(0.2)
        assert _found_in_tables(tmp_path) == []
        assert [found for found in _found_in_files(tmp_path) if not found.startswith("huifang.db-wal")] == []


async def _is_blanked(town: Town) -> bool | None:
    """Look whether the team's group still tells of the person: cards of earlier rounds are blanked, too."""
    texts = [message.text for message in town.group.messages]
    return True if not any(trace in text for trace in TRACES for text in texts) else None

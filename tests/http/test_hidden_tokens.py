"""Whoever has the token of a link is let in by it: none is in the log, in an alarm, or in what `/readyz` tells."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.process.alarms import Alarms
from bot.process.logs import redact, set_up_logs
from bot.signed_links import LinkPurpose
from tests.support.web.clockwork import Clockwork
from tests.support.web.house import DATABASE, KEY, URL, House
from tests.support.web.survey_pages import LINKS, open_house_with_pages
from tests.support.web.tickets import TICKET

DOORS = (
    ("s", LinkPurpose.SURVEY),
    ("s", LinkPurpose.WEB),
    ("s", LinkPurpose.BINDING),
    ("t", LinkPurpose.TEAM),
    ("d", LinkPurpose.DATA),
)
REQUEST = "req_broken"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Write the log as the process does, into a text, and let pytest have it back."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    root.handlers.clear()  # `force` would close those of pytest
    set_up_logs([KEY], stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def _break(folder: Path) -> None:
    """Plant a request for data whose moments cannot be read, so that its file is a mistake of ours."""
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        names = [row[1] for row in database.execute("PRAGMA table_info(requests)")]
        moment = "no moment"
        row = {
            "id": REQUEST,
            "kind": "access",
            "customer": "c-1001",
            "asked_at": moment,
            "due_at": moment,
            "version": 1,
        }
        values = [row.get(name, None if name in {"done_at", "wake_at"} else "") for name in names]
        database.execute(f"INSERT INTO requests VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608 (only marks)


async def _visit(house: House, client: httpx.AsyncClient) -> list[str]:
    """Knock at every door with right, forged, cut and expired tokens; return them."""
    until = house.clock.now() + timedelta(hours=1)
    tokens = []
    for door, purpose in DOORS:
        right = LINKS.token(purpose, REQUEST if purpose is LinkPurpose.DATA else "int_none", until)
        late = LINKS.token(purpose, "int_none", house.clock.now() - timedelta(hours=1))
        for token in (right, late, right[:-3], f"{right}x", f"*{right[1:]}"):
            tokens.append(token.strip("*"))
            for method in ("GET", "POST"):
                await client.request(method, f"/{door}/{token}?token={token}", headers={"origin": URL}, content=b"x=1")
    return tokens


async def test_no_token_reaches_the_log_through_any_door(folder: Path, log: io.StringIO) -> None:
    _break(folder)
    async with open_house_with_pages(folder) as house, house.client() as client:
        await client.put("/api/v1/tickets/zendesk/42", json=TICKET)
        tokens = await _visit(house, client)
        made = await client.post("/api/v1/customers/c-1001/links", json={"channel": "web"})
        tokens.append(made.json()["url"].rpartition("/")[2])
        broken = LINKS.token(LinkPurpose.DATA, REQUEST, house.clock.now() + timedelta(minutes=7))
        tokens.append(broken)
        assert (await client.get(f"/d/{broken}")).status_code == 500
        logging.getLogger("uvicorn.error").warning(
            "GET /s/%s and %s/t/%s?start=%s", tokens[0], URL, tokens[1], tokens[2]
        )
    written = log.getvalue()
    assert "answering GET /d/••• failed" in written
    assert "Traceback" in written
    assert [token for token in tokens if token in written] == []
    assert KEY not in written


def test_no_token_reaches_an_alarm(log: io.StringIO) -> None:
    token = LINKS.token(LinkPurpose.DATA, REQUEST, Clockwork().now())
    alarms = Alarms(Clockwork())
    alarms.sound("broken", f"{URL}/d/{token} cannot be opened")
    (alarm,) = alarms.standing()
    assert alarm.text == f"{URL}/d/••• cannot be opened"
    assert token not in log.getvalue()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /s/static/page.css?1a2b", "GET /s/static/page.css?1a2b"),
        ("https://t.me/bot?start=k3Jq0vT5mXw8yZ2aBcD4eF", "https://t.me/bot?start=•••"),
        ("they typed /start k3Jq0vT5mXw8yZ2aBcD4eF", "they typed /start •••"),
        ("GET /api/v1/customers/c-1001/links", "GET /api/v1/customers/•••"),
        ("GET /api/v1/tickets/zendesk/42", "GET /api/v1/tickets/zendesk/42"),
    ],
)
def test_what_is_no_token_stays_readable(text: str, clean: str) -> None:
    assert redact(text) == clean

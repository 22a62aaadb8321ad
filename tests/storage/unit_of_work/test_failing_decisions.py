"""A decision that fails is an ERROR line and an alarm at every door, on either database."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.outcomes import OutcomeWriter
from bot.ports import Sent
from bot.signed_links import LinkPurpose
from storage.model.records import OutboxMessage, Purpose
from tests.support.web.failing import DOOR, Service, asks, service, write


@pytest.fixture
async def here(url: str, tmp_path: Path) -> AsyncIterator[Service]:
    """Return a process that has asked a customer."""
    async with service(tmp_path, url) as opened:
        await asks(opened)
        yield opened


async def _page(here: Service) -> str:
    services, (interview,) = here.container.services, await here.responses()
    links, expires = services.receiver.policy.links, services.clock.now() + timedelta(hours=1)
    return links.url(LinkPurpose.SURVEY, interview, expires)


async def _is_unreadable(here: Service) -> object:
    raw = b'{"update_id": 900001, "message": {"message_id": "new"}}'
    return await here.api.post("/hooks/telegram", content=raw, headers=DOOR)


async def _opens_the_page(here: Service) -> None:
    assert (await here.api.get(here.page)).status_code == 503


async def _presses_on_the_page(here: Service) -> None:
    form = {"rate": "4", "step": "response_speed"}
    assert (await here.api.post(here.page, data=form)).status_code == 503


async def _is_reopened(here: Service) -> None:
    said = await here.api.put("/api/v1/tickets/desk/1", json={"status": "reopened", "customer": {"id": "c-1"}})
    assert (said.status_code, "stands in the log" in said.json()["detail"]) == (500, True)


async def _is_due(here: Service) -> None:
    await here.container.scheduler.look()


async def _arrives(here: Service) -> None:
    (message,) = [one for one in await here.rows(OutboxMessage) if one.purpose is Purpose.SURVEY]
    alarms = here.container.alarms
    await OutcomeWriter(here.container.services.receiver.settle, alarms).write(message, Sent("1"), anew=False)


FAILS: dict[str, tuple[Callable[[Service], Awaitable[object]], str]] = {
    "words in a chat": (lambda here: here.hears("4"), "inbox"),
    "an opt-out": (lambda here: here.hears("/stop"), "inbox"),
    "an update that cannot be read": (_is_unreadable, "inbox"),
    "the page": (_opens_the_page, "decisions"),
    "a press on the page": (_presses_on_the_page, "decisions"),
    "a ticket by API": (_is_reopened, "decisions"),
    "what is due": (_is_due, "due"),
    "what follows from a sending": (_arrives, "delivery"),
}


async def test_a_decision_that_fails_is_an_error_and_an_alarm_at_every_door(
    here: Service, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    here.page = await _page(here)
    await write(url, "UPDATE interviews SET answers = '[7]', wake_at = (SELECT closed_at FROM tickets)")
    told = set()
    for door, (fails, alarm) in FAILS.items():
        caplog.clear()
        await fails(here)
        assert here.alarms() == [alarm], door
        errors = [record for record in caplog.records if record.levelno == logging.ERROR]
        assert errors, door
        assert [record for record in errors if record.exc_info] == [], door
        told |= {vars(record).get("alarm") for record in errors} - {None}
        here.container.alarms.over(alarm)
    assert told == {alarm for _, alarm in FAILS.values()}
    assert await here.container.services.reader.count_failed_deliveries() == 2, "the opt-out is done"

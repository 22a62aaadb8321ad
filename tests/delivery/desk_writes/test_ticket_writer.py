"""Every step into every help desk's API, and every way in which a call fails; the API is a fake over HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.desk_api import DeskAccount
from bot.delivery.desk_writes.ticket_writer import TicketWriter, probe_desk
from bot.ports import Blocked, Delivery, Refused, Retry, Sent
from bot.process.alarms import Alarms
from dialogs.messages import DeskStep, DeskWrite, Prompt
from storage.model.records import OutboxMessage, Purpose
from tests.support.helpdesks import SHEETS
from tests.support.helpdesks.vendors import FAKE_DESKS, Answer, ApiTicket, FakeDesk, FakeZammad, Fault
from tests.support.web.clockwork import Clockwork

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TEXT = 'How was it? <b>&"\nhttps://bot.example/b/AbC-_1'
MARKER = "https://bot.example/b/AbC-_1"


def message(ticket: str, step: DeskStep, text: str = TEXT, marker: str = "", attempts: int = 0) -> OutboxMessage:
    prompt = Prompt(text, desk=DeskWrite(step, marker))
    return OutboxMessage("out_1", "desk", ticket, Purpose.DESK, prompt, NOW, NOW, attempts=attempts)


class Bench:
    """A help desk, what writes into it, and the alarms that are raised."""

    def __init__(self, desk: FakeDesk, token: str = "") -> None:
        self.desk, self.clock = desk, Clockwork()
        self.alarms = Alarms(self.clock)
        api, account = CONNECTORS[desk.name].api, DeskAccount(desk.url, token or desk.token, _user(desk))
        assert api is not None
        self.api, self.account = api, account
        self.writer = TicketWriter(desk.name, api, account, self.clock, self.alarms)

    def ticket(self, **more: Any) -> ApiTicket:  # noqa: ANN401 (fields of a ticket)
        return self.desk.has(SHEETS[self.desk.name].ticket(7), 507, **more)

    async def send(self, sent: OutboxMessage) -> Delivery:
        return await self.writer.send(sent, "")

    @property
    def raised(self) -> list[str]:
        return [alarm.name for alarm in self.alarms.standing()]


def _user(desk: FakeDesk) -> str:
    return desk.settings.get("api_user", "")


@pytest.fixture(params=list(FAKE_DESKS))
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Every help desk in turn; nothing is ever called that its vendor does not document."""
    async with FAKE_DESKS[request.param]().serve() as desk:
        made = Bench(desk)
        yield made
        await made.writer.close()
        assert desk.wrong == []


@pytest.fixture
async def zammad() -> AsyncIterator[Bench]:
    async with FakeZammad().serve() as desk:
        made = Bench(desk)
        yield made
        await made.writer.close()


async def test_a_reply_stands_in_the_ticket_as_it_was_written(bench: Bench) -> None:
    ticket = bench.ticket()
    outcome = await bench.send(message(ticket.number, DeskStep.REPLY, marker=MARKER))
    assert isinstance(outcome, Sent)
    assert [put.text for put in ticket.of(DeskStep.REPLY)] == [TEXT]
    assert ticket.of(DeskStep.NOTE) == []
    assert (bench.desk.refused, bench.raised, ticket.state) == ([], [], "solved")


async def test_a_note_is_read_by_the_team_alone(bench: Bench) -> None:
    ticket = bench.ticket()
    outcome = await bench.send(message(ticket.number, DeskStep.NOTE, marker=MARKER))
    if bench.desk.name == "github":
        assert isinstance(outcome, Blocked)
        assert ticket.puts == []
        return
    assert isinstance(outcome, Sent)
    assert [put.text for put in ticket.of(DeskStep.NOTE)] == [TEXT]
    assert ticket.of(DeskStep.REPLY) == []


async def test_a_tag_comes_to_those_that_there_are(bench: Bench) -> None:
    ticket = bench.ticket()
    for _ in range(2):
        assert isinstance(await bench.send(message(ticket.number, DeskStep.TAG, "csat-low")), Sent)
    assert dict.fromkeys(ticket.tags) == {"vip": None, "csat-low": None}


async def test_a_ticket_is_opened_again(bench: Bench) -> None:
    ticket = bench.ticket()
    assert isinstance(await bench.send(message(ticket.number, DeskStep.REOPEN, "")), Sent)
    assert ticket.state == "open"


@pytest.mark.some(8)
@pytest.mark.parametrize("step", [DeskStep.REPLY, DeskStep.NOTE])
async def test_what_stands_in_the_ticket_is_not_written_again(bench: Bench, step: DeskStep) -> None:
    if (bench.desk.name, step) == ("github", DeskStep.NOTE):
        return
    ticket = bench.ticket()
    for attempts in range(3):
        sent = message(ticket.number, step, marker=MARKER, attempts=attempts)
        assert isinstance(await bench.send(sent), Sent)
    assert len(ticket.puts) == 1


@pytest.mark.some(8)
@pytest.mark.parametrize("step", list(DeskStep))
async def test_a_ticket_that_is_not_there_is_given_up(bench: Bench, step: DeskStep) -> None:
    outcome = await bench.send(message(SHEETS[bench.desk.name].ticket(404), step, marker=MARKER))
    assert isinstance(outcome, Blocked)
    assert outcome.reason == "no_contact"
    assert bench.raised == []


@pytest.mark.parametrize("name", ["github", "gitlab"])
async def test_no_link_for_one_customer_stands_where_everybody_reads(name: str) -> None:
    async with FAKE_DESKS[name]().serve() as desk:
        bench = Bench(desk)
        ticket = bench.ticket(is_public=True)
        outcome = await bench.send(message(ticket.number, DeskStep.REPLY, marker=MARKER))
        tagged = await bench.send(message(ticket.number, DeskStep.TAG, "csat-low"))
        await bench.writer.close()
    assert isinstance(outcome, Blocked)
    assert "public" in outcome.why
    assert (isinstance(tagged, Sent), ticket.texts) == (True, [])


async def test_a_closed_ticket_of_zendesk_takes_nothing() -> None:
    async with FAKE_DESKS["zendesk"]().serve() as desk:
        bench = Bench(desk)
        ticket = bench.ticket(state="closed")
        outcome = await bench.send(message(ticket.number, DeskStep.NOTE, marker=MARKER))
        await bench.writer.close()
    assert isinstance(outcome, Blocked)
    assert "closed" in outcome.why


async def test_without_an_address_zammads_customer_reads_it_on_its_page(zammad: Bench) -> None:
    ticket = zammad.ticket(address="nobody")
    await zammad.send(message(ticket.number, DeskStep.REPLY, marker=MARKER))
    assert [put.how for put in ticket.puts] == [{"type": "note", "to": None}]


async def test_freescout_needs_somebody_who_writes() -> None:
    async with FAKE_DESKS["freescout"]().serve() as desk:
        bench = Bench(desk)
        bench.writer = TicketWriter(desk.name, bench.api, DeskAccount(desk.url, desk.token), bench.clock, bench.alarms)
        ticket = bench.ticket()
        outcome = await bench.send(message(ticket.number, DeskStep.NOTE, marker=MARKER))
        await bench.writer.close()
    assert isinstance(outcome, Blocked)
    assert "hooks.freescout.api_user" in outcome.why


async def test_a_wrong_token_raises_an_alarm_and_pauses_all(bench: Bench) -> None:
    refused = Bench(bench.desk, "wrong-token-of-nobody")
    ticket = bench.ticket()
    outcome = await refused.send(message(ticket.number, DeskStep.TAG, "csat-low"))
    await refused.writer.close()
    assert isinstance(outcome, Retry)
    assert (outcome.pauses_all, outcome.after) == (True, 600)
    assert refused.raised == [f"hooks.{bench.desk.name}.api_token"]
    assert "wrong-token" not in "".join(alarm.text for alarm in refused.alarms.standing())


async def test_the_alarm_ends_once_the_token_is_taken_again(zammad: Bench) -> None:
    ticket = zammad.ticket()
    zammad.desk.faults.append(Fault(Answer(401)))
    assert isinstance(await zammad.send(message(ticket.number, DeskStep.TAG, "x")), Retry)
    assert zammad.raised == ["hooks.zammad.api_token"]
    assert isinstance(await zammad.send(message(ticket.number, DeskStep.TAG, "x")), Sent)
    assert zammad.raised == []


LATER = {"retry-after": "17"}
FAILURES: list[tuple[str, Answer | None, type[Delivery], dict[str, Any]]] = [
    ("429 with seconds", Answer(429, None, LATER), Retry, {"after": 17, "pauses_all": True}),
    ("429 without", Answer(429), Retry, {"after": 15, "pauses_all": True}),
    ("429 with nonsense", Answer(429, None, {"retry-after": "soon"}), Retry, {"after": 15, "pauses_all": True}),
    ("429 for ever", Answer(429, None, {"retry-after": "999999999"}), Retry, {"after": 3600, "pauses_all": True}),
    ("403 that is a limit", Answer(403, None, LATER), Retry, {"after": 17, "pauses_all": True}),
    ("403", Answer(403), Retry, {"after": 3600, "pauses_all": False}),
    ("503", Answer(503, None, LATER), Retry, {"after": 17, "pauses_all": True}),
    ("500", Answer(500), Retry, {"after": 15, "pauses_all": False}),
    ("502", Answer(502), Retry, {"after": 15, "pauses_all": False}),
    ("409", Answer(409), Retry, {"after": 15, "pauses_all": False}),
    ("404", Answer(404), Blocked, {"reason": "no_contact"}),
    ("410", Answer(410), Blocked, {"reason": "no_contact"}),
    ("422", Answer(422), Refused, {"alarm": ""}),
    ("400", Answer(400), Refused, {"alarm": ""}),
    ("302", Answer(302, None, {"location": "https://elsewhere.example/"}), Refused, {"alarm": ""}),
    ("a broken connection", None, Retry, {"after": 15, "pauses_all": True}),
]


@pytest.mark.some(8)
@pytest.mark.parametrize(("answer", "kind", "fields"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_follows_when_a_call_fails(
    zammad: Bench, answer: Answer | None, kind: type[Delivery], fields: dict[str, Any], method: str
) -> None:
    ticket = zammad.ticket()
    zammad.desk.faults.append(Fault(answer, fits=lambda called, _path: called == method))
    outcome = await zammad.send(message(ticket.number, DeskStep.REPLY, marker=MARKER))
    assert isinstance(outcome, kind)
    assert {name: getattr(outcome, name) for name in fields} == fields
    assert zammad.desk.token not in str(outcome)
    assert ticket.puts == []


async def test_it_waits_until_the_moment_that_it_is_told(zammad: Bench) -> None:
    ticket = zammad.ticket()
    at = zammad.clock.now() + timedelta(seconds=40)
    header = {"retry-after": at.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    zammad.desk.faults.append(Fault(Answer(429, None, header)))
    outcome = await zammad.send(message(ticket.number, DeskStep.TAG, "x"))
    assert isinstance(outcome, Retry)
    assert 38 <= outcome.after <= 41


async def test_the_waits_grow_and_end_at_an_hour(zammad: Bench) -> None:
    ticket, waits = zammad.ticket(), []
    for attempts in (0, 1, 2, 3, 20):
        zammad.desk.faults.append(Fault(Answer(500)))
        outcome = await zammad.send(message(ticket.number, DeskStep.TAG, "x", attempts=attempts))
        assert isinstance(outcome, Retry)
        waits.append(outcome.after)
    assert waits == [15, 30, 60, 120, 3600]


@pytest.mark.some(8)
@pytest.mark.parametrize("answer", [None, Answer(500), Answer(504)])
async def test_what_was_written_though_the_answer_was_lost_is_written_once(bench: Bench, answer: Answer | None) -> None:
    ticket = bench.ticket()
    bench.desk.faults.append(Fault(answer, after=True, fits=lambda method, _path: method != "GET"))
    sent = message(ticket.number, DeskStep.REPLY, marker=MARKER)
    assert isinstance(await bench.send(sent), Retry)
    assert isinstance(await bench.send(message(ticket.number, DeskStep.REPLY, marker=MARKER, attempts=1)), Sent)
    assert len(ticket.puts) == 1


async def test_a_page_instead_of_json_is_no_ticket_that_is_gone(zammad: Bench) -> None:
    async def log_in(_request: web.Request) -> web.Response:
        return web.Response(text="<html>Log in</html>", content_type="text/html")

    async with AsyncExitStack() as stack:
        url = await _served(stack, log_in)
        writer = TicketWriter("zammad", zammad.api, DeskAccount(url, "t"), zammad.clock, zammad.alarms)
        stack.push_async_callback(writer.close)
        outcome = await writer.send(message("22007", DeskStep.TAG, "x"), "")
    assert isinstance(outcome, Retry)


async def test_a_redirect_to_another_host_does_not_take_the_token(bench: Bench) -> None:
    seen: list[str] = []

    async def spy(request: web.Request) -> web.Response:
        seen.append(str(request.headers))
        return web.json_response({})

    async with AsyncExitStack() as stack:
        elsewhere = await _served(stack, spy)
        bench.desk.faults.append(Fault(Answer(307, None, {"location": f"{elsewhere}/api/v1/x"})))
        outcome = await bench.send(message(bench.ticket().number, DeskStep.REOPEN, ""))
    assert (isinstance(outcome, Refused), seen) == (True, [])


async def test_doctor_tries_the_token_by_a_call_that_changes_nothing(bench: Bench) -> None:
    assert await probe_desk(bench.desk.name, bench.api, bench.account, NOW) == ""
    wrong = DeskAccount(bench.desk.url, "wrong:token", "")
    assert "401" in await probe_desk(bench.desk.name, bench.api, wrong, NOW)
    nowhere = DeskAccount("http://127.0.0.1:9", "t", "")
    assert "no answer" in await probe_desk(bench.desk.name, bench.api, nowhere, NOW)
    assert {method for method, _, _ in bench.desk.calls} == {"GET"}


async def test_a_message_that_is_for_no_ticket_ends(zammad: Bench) -> None:
    sent = OutboxMessage("out_1", "zammad", "22007", Purpose.DESK, Prompt("?"), NOW, NOW)
    assert isinstance(await zammad.send(sent), Blocked)
    assert zammad.desk.calls == []


async def _served(stack: AsyncExitStack, answer: Any) -> str:  # noqa: ANN401 (a handler of aiohttp)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"

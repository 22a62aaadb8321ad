"""Every place that uses the database, found in the code: whatever fails there is told, and then it works again."""

import ast
import itertools
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import SandboxChannel
from bot.control.commands import CONTROL_COMMANDS
from bot.control.execute import execute
from bot.control.helpdesks.desk_commands import desk_commands
from bot.control.inbox import inbox_commands
from bot.control.protocol import CommandRequest
from bot.jobs.digest import DigestJob
from bot.ports import Parsed
from bot.process.alarms import Alarms
from bot.receiver import Once
from bot.wiring.container import Container, open_container
from config.settings.loading import load_settings
from dialogs.campaign.model import Audience, Run, RunState
from dialogs.ids import Ref, RefKind
from dialogs.messages import Address, Inbound, Person, Text
from dialogs.time.recurrence import read_recurrence_rule
from scoring.metrics.catalogue import FactNeeds, MetricSource
from scoring.values import replace
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.reads.listings import IssueFilter, ResponseFilter
from storage.reads.probe import probe, write_problem
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.dialogs.samples import ISSUE, NOW
from tests.support.database.wire import Fault, Wire, wire_to
from tests.support.helpdesks.database_uses import DESK_USES
from tests.support.web.api import api_of, web_of
from tests.support.web.clockwork import Clockwork
from tests.wiring.exchanges import FaultPlan
from tests.wiring.uses.added_up import KEEPING_USES
from tests.wiring.uses.filed import REPORT_USES
from tests.wiring.uses.rated import RATING_USES
from tests.wiring.uses.told import HOOK_USES, HOOKS_ELSEWHERE
from tests.wiring.uses.warned import draw_charts, warn_of_a_ticket
from tests.wiring.uses.worded import TEXT_USES

ROOT = Path(__file__).parents[2]
KEY = "key-of-the-help-desk-0123456789abcdef"
USES = {"reading", "transaction", "singleton", "exchange", "scrub", "decide", "perform", "do", "do_once"}
OWNERS = ("store", "writer", "receiver", "database", "opened")
TROUBLE = (*NOT_SAVED, DecisionFailed)
FAULTS = (Fault.CONFLICT, Fault.CUT, Fault.ANSWER_LOST, Fault.REFUSED)

ELSEWHERE = {
    "bot/http/survey_page/routes.py": "a page answers what NOT_DECIDED names: tests/http/survey_page",
    "bot/http/survey_page/closure_page.py": "as above",
    "bot/http/ticket_page/routes.py": "a page answers what NOT_DECIDED names: tests/http/ticket_page",
    "bot/http/ticket_page/ticket_proof.py": "as above",
    "bot/http/team_page/routes.py": "a page answers what NOT_DECIDED names: tests/http/team_page",
    "bot/http/team_page/render.py": "as above",
    "bot/http/console/sandbox.py": "answered by bot/http/problems.py, as the API is",
    "bot/http/webhooks/tickets.py": "answered by bot/http/problems.py, as the API is",
    "bot/jobs/improvement/low_item_search.py": "an alarm of look_again says so, as for the charts of early warning",
    "bot/jobs/reports/scheduled_reports.py:_remind": "tests/jobs/reports/test_scheduled_reports.py",
    "bot/jobs/rules_reload.py": "tests/jobs/test_rules_reload.py",
    "bot/jobs/alarm_messages.py": "tests/process/test_alarms.py, tests/journeys/crash/test_database_outage.py",
    "bot/process/hints.py": "tests/process/test_hints.py",
    "bot/process/singletons.py": "tests/process/test_singletons.py",
    "bot/process/trusted_clock.py": "at the start, and every minute in a journey",
    "bot/wiring/sandbox.py": "at the start, which ends with one line",
    "bot/wiring/startup.py": "at the start, which ends with one line",
    "bot/receiver.py:_stop_anyway": "comes after a failed decision: tests/wiring/test_unknown_versions.py",
    "bot/receiver.py:settle": "tests/storage/unit_of_work/test_sending_faults.py",
    "storage/reads/outbox.py": "tests/storage/unit_of_work/test_sending_faults.py",
    "storage/privacy/retention.py": "tests/jobs/test_retention.py",
    "storage/privacy/erasure.py:_empty_in_portions": "tests/storage/privacy/test_erasure_portions.py",
    "storage/housekeeping/runner.py": "tests/jobs/test_retention.py, tests/storage/housekeeping/test_deliveries.py",
    "storage/housekeeping/walk.py": "as above",
    "bot/jobs/backups/nightly_backup.py": "an alarm, and the next look: tests/jobs/backups/test_nightly_backup.py",
    "bot/jobs/backups/restored_doubts.py": "at the start, which ends with one line, and is repeated by the next",
    "storage/backups/in_doubt.py": "as above",
    "bot/jobs/retention.py": "tests/jobs/test_retention.py, tests/process/test_singletons.py",
    "storage/connection/store.py": "what all others use",
    **HOOKS_ELSEWHERE,
    "bot/jobs/sample/sample_database.py": "a reply says so, as above, or bot/http/problems.py; the same again goes on",
    "storage/bulk/sample_traces.py": "as above: tests/jobs/sample/test_sample_database.py",
    "bot/jobs/campaigns.py": "woken by the scheduler, tests/process/test_scheduler.py",
    "bot/wiring/channels.py": "tests/channels/wechat/api/test_tokens.py, tests/channels/wechat/test_channel.py",
}
"""Files, or functions of theirs, whose places are made to fail elsewhere, and where."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A process with everything in it, at the end of a wire."""

    wire: Wire
    container: Container
    api: httpx.AsyncClient
    url: str

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:  # noqa: ANN401 (JSON is anything)
        return await self.api.request(method, f"/api/v1/{path}", json=body)

    async def command(self, name: str, /, **arguments: object) -> str:
        inbox, desk = inbox_commands(self.container.failed), desk_commands(self.container.settings)
        commands, request = {**CONTROL_COMMANDS, **inbox, **desk}, CommandRequest(name, arguments)
        return (await execute(self.container.services, commands, request)).problem


Use = Callable[[Desk], Awaitable[object]]
CLOSED = {"status": "closed", "customer": {"id": "c-1", "contacts": [{"channel": "sandbox", "address": "phone"}]}}
ANSWERED = {"customer": "c-1", "source": "paper", "by": "李工", "answers": {"attitude": {"value": 1}}}
NOBODYS_TICKET, NOBODY = ("desk", "none"), "camp_none"


def _reads(use: Callable[[Any], Awaitable[object]]) -> Use:
    return lambda desk: use(desk.container.services.reader)


def _at(desk: Desk) -> Any:  # noqa: ANN401 (a moment)
    return desk.container.services.clock.now()


def _digest(desk: Desk) -> DigestJob:
    services, when = desk.container.services, read_recurrence_rule("weekly mon 09:00")
    clock, zone = Clockwork(), services.receiver.policy.timezone
    return DigestJob(services.receiver, services.reader, clock, Alarms(clock), when, zone)


_numbers = itertools.count(1)


async def _erase_somebody(desk: Desk) -> str:
    person = f"c-erased-{next(_numbers)}"
    said = await desk.call("PUT", f"tickets/desk/{person}", {"status": "closed", "customer": {"id": person}})
    return await desk.command("customer forget", customer=person) if said.is_success else "mistake of huifang"


async def _say_something(desk: Desk) -> object:
    key = f"sandbox:said-{next(_numbers)}"
    inbound = Inbound(key, Address("sandbox", "phone"), Person("p1"), _at(desk), Text("你好"))
    return await desk.container.services.receiver.receive(Parsed(key, inbound), "sandbox", b"{}")


async def _decide_once(desk: Desk) -> object:
    once = Once(f"once:{next(_numbers)}", "door", str)
    return await desk.container.services.receiver.do_once(once, Needs(), lambda _context: Decision(Changes(), "done"))


SHEET: Any = {"form": "department", "subject": "x", "period": "2026-01", "role": "superior", "rater": "y"}
SHEET |= {"by": "y", "values": {}}


async def _looks_for_the_digest(desk: Desk) -> None:
    weekly, services = read_recurrence_rule("weekly mon 09:00"), desk.container.services
    zone = services.receiver.policy.timezone
    await DigestJob(services.receiver, services.reader, Clockwork(), desk.container.alarms, weekly, zone).look(weekly)


EXCLUDED = {"response": "int_none", "by": "李工", "note": "骂人"}
ENTERED = {"kind": "figure", "metric": "orders", "period": "2026-01", "by": "李工", "numerator": 9, "origin": "ERP"}
PUBLISHED = {"period": "2020-01", "by": "李工"}
_NOW = (NOW, NOW)
_NEEDS = FactNeeds(((("team",), ("csat", "asked", "complaints", "returning_customers", "repairs_held", "importance")),))

USED: Mapping[str, Use] = {
    "put a ticket": lambda desk: desk.call("PUT", "tickets/desk/1", CLOSED),
    "read a ticket": lambda desk: desk.call("GET", "tickets/desk/1"),
    "explain a survey": lambda desk: desk.call("GET", "tickets/desk/1/survey/explain"),
    "open an issue": lambda desk: desk.call("POST", "issues", {"title": "空调不制冷", "ticket": "desk/1"}),
    "list issues": lambda desk: desk.call("GET", "issues"),
    "read an issue": lambda desk: desk.container.services.reader.issue("iss_none"),
    "list responses": lambda desk: desk.call("GET", "responses"),
    "read the audit log": lambda desk: desk.call("GET", "audit"),
    "list requests": lambda desk: desk.call("GET", "requests"),
    "hand out a person": lambda desk: desk.call("GET", "customers/c-1"),
    "list campaigns": lambda desk: desk.call("GET", "campaigns"),
    "erase a person": lambda desk: desk.call("DELETE", "customers/c-1"),
    "erase somebody at once": _erase_somebody,
    "say something": _say_something,
    "decide once": _decide_once,
    "keep what cannot be read": lambda desk: desk.container.services.receiver.keep_unread("door", b"<", "no XML"),
    "examine, as the doctor does": lambda desk: probe(desk.url, _at(desk)),
    "write, as readiness does": lambda desk: write_problem(desk.container.services.writer),
    "add to the roster": lambda desk: desk.command("user add", name="李工", role="agent"),
    "print somebody's link": lambda desk: desk.command("user link", name="李工"),
    "list the roster": lambda desk: desk.command("user list"),
    "take off the roster": lambda desk: desk.command("user remove", name="李工"),
    "the course of a survey": lambda desk: desk.command("survey course", survey="after_service"),
    "fill a form": lambda desk: desk.command("assess store", **SHEET),
    "list filled forms": lambda desk: desk.call("GET", "assessments"),
    "join filled forms": lambda desk: desk.command("assess results", form="department", subject="x", period="2026-01"),
    **DESK_USES,
    **RATING_USES,
    **TEXT_USES,
    **REPORT_USES,
    **HOOK_USES,
    "publish a period": lambda desk: desk.command("period publish", **PUBLISHED, about="figures"),
    "publish scores": lambda desk: desk.command("period publish", **PUBLISHED, about="department"),
    "a period as it stands": lambda desk: desk.command("period show", period="2020-01", about="figures", revision=1),
    "list what is published": lambda desk: desk.call("GET", "periods"),
    "make the sums of ratings anew": lambda desk: desk.command("rollups rebuild"),
    **KEEPING_USES,
    "look for the digest": _looks_for_the_digest,
    "draw the charts of early warning": lambda desk: draw_charts(desk.container.services),
    "list them": lambda desk: desk.call("GET", "metrics/charts"),
    "warn of a ticket": lambda desk: warn_of_a_ticket(desk.container.services, desk.call),
    "tickets that are open": _reads(lambda reader: reader.open_tickets()),
    "ratings of a period": lambda desk: desk.container.services.reader.ratings(_at(desk), _at(desk)),
    "enter an answer": lambda desk: desk.command("response enter", **ANSWERED, number="1"),
    "enter another": lambda desk: desk.command("response enter", **ANSWERED, number="2"),
    "find that one counts": lambda desk: desk.container.services.duplicates.catch_up(),
    "propose to exclude a response": lambda desk: desk.command("exclusion propose", **EXCLUDED, reason="test"),
    "decide on it": lambda desk: desk.command("exclusion approve", **EXCLUDED),
    "list what is excluded": lambda desk: desk.command("exclusion list"),
    "list it by API": lambda desk: desk.call("GET", "responses/exclusions"),
    "explain a response": lambda desk: desk.call("GET", "responses/int_none/explain"),
    "explain on the command line": lambda desk: desk.command("survey explain", ticket="desk/1"),
    "what is due": lambda desk: desk.container.services.reader.due(_at(desk), 9),
    "the next that is due": _reads(lambda reader: reader.next_wake()),
    "what failed": _reads(lambda reader: reader.failed_deliveries(None, None, 9)),
    "how much failed": _reads(lambda reader: reader.count_failed_deliveries()),
    "a stored answer": _reads(lambda reader: reader.answer("none")),
    "surveys": _reads(lambda reader: reader.surveys()),
    "channels served": _reads(lambda reader: reader.channels_served(("telegram",))),
    "a tombstone": _reads(lambda reader: reader.tombstone("none")),
    "a request": _reads(lambda reader: reader.request("req_none")),
    "anonymous answers": _reads(lambda reader: reader.anonymous_responses("after_service")),
    "a transcript": _reads(lambda reader: reader.transcript(Address("sandbox", "phone"))),
    "a rating that settles": _reads(lambda reader: reader.settling(Address("sandbox", "phone"))),
    "overdue requests": lambda desk: desk.container.services.reader.overdue_requests(_at(desk)),
    "responses": _reads(lambda reader: reader.responses(ResponseFilter(), None, 9)),
    "issues": _reads(lambda reader: reader.issues(IssueFilter(), None, 9)),
    "the roster": _reads(lambda reader: reader.admins.roster()),
    "what is held of people": _reads(lambda reader: reader.held_data()),
    "figures": lambda desk: desk.container.services.reader.figure_facts(_at(desk), _at(desk), tuple(MetricSource)),
    "figures of some metrics": lambda desk: desk.container.services.reader.needed_facts(_at(desk), _at(desk), _NEEDS),
    "who closed tickets": lambda desk: desk.container.services.reader.agents(_at(desk), _at(desk)),
    "what a figure rests on": _reads(lambda reader: reader.figure_inputs(_NOW, MetricSource.RATINGS, {"team": "a"}, 9)),
    "what a visit rests on": _reads(lambda reader: reader.figure_inputs(_NOW, MetricSource.VISITS, {}, 9)),
    "enter a figure": lambda desk: desk.call("POST", "entries", ENTERED),
    "list what is entered": lambda desk: desk.call("GET", "entries"),
    "the team's digest": lambda desk: _digest(desk).look(read_recurrence_rule("weekly mon 09:00")),
    "how a survey was answered": lambda desk: desk.call("GET", "surveys/after_service/answers"),
    "how many issues are open": _reads(lambda reader: reader.admins.open_issues()),
    "an admin's issues": _reads(lambda reader: reader.admins.issues(9)),
    "issues by number": _reads(lambda reader: reader.admins.issues_numbered("#00000")),
    "what issues are about": _reads(lambda reader: reader.admins.subjects([replace(ISSUE, tickets=(NOBODYS_TICKET,))])),
    "an admin's audit": _reads(lambda reader: reader.admins.latest_audit_entries(9)),
    "what customers wrote of an agent": _reads(lambda reader: reader.admins.responses_about("a1", NOW)),
    "campaigns": _reads(lambda reader: reader.campaigns.all()),
    "a campaign": _reads(lambda reader: reader.campaigns.find(NOBODY)),
    "runs": _reads(lambda reader: reader.campaigns.runs(NOBODY)),
    "held": _reads(lambda reader: reader.campaigns.held(NOBODY, 9)),
    "unsent": _reads(lambda reader: reader.campaigns.unsent_interviews(NOBODY, 9)),
    "health": lambda desk: desk.container.services.reader.campaigns.health(NOBODY, _at(desk)),
    "targets": lambda desk: desk.container.services.reader.campaigns.waiting(NOBODY, _at(desk), _at(desk), 9),
    "the next target": lambda desk: desk.container.services.reader.campaigns.due_next(NOBODY, _at(desk), _at(desk)),
    "progress": _reads(lambda reader: reader.campaigns.progress(Run(NOBODY, NOW, RunState.RUNNING))),
    "an audience": lambda desk: desk.container.services.reader.campaigns.candidates(
        Audience(), _at(desk), ("sandbox",), unfinished=False, anonymous=()
    ),
    "a message": _reads(lambda reader: reader.message("out_none")),
    "readiness": lambda desk: desk.api.get("/readyz"),
    "wake": lambda desk: desk.container.services.receiver.wake(Ref(RefKind.ISSUE, "iss_none")),
}


@asynccontextmanager
async def desk_at(folder: Path, url: str) -> AsyncIterator[Desk]:
    async with wire_to(url) as wire:
        given = {"DATABASE__URL": wire.url(url), "API__KEYS": KEY, "ALERTS__RECURRING": "1"}
        settings = load_settings({f"HUIFANG_{name}": value for name, value in given.items()}, cwd=folder)
        async with open_container(settings) as container:
            web = web_of(container.services, KEY, container.failed, simulated=SandboxChannel(""))
            async with api_of(web, KEY) as api:
                yield Desk(wire, container, api, wire.url(url))


def _places(path: Path) -> Iterator[tuple[str, str]]:
    """Yield file and function of each use of the database."""

    def walk(node: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            is_named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.func.attr in USES:
                owner = ast.unparse(child.func.value)
                if owner.endswith(OWNERS) or (owner == "self" and child.func.attr.startswith("do")):
                    yield str(path.relative_to(ROOT)), names[-1]
            yield from walk(child, (*names, child.name) if is_named else names)  # type: ignore[attr-defined]

    yield from walk(ast.parse(path.read_text()), ())


def places() -> set[tuple[str, str]]:
    files = (path for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py"))
    return {place for path in files for place in _places(path)}


@contextmanager
def entered(functions: set[tuple[str, str]]) -> Iterator[None]:
    """Collect the functions of ours that are entered."""
    codes: dict[int, CodeType] = {}  # two functions with the same text in two files are equal

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            codes[id(frame.f_code)] = frame.f_code

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
    ours = (code for code in codes.values() if code.co_filename.startswith(str(ROOT)))
    functions.update((str(Path(code.co_filename).relative_to(ROOT)), code.co_name) for code in ours)


@pytest.mark.proof
async def test_every_place_is_one_that_is_made_to_fail(tmp_path: Path, migrated_postgres: str) -> None:
    functions: set[tuple[str, str]] = set()
    async with desk_at(tmp_path, migrated_postgres) as desk:
        with entered(functions):
            for name, use in USED.items():
                assert await _tried(desk, use) == "done", name
    missing = {place for place in places() - functions if not {place[0], ":".join(place)} & ELSEWHERE.keys()}
    assert sorted(missing) == [], "add a use of each to USED, or say in ELSEWHERE which test makes it fail"


# -- what fails ------------------------------------------------------------------------------------------------------


async def _tried(desk: Desk, use: Use) -> str:
    """Return how a use ended: `done`, `told` where somebody is told that it was not; anything else is a mistake."""
    try:
        outcome = await use(desk)
    except TROUBLE:
        return "told"
    if isinstance(outcome, httpx.Response):
        return "told" if outcome.status_code >= httpx.codes.INTERNAL_SERVER_ERROR else "done"
    return "told" if isinstance(outcome, str) and "mistake of huifang" in outcome else "done"


async def _fails_where_it_may(desk: Desk, use: Use, plan: FaultPlan) -> None:
    plan.begin_use()
    while True:
        desk.wire.fired.clear()
        desk.wire.fires = plan.next_run()
        begun = _at(desk)
        await _tried(desk, use)
        assert _at(desk) - begun < timedelta(seconds=5)
        desk.wire.mend()
        if not desk.wire.fired:
            return
        assert await _tried(desk, use) == "done", f"after {desk.wire.fired} it does not work again"


@pytest.mark.proof  # each statement of each use
@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_exchange_fails_it_is_told_and_works_again(
    tmp_path: Path, migrated_postgres: str, fault: Fault
) -> None:
    async with desk_at(tmp_path, migrated_postgres) as desk:
        plan = FaultPlan(fault, FAULTS, desk.wire.prepared)
        for use in USED.values():
            await _fails_where_it_may(desk, use, plan)


# -- who handles it --------------------------------------------------------------------------------------------------

HANDLED_ONE_FLOOR_UP = {
    "bot/channels/wechat/inbound/unstored.py",
    "bot/channels/wechat/inbound/webhook.py",
    "bot/control/execute.py",
    "bot/jobs/alarm_messages.py",
    "bot/jobs/data_requests.py",
    "bot/wiring/startup.py",
}
"""Where one kind is handled and the others pass on to whoever handles all."""


@pytest.mark.proof
def test_whoever_handles_one_trouble_of_the_database_handles_all() -> None:
    partial = []
    for path in (ROOT / "bot").rglob("*.py"):
        for node in (one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Try)):
            caught = " ".join(ast.unparse(handler.type) for handler in node.handlers if handler.type is not None)
            if ("Unavailable" in caught or "WriteConflict" in caught) and "NOT_SAVED" not in caught:
                partial.append(str(path.relative_to(ROOT)))
    assert set(partial) <= HANDLED_ONE_FLOOR_UP

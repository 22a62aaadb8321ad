"""Uses of the database by findings and their measures, and by what recurs, for the places that are made to fail."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.handlers.common.context import DecisionContext
from bot.jobs.improvement.finding_terms import FindingTermJob
from bot.jobs.improvement.measure_result import verified
from bot.jobs.team_warnings.recurrences import RecurrenceJob
from bot.process.alarms import Alarms
from dialogs.improvement.model import FindingState
from scoring.values import replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.dialogs.improvement.laws import MEASURE, START
from tests.support.web.clockwork import Clockwork

__all__ = ["FINDING_USES"]

_OPENED = {"text": "慢", "department": "北区", "by": "王芳"}
_DONE = {"by": "李工"}
_PLAN = {"by": "李工", "measure": "回电", "metric": "csat", "target": 80, "owner": "李工", "due": "2199-12-30"}
_WAIT = {"by": "李工", "until": "2199-12-30T00:00:00Z"}
_NOTE = {"by": "李工", "note": "换了做法"}


def _reads(desk: Any) -> Any:  # noqa: ANN401 (the desk of the uses)
    return desk.container.services.reader.findings


def _now(desk: Any) -> Any:  # noqa: ANN401 (the desk of the uses)
    return desk.container.services.clock.now()


async def _looks(desk: Any) -> None:  # noqa: ANN401 (the desk of the uses)
    """Look at a measure that is planned and one that is done, long after their terms; each time at the same two."""
    services, clock = desk.container.services, Clockwork()
    planned = replace(START, state=FindingState.PLANNED, measure=MEASURE, look_at=services.clock.now())
    both = (planned, replace(planned, id=f"{planned.id}d", state=FindingState.DONE))

    def begin_anew(context: DecisionContext) -> Decision[None]:
        known = {one.id: context.snapshot.finding(one.id) for one in both}
        versions = {id_: found.version if found is not None else 0 for id_, found in known.items()}
        return Decision(Changes(tuple(replace(one, version=versions[one.id]) for one in both)), None)

    await services.receiver.do(Needs(findings=frozenset(one.id for one in both)), begin_anew)
    clock.passes(timedelta(days=999))
    await FindingTermJob(services.receiver, services.reader, clock, Alarms(clock)).look()


FINDING_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "what recurs": lambda desk: RecurrenceJob(
        desk.container.services.receiver, desk.container.services.reader, Clockwork(), Alarms(Clockwork())
    ).look(),
    "open a finding": lambda desk: desk.command("finding open", **_OPENED),
    "open one by API": lambda desk: desk.call("POST", "findings", _OPENED),
    "list findings": lambda desk: desk.command("finding list"),
    "findings by API": lambda desk: desk.call("GET", "findings"),
    "show a finding": lambda desk: desk.command("finding show", finding="fin_none"),
    "show one by API": lambda desk: desk.call("GET", "findings/fin_none"),
    "plan a measure": lambda desk: desk.command("finding plan", finding="fin_none", **_PLAN),
    "plan one by API": lambda desk: desk.call("POST", "findings/fin_none/measure", _PLAN),
    "a measure is done": lambda desk: desk.command("finding done", finding="fin_none", **_DONE),
    "done by API": lambda desk: desk.call("POST", "findings/fin_none/done", _DONE),
    "wait for more answers": lambda desk: desk.call("POST", "findings/fin_none/wait", _WAIT),
    "tell whoever raised it": lambda desk: desk.call("POST", "findings/fin_none/tell", _DONE),
    "tell them by command": lambda desk: desk.command("finding tell", finding="fin_none", **_DONE),
    "what was told and cancelled": lambda desk: _reads(desk).cancelled_notice("fin_none"),
    "dismiss it": lambda desk: desk.call("POST", "findings/fin_none/dismiss", _NOTE),
    "verify it": lambda desk: desk.call("POST", "findings/fin_none/verify", _DONE),
    "compare its answers": lambda desk: verified(
        desk.container.services.reader, replace(START, measure=MEASURE), _now(desk) + timedelta(days=90)
    ),
    "who gave a response": lambda desk: _reads(desk).customers_of({"int_none"}),
    "what customers are called": lambda desk: _reads(desk).names_of(["c-none"]),
    "terms of measures": _looks,
    "what is due of findings": lambda desk: _reads(desk).due(_now(desk)),
}
"""What each of them is called, and does with a process."""

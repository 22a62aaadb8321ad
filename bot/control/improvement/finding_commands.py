"""Commands on findings: list, show, open, plan a measure, report it done, wait, tell the customers, dismiss."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.control.arguments import body_argument, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.common.context import DecisionContext
from bot.handlers.improvement import commands
from bot.handlers.improvement.commands import FindingAnswer, FindingOutcome
from bot.handlers.improvement.notices import notice_needs, tell_customers
from bot.handlers.improvement.sheet_findings import open_sheet_finding, sheet_finding_needs
from bot.http.api.improvement.finding_json import (
    DismissBody,
    DoneBody,
    MeasureBody,
    NewFindingBody,
    SheetFindingBody,
    TellBody,
    WaitBody,
    finding_out,
)
from bot.jobs.improvement.measure_result import verified
from bot.jobs.improvement.measured_metric import prepared_measure
from bot.wiring.services import Services
from dialogs.improvement.model import FindingState
from storage.reads.improvement.finding_list import FindingFilter
from storage.unit_of_work.writer import Decision

__all__ = ["FINDING_COMMANDS"]

Json = dict[str, Any]
_MOST = 200
_Decide = Callable[[DecisionContext], Decision[FindingAnswer]]


async def _list(services: Services, arguments: Mapping[str, Any]) -> Json:
    """List a page of findings. Raises CommandProblem."""
    name, cursor = text_argument(arguments, "status"), text_argument(arguments, "cursor") or None
    if name and name not in set(FindingState):
        raise CommandProblem(f"there is no status {name}, only {', '.join(FindingState)}")
    states = (FindingState(name),) if name else ()
    wanted = FindingFilter(states, department=text_argument(arguments, "department"))
    page = await services.reader.findings.page(wanted, cursor, _MOST)
    items = [finding_out(one.finding, one.voices).model_dump(mode="json") for one in page.items]
    return {"items": items, "next": page.next}


async def _show(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return a finding. Raises CommandProblem."""
    finding = text_argument(arguments, "finding")
    found = await services.reader.findings.find(finding)
    if found is None:
        raise CommandProblem(f"there is no finding {finding}; `huifang finding list` shows them")
    return finding_out(found.finding, found.voices).model_dump(mode="json")


async def _open(services: Services, arguments: Mapping[str, Any]) -> Json:
    new = body_argument(NewFindingBody, arguments).wanted(services.secrets.token())
    answer = await services.receiver.do(
        commands.opening_needs(new), lambda context: commands.open_finding(context, new)
    )
    return _told(answer)


async def _from_sheet(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Open the finding that words on a sheet become, as the API does. Raises CommandProblem."""
    given = {name: value for name, value in arguments.items() if name != "sheet"}
    wanted = body_argument(SheetFindingBody, given).wanted(text_argument(arguments, "sheet"))
    needs = sheet_finding_needs(wanted, await services.reader.assessments.find(wanted.assessment))
    return _told(await services.receiver.do(needs, lambda context: open_sheet_finding(context, wanted)))


async def _plan(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Plan a measure, as the API takes it. Raises CommandProblem, and FigureRequestError for what is no figure."""
    finding, body = _of(MeasureBody, arguments)
    policy, now = services.receiver.policy, services.clock.now()
    measure = await prepared_measure(services.reader, policy, body.wanted(), now)
    return await _step(services, finding, lambda context: commands.plan_measure(context, finding, measure))


async def _done(services: Services, arguments: Mapping[str, Any]) -> Json:
    finding, body = _of(DoneBody, arguments)
    return await _step(services, finding, lambda context: commands.measure_done(context, finding, body.by))


async def _verify(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Verify a measure whose window is over. Raises CommandProblem."""
    finding, body = _of(DoneBody, arguments)
    found = await services.reader.findings.find(finding)
    seen = None if found is None else await verified(services.reader, found.finding, services.clock.now())
    if seen is None:
        raise CommandProblem(f"there is no finding {finding} with a measure that could be verified")
    result = seen.result
    return await _step(services, finding, lambda context: commands.conclude_measure(context, finding, body.by, result))


async def _wait(services: Services, arguments: Mapping[str, Any]) -> Json:
    finding, body = _of(WaitBody, arguments)
    return await _step(services, finding, lambda context: commands.wait_for_more(context, finding, body.by, body.until))


async def _tell(services: Services, arguments: Mapping[str, Any]) -> Json:
    finding, body = _of(TellBody, arguments)
    earlier = await services.reader.findings.cancelled_notice(finding)
    return _told(
        await services.receiver.do(
            notice_needs(finding, earlier),
            lambda context: tell_customers(context, finding, body.by, body.given, earlier=earlier),
        )
    )


async def _dismiss(services: Services, arguments: Mapping[str, Any]) -> Json:
    finding, body = _of(DismissBody, arguments)
    return await _step(
        services, finding, lambda context: commands.dismiss_finding(context, finding, body.by, body.note)
    )


def _of(kind: Any, arguments: Mapping[str, Any]) -> tuple[str, Any]:  # noqa: ANN401 (a model of the API)
    given = {name: value for name, value in arguments.items() if name != "finding"}
    return text_argument(arguments, "finding"), body_argument(kind, given)


async def _step(services: Services, finding: str, decide: _Decide) -> Json:
    return _told(await services.receiver.do(commands.finding_needs(finding), decide))


def _told(answer: FindingAnswer) -> Json:
    done = result_of(FindingOutcome, answer)
    return finding_out(done.finding, done.voices).model_dump(mode="json")


FINDING_COMMANDS: Mapping[str, CommandHandler] = {
    "finding list": _list,
    "finding show": _show,
    "finding open": _open,
    "finding from-sheet": _from_sheet,
    "finding plan": _plan,
    "finding done": _done,
    "finding verify": _verify,
    "finding wait": _wait,
    "finding tell": _tell,
    "finding dismiss": _dismiss,
}

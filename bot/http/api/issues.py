"""Issues by API: the commands of the team's chat, with the same first-come rule."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, IssueOutcome, NotFound
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueRefusal, IssueResult, NewIssue, Resolution
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.workers import assign_issue, known_as, refused_worker
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id, Moment, TicketRef, read_ticket
from bot.http.api.schemas.issue import (
    AssignBody,
    ByBody,
    IssueOut,
    IssuePage,
    JudgeBody,
    MergeBody,
    NewIssueBody,
    ReopenBody,
    ResolveBody,
    TalkBody,
    issue_out,
)
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from dialogs.issue.model import IssueState
from scoring.complaints import Judgement
from scoring.values import replace
from storage.model.records import IssueEvent
from storage.reads.listings import IssueFilter
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["router"]

router = api_router("issues")

IssueId = Annotated[Id, Path(description="The issue's id.")]
Command = Callable[[DecisionContext], Decision[IssueResult]]
_ERRORS = problems(401, 404, 409, 413, 422, 503)


@router.get("", response_model=IssuePage, responses=problems(401, 422, 503))
async def list_issues(
    web: TheWeb,
    *,
    status: IssueState | None = None,
    ticket: TicketRef | None = None,
    since: Moment | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List issues, oldest first, each with its timeline."""
    wanted = IssueFilter(status, read_ticket(ticket) if ticket else None, since)
    page = await paged(web.reader.issues(wanted, cursor, limit))
    items = tuple(issue_out(found.issue, found.timeline) for found in page.items)
    return ok_answer(IssuePage(items=items, next=page.next)).response()


@router.post("", status_code=HTTPStatus.CREATED, response_model=IssueOut, responses=problems(401, 404, 413, 422, 503))
async def open_issue(body: NewIssueBody, request: Request, web: TheWeb) -> Response:
    """Open an issue by hand."""
    ticket = read_ticket(body.ticket) if body.ticket else None
    new = NewIssue(web.secrets.token(), body.title, body.text, ticket, body.customer, body.severity, body.by)
    tickets = frozenset({ticket} if ticket else ())
    customers = frozenset({body.customer} if body.customer else ())
    needs = Needs(tickets=tickets, customers=customers)
    return await _done(web, request, needs, lambda context: commands.create_issue(context, new), ())


@router.post("/{issue}/claim", response_model=IssueOut, responses=_ERRORS)
async def claim_issue(issue: IssueId, body: ByBody, request: Request, web: TheWeb) -> Response:
    """Claim an issue; 409 with the holder's name if somebody has it."""
    command = _by(body.by, lambda context, actor: commands.claim_issue(context, issue, actor))
    return await _do(web, request, issue, command)


@router.post("/{issue}/release", response_model=IssueOut, responses=_ERRORS)
async def release_issue(issue: IssueId, body: ByBody, request: Request, web: TheWeb) -> Response:
    """Release an issue; only its holder can."""
    command = _by(body.by, lambda context, actor: commands.release_issue(context, issue, actor))
    return await _do(web, request, issue, command)


@router.post("/{issue}/assign", response_model=IssueOut, responses=_ERRORS)
async def give_issue(issue: IssueId, body: AssignBody, request: Request, web: TheWeb) -> Response:
    """Pass an issue on to somebody, or take it over; 409 with the reason, and from when it will be allowed."""
    to = body.to

    def command(context: DecisionContext, actor: Actor) -> Decision[IssueResult]:
        refused = refused_worker(context, to, "to")
        return Decision(Changes(), refused) if refused is not None else assign_issue(context, issue, actor, to)

    return await _do(web, request, issue, _by(body.by, command))


@router.post("/{issue}/resolve", response_model=IssueOut, responses=_ERRORS)
async def resolve_issue(issue: IssueId, body: ResolveBody, request: Request, web: TheWeb) -> Response:
    """Resolve an issue; the customer reads the note, unless `notify` is false."""
    resolution = Resolution(body.note, body.root_cause, body.notify)
    command = _by(body.by, lambda context, actor: commands.resolve_issue(context, issue, actor, resolution))
    return await _do(web, request, issue, command)


@router.post("/{issue}/progress", response_model=IssueOut, responses=_ERRORS)
async def report_progress(issue: IssueId, body: TalkBody, request: Request, web: TheWeb) -> Response:
    """Report progress to the customer; an unclaimed issue is claimed first, 409 where nobody can be reached."""
    command = _by(body.by, lambda context, actor: commands.report_progress(context, issue, actor, body.text))
    return await _do(web, request, issue, command)


@router.post("/{issue}/ask", response_model=IssueOut, responses=_ERRORS)
async def ask_customer(issue: IssueId, body: TalkBody, request: Request, web: TheWeb) -> Response:
    """Ask the customer one question, whose answer comes into the timeline; 409 while another one is open."""
    command = _by(body.by, lambda context, actor: commands.ask_customer(context, issue, actor, body.text))
    return await _do(web, request, issue, command)


@router.post("/{issue}/judge", response_model=IssueOut, responses=_ERRORS)
async def judge_issue(issue: IssueId, body: JudgeBody, request: Request, web: TheWeb) -> Response:
    """Note whether a complaint is valid, what it is about, and how it was put right."""
    found = Judgement(body.verdict, body.why, body.category, body.remedy)
    found = replace(found, cause=body.cause, verification=body.verification)
    command = _by(body.by, lambda context, actor: commands.judge_issue(context, issue, actor.by, found))
    return await _do(web, request, issue, command)


@router.post("/{issue}/reopen", response_model=IssueOut, responses=_ERRORS)
async def reopen_issue(issue: IssueId, body: ReopenBody, request: Request, web: TheWeb) -> Response:
    """Open a resolved or closed issue again."""
    command = _by(body.by, lambda context, actor: commands.reopen_issue(context, issue, actor, body.reason))
    return await _do(web, request, issue, command)


@router.post("/{issue}/merge", response_model=IssueOut, responses=_ERRORS)
async def merge_issue(issue: IssueId, body: MergeBody, request: Request, web: TheWeb) -> Response:
    """Merge an issue into another, and return that one."""
    into = body.into
    command = _by(body.by, lambda context, actor: commands.merge_issue(context, issue, into, actor.by or None))
    return await _do(web, request, issue, command, into)


@router.get("/{issue}", response_model=IssueOut, responses=problems(401, 404, 422, 503))
async def get_issue(issue: IssueId, web: TheWeb) -> Response:
    """Return an issue."""
    found = await web.reader.issue(issue)
    if found is None:
        return refusal_answer(NotFound(f"issue {issue}")).response()
    return ok_answer(issue_out(found.issue, found.timeline)).response()


def _by(by: str | None, command: Callable[[DecisionContext, Actor], Decision[IssueResult]]) -> Command:
    """Return the command by whoever is called so, refused where the roster knows them and does not let them work."""

    def allowed(context: DecisionContext) -> Decision[IssueResult]:
        refused = refused_worker(context, by)
        return (
            Decision(Changes(), refused)
            if refused is not None
            else command(context, Actor(known_as(context, by or "")))
        )

    return allowed


async def _do(web: Web, request: Request, issue: str, command: Command, other: str | None = None) -> Response:
    """Execute a command and return the issue; where two take part, `other`."""
    about = Needs(issues=frozenset({issue, other or issue}), roster=True)
    needs = about | call_needs(web.receiver.policy, web.clock.now())
    found = await web.reader.issue(other or issue)
    return await _done(web, request, needs, command, found.timeline if found else ())


async def _done(web: Web, request: Request, needs: Needs, command: Command, before: tuple[IssueEvent, ...]) -> Response:
    def tell(answer: IssueResult) -> ApiAnswer:
        if isinstance(answer, IssueRefusal):
            return refusal_answer(Conflict(answer.detail))
        if not isinstance(answer, IssueOutcome):
            return refusal_answer(answer)
        lines = {line.number: line for line in (*before, *answer.added)}
        status = HTTPStatus.CREATED if answer.created else HTTPStatus.OK
        return ok_answer(issue_out(answer.issue, (lines[number] for number in sorted(lines))), status)

    return (await decide_once(web, request, needs, command, tell)).response()

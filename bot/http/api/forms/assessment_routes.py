"""Filled sheets by API: store one, list them, and read what they come to."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.assessments import AssessmentOutcome, needs, store_assessment
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.assessment import (
    AssessmentOut,
    AssessmentPage,
    FormResultOut,
    NewAssessmentBody,
    assessment_out,
    form_result_out,
)
from bot.http.api.schemas.field_types import Id, RatedId
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, Refusal, decide_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.jobs.assessment_results import SubjectWanted, read_comments, read_result
from dialogs.forms.model import Form
from dialogs.time.named_days import PERIOD_EXAMPLES
from dialogs.time.periods import Period, named_period
from storage.reads.rated_subjects import AssessmentFilter

__all__ = ["known_form", "read_form_period", "router"]

router = api_router("assessments")

_STORING = problems(401, 404, 409, 413, 422, 503)
PeriodName = Annotated[str, Query(max_length=20, description=f"As in {PERIOD_EXAMPLES}.")]
Rules = Annotated[
    Literal["in_force", "latest"],
    Query(description="`latest`: by the form that holds last, in place of the one in force as the period began"),
]
View = Annotated[
    Literal["full", "rated"],
    Query(description="`rated`: with what raters wrote who are named, as the rated person may see it"),
]


@router.post("", status_code=HTTPStatus.CREATED, response_model=AssessmentOut, responses=_STORING)
async def create_assessment(body: NewAssessmentBody, request: Request, web: TheWeb) -> Response:
    """Store a filled sheet, and return it with its result: 201 when it is new, 200 for the same one again.

    Another sheet of the same rater about the same needs a `reason`; what stood before goes to the audit log, but
    for peers and subordinates. Raises Problem.
    """
    form, locale = known_form(web, body.form), web.receiver.policy.phrases.default
    new = body.wanted(form, read_form_period(web, body.period))

    def tell(answer: AssessmentOutcome | Refusal) -> ApiAnswer:
        if not isinstance(answer, AssessmentOutcome):
            return refusal_answer(answer)
        status = HTTPStatus.CREATED if answer.created else HTTPStatus.OK
        return ok_answer(assessment_out(answer.assessment, locale), status)

    answer = await decide_once(
        web, request, needs(new, web.receiver.policy), lambda context: store_assessment(context, new), tell
    )
    return answer.response()


@router.get("", response_model=AssessmentPage, responses=problems(401, 422, 503))
async def list_assessments(
    web: TheWeb,
    *,
    form: Id | None = None,
    subject: RatedId | None = None,
    period: PeriodName = "",
    customer: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List filled sheets, those stored first before those stored later; of peers and subordinates no figures."""
    locale = web.receiver.policy.phrases.default
    name = read_form_period(web, period).name if period else ""
    wanted = AssessmentFilter(form or "", subject or "", name, customer or "")
    page = await paged(web.reader.assessments.page(wanted, cursor, limit))
    items = tuple(assessment_out(one, locale) for one in page.items)
    return ok_answer(AssessmentPage(items=items, next=page.next)).response()


@router.get("/results", response_model=FormResultOut, responses=problems(401, 404, 422, 503))
async def read_assessment_result(
    web: TheWeb, *, form: Id, subject: RatedId, period: PeriodName, view: View = "full", rules: Rules = "in_force"
) -> Response:
    """Return what the sheets about a subject come to: the mean of each role, joined by the form's mixes.

    A period without sheets of its own, such as a year, is the mean of those within it. Raises Problem.
    """
    policy, when = web.receiver.policy, read_form_period(web, period)
    asked = SubjectWanted(subject, when, web.clock.now(), policy.timezone, policy.lists.probation)
    wanted = asked.by(known_form(web, form), latest=rules == "latest")
    result = await read_result(web.reader, wanted)
    comments = await read_comments(web.reader, wanted) if view == "rated" else ()
    return ok_answer(form_result_out(wanted, result, policy.phrases.default, comments)).response()


def known_form(web: Web, form: str) -> Form:
    """Return a form by its id. Raises Problem for one that there is not."""
    if form not in web.forms:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no form {form!r}; there are {', '.join(sorted(web.forms))}.")
    return web.forms[form]


def read_form_period(web: Web, name: str) -> Period:
    """Return a period by its name, on the clocks of `timezone`. Raises Problem for any other name."""
    try:
        return named_period(name, web.receiver.policy.timezone)
    except ValueError as wrong:
        errors = [FieldProblem("period", str(wrong))]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request holds wrong fields.", errors) from None

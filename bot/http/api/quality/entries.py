"""What people enter, by API: figures that no ticket tells, benchmarks with their source, words on a figure."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.figure_entries import EntryOutcome, NewEntry, figure_entry_needs, store_entry
from bot.http.api.forms.assessment_routes import read_form_period
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Id, Line, LongText, RaterName
from bot.http.api.schemas.ticket_request import RequestBody
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ApiAnswer, Refusal, decide_once, ok_answer, refusal_answer
from dialogs.time.periods import Period
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.reads.entry_list import EntryFilter

__all__ = ["entry_out", "router"]

router = api_router("entries")

_MOST = 10**12
Amount = Annotated[int, Field(ge=0, le=_MOST)]
Reached = Annotated[float, Field(ge=-_MOST, le=_MOST, allow_inf_nan=False)]
Kind = Annotated[EnteredKind | None, Query(description="One kind only.")]
MetricId = Annotated[str, Query(max_length=100)]
PeriodName = Annotated[str, Query(max_length=20)]


class EntryBody(RequestBody):
    """An entry: a figure with numerator and, unless it is a count, denominator; a benchmark with value; a remark."""

    kind: EnteredKind
    metric: Id
    period: Annotated[str, Field(max_length=20)] = Field(examples=["2026-11", "2026-W48"])
    cut: dict[Id, Line] = Field({}, description="the keys of the figure that it is about; empty for all")
    by: RaterName = Field(description="who enters it")
    numerator: Amount | None = None
    denominator: Amount | None = None
    value: Reached | None = Field(None, description="of a benchmark: what others reach, in the metric's unit")
    origin: Line = Field("", description="where it comes from")
    dated: date | None = Field(None, description="of which day that source is")
    conclusion: LongText = ""
    measures: LongText = ""
    reason: Line = Field("", description="why what was entered before is corrected")

    def wanted(self, period: Period) -> NewEntry:
        """Return what is to be stored."""
        amount = self.numerator if self.value is None else self.value
        return NewEntry(
            kind=self.kind,
            metric=self.metric,
            period=period,
            cut=tuple(self.cut.items()),
            by=self.by,
            numerator="" if amount is None else str(amount),
            denominator="" if self.denominator is None else str(self.denominator),
            origin=self.origin,
            dated="" if self.dated is None else self.dated.isoformat(),
            conclusion=self.conclusion,
            measures=self.measures,
            reason=self.reason,
        )


class EntryOut(BaseModel):
    """An entry as it is stored."""

    id: str
    kind: EnteredKind
    metric: str
    period: str
    cut: dict[str, str]
    numerator: float | None
    denominator: float | None
    value: float | None
    origin: str
    dated: str | None
    conclusion: str
    measures: str
    by: str
    at: datetime


class EntryPage(BaseModel):
    """A page of entries."""

    items: tuple[EntryOut, ...]
    next: str | None


@router.post("", status_code=HTTPStatus.CREATED, response_model=EntryOut, responses=problems(401, 409, 413, 422, 503))
async def enter(body: EntryBody, request: Request, web: TheWeb) -> Response:
    """Store an entry: 201 when it is new, 200 for the same one again; another one in its place needs a `reason`.

    What stood before goes to the audit log. Raises Problem.
    """
    new = body.wanted(read_form_period(web, body.period))

    def tell(answer: EntryOutcome | Refusal) -> ApiAnswer:
        if not isinstance(answer, EntryOutcome):
            return refusal_answer(answer)
        return ok_answer(entry_out(answer.entry), HTTPStatus.CREATED if answer.created else HTTPStatus.OK)

    answer = await decide_once(web, request, figure_entry_needs(new), lambda context: store_entry(context, new), tell)
    return answer.response()


@router.get("", response_model=EntryPage, responses=problems(401, 422, 503))
async def list_entries(
    web: TheWeb,
    *,
    kind: Kind = None,
    metric: MetricId = "",
    period: PeriodName = "",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List what was entered, those stored first before those stored later."""
    name = read_form_period(web, period).name if period else ""
    page = await paged(web.reader.entries.page(EntryFilter(kind or "", metric, name), cursor, limit))
    return ok_answer(EntryPage(items=tuple(map(entry_out, page.items)), next=page.next)).response()


def entry_out(one: EnteredFigure) -> EntryOut:
    """Return an entry as the API shows it."""
    is_benchmark = one.kind is EnteredKind.BENCHMARK
    amount = float(one.numerator) if one.numerator else None
    return EntryOut(
        id=one.id,
        kind=one.kind,
        metric=one.metric,
        period=one.period,
        cut=dict(one.cut),
        numerator=None if is_benchmark else amount,
        denominator=float(one.denominator) if one.denominator else None,
        value=amount if is_benchmark else None,
        origin=one.origin,
        dated=one.dated or None,
        conclusion=one.conclusion,
        measures=one.measures,
        by=one.by,
        at=one.at,
    )

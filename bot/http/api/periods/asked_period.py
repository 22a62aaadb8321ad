"""The period that a request names: how it is written, and the refusal of what is none."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Query

from bot.http.context import Web
from bot.http.field_errors import FieldProblem
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError, read_period
from dialogs.time.named_days import PERIOD_EXAMPLES
from dialogs.time.periods import Period

__all__ = ["AskedPeriod", "asked_period"]

AskedPeriod = Annotated[
    str, Query(max_length=30, description=f"The period, as in {PERIOD_EXAMPLES}; left out, this month.")
]


def asked_period(web: Web, name: str, now: datetime) -> Period:
    """Return the period of this name, the current month for an empty one. Raises Problem."""
    try:
        return read_period(None, None, name, now, web.receiver.policy.calendar)
    except FigureRequestError as wrong:
        listed = [FieldProblem(wrong.field, wrong.problem)]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such period.", listed) from None

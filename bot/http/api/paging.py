"""Lists in pages, by cursor."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Query

from bot.http.field_errors import FieldProblem
from bot.http.problems import Problem
from storage.reads.listings import Page

__all__ = ["Cursor", "Limit", "paged"]

T = TypeVar("T")

Cursor = Annotated[
    str, Query(min_length=1, max_length=400, pattern=r"^[A-Za-z0-9_-]+$", description="`next` of the page before.")
]
Limit = Annotated[int, Query(ge=1, le=200, description="Items of a page.")]


async def paged(page: Awaitable[Page[T]]) -> Page[T]:
    """Return a page; raises Problem for a cursor that is not one of ours."""
    try:
        return await page
    except (ValueError, OverflowError):
        wrong = FieldProblem("cursor", "is none that a list of ours gave")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no such page.", [wrong]) from None

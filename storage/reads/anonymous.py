"""Anonymous answers out: all of a survey's, in an order that tells nothing."""

import json

from sqlalchemy import Text, bindparam

from scoring.anonymity import AnonymousResponse
from storage.connection.store import Store
from storage.model.registers import AnonymousAnswers
from storage.schema import tables as t
from storage.unit_of_work.selects import all_of

__all__ = ["anonymous_responses"]

_OF = all_of(AnonymousAnswers, t.anonymous_answers.c.survey == bindparam("survey", type_=Text()))


async def anonymous_responses(store: Store, survey: str) -> list[AnonymousResponse]:
    """Return what was answered to a survey."""
    async with store.reading() as session:
        found = await session.records(AnonymousAnswers, _OF, survey=survey)
    return [_read(one) for one in found]


def _read(row: AnonymousAnswers) -> AnonymousResponse:
    answers = json.loads(row.answers)
    return AnonymousResponse(
        row.survey_number,
        row.day,
        {one["question"]: one["value"] for one in answers},
        tuple((one["question"], one["text"]) for one in answers if "text" in one),
        row.comment,
    )

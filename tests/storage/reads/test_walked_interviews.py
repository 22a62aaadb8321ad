"""The interviews of a survey that were asked last, read a portion at a time, and which surveys were asked at all."""

from datetime import datetime, timedelta

import pytest

from dialogs.interview.model import InterviewState
from dialogs.invitation.model import Invitation
from scoring.values import replace
from storage.connection.store import Store
from storage.reads import listings
from storage.reads.listings import latest_interviews, walked_surveys
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save, soon
from tests.support.database.answered import closed_visit

SURVEY = ("after_service", 2)


async def asked(
    writer: Writer, number: str, at: datetime, *, entered: bool = False, survey: str = "after_service"
) -> None:
    records = closed_visit(number, at, {"attitude": 4, "problem_solving": 2}, survey=survey)
    told = [replace(one, entered_by="ann") if entered and isinstance(one, Invitation) else one for one in records]
    await save(writer, *told)


async def names(store: Store, limit: int, *, until: float = 24) -> list[str]:
    return [one.id for one in await latest_interviews(store, SURVEY, NOW, soon(hours=until), limit)]


@pytest.mark.parametrize("portion", [1, 2, 3, 100])
async def test_the_latest_come_first_however_many_are_read_at_once(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(listings, "_PORTION", portion)
    for number, hours in (("a", 1), ("b", 5), ("c", 5), ("d", 5), ("e", 9), ("late", 24), ("early", -1)):
        await asked(writer, number, soon(hours=hours))
    await asked(writer, "other", soon(hours=2), survey="quality_5")
    await asked(writer, "entered", soon(hours=3), entered=True)
    expected = [f"int_{name}" for name in ("e", "d", "c", "b", "a")]
    for limit in range(7):
        assert await names(store, limit) == expected[:limit]
    assert await names(store, 9, until=9) == expected[1:], "the end is excluded"


async def test_it_tells_how_somebody_went_through(store: Store, writer: Writer) -> None:
    await asked(writer, "a", soon(hours=1))
    (one,) = await latest_interviews(store, SURVEY, NOW, soon(hours=2), 9)
    assert {answer.question: answer.value for answer in one.answers} == {"attitude": 4, "problem_solving": 2}
    assert (one.asked_at, one.state, one.skipped) == (soon(hours=1), InterviewState.COMPLETED, ())


async def test_only_surveys_count_that_were_asked_within_the_time(store: Store, writer: Writer) -> None:
    await asked(writer, "a", soon(hours=1))
    await asked(writer, "b", soon(hours=30), survey="quality_5")
    await asked(writer, "c", soon(hours=2), survey="customer_5", entered=True)
    assert await walked_surveys(store, NOW, NOW + timedelta(days=1)) == {SURVEY}
    assert await walked_surveys(store, NOW, NOW + timedelta(days=2)) == {SURVEY, ("quality_5", 2)}
    assert await walked_surveys(store, NOW, NOW) == set()

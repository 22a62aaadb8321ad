"""What the encoder finds alarming reaches the team without any alert word: once, and only where it is new and real."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogs.invitation.model import Invitation, imported_occasion
from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import Purpose
from storage.unit_of_work.changes import Record
from tests.support.database.worded import comment_reader, sentence_reader, worded_visit, wrote
from tests.support.web.service import Service, open_service
from tests.text.small_encoder import plain_file

FIVES = {"response_speed": 5, "attitude": 5}
LOW = {"response_speed": 1, "attitude": 5}
TEAM = Address("sandbox", "team")
KNOCKED = "半夜有人敲我家门，说是你们派来的"
"""Of no alert word."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a PostgreSQL database, nothing for a file."""
    if request.param == "sqlite":
        return ""
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Service]:
    """The product with an encoder that is alarmed by everything."""
    async with open_service(tmp_path, database) as opened:
        receiver = opened.house.web.receiver
        receiver.adopt(replace(receiver.policy, team=(TEAM,)))
        put(opened, alert=2.0)
        yield opened


def put(service: Service, **said: float) -> None:
    (service.folder / "text").mkdir(exist_ok=True)
    (service.folder / "text" / "encoder.bin").write_bytes(plain_file(**said))


async def read(service: Service) -> None:
    """Have everything read, first its words, and once more what changed by that."""
    for _ in range(2):
        await comment_reader(service).look()
        await sentence_reader(service).look()


async def issues(service: Service) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await service.api.get("/api/v1/issues")).json()["items"]
    return found


def _of(record: Record, of: str) -> Record:
    """Return a record as one of an import or of the sample company."""
    if of == "an import" and isinstance(record, Invitation):
        return replace(record, occasion=imported_occasion("int_0"))
    if of == "the sample company" and isinstance(record, Invitation):
        return replace(record, source="sample")
    return record


async def test_what_nobody_has_a_word_for_opens_one_issue_with_a_card(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, FIVES, KNOCKED))
    await read(desk)
    await read(desk)
    (issue,) = await issues(desk)
    assert (issue["kind"], issue["severity"], issue["reasons"]) == ("complaint", "high", ["reading"])
    assert issue["responses"] == ["int_0"]
    (card,) = await desk.messages(Purpose.ALERT)
    assert "客户的话需要今天就有人看" in card.prompt.text
    assert KNOCKED in card.prompt.text


async def test_by_another_encoder_nothing_is_raised_again(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, FIVES, KNOCKED))
    await read(desk)
    put(desk, alert=3.0)
    await read(desk)
    assert len(await issues(desk)) == 1


async def test_it_joins_the_issue_that_a_low_rating_has_opened(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, LOW, KNOCKED))
    opened = await desk.api.post("/api/v1/issues", json={"ticket": "desk/0", "title": "催办", "severity": "low"})
    await desk.passes(timedelta(minutes=1))
    claimed = await desk.api.post(f"/api/v1/issues/{opened.json()['id']}/claim", json={"by": "李工"})
    assert claimed.is_success, claimed.text
    await read(desk)
    (issue,) = await issues(desk)
    assert ("reading" in issue["reasons"], issue["severity"], issue["responses"]) == (True, "high", ["int_0"])
    told = [one.prompt.text for one in await desk.messages(Purpose.ALERT)]
    assert [f"客户写了要今天就看的话：“{KNOCKED}”，请李工看一下。" in text for text in told].count(True) == 1


async def test_two_processes_that_read_the_same_open_one_issue(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, FIVES, KNOCKED))
    await comment_reader(desk).look()
    await asyncio.gather(sentence_reader(desk).look(), sentence_reader(desk).look())
    assert len(await issues(desk)) == 1


@pytest.mark.parametrize("of", ["a day ago", "an import", "the sample company", "tomorrow"])
async def test_what_is_old_or_not_real_alarms_nobody(desk: Service, of: str) -> None:
    past = {"a day ago": timedelta(days=1), "tomorrow": -timedelta(hours=1)}.get(of, timedelta())
    visit = worded_visit("0", desk.now - past, FIVES, KNOCKED)
    await wrote(desk, [_of(record, of) for record in visit])
    await read(desk)
    assert await issues(desk) == []


async def test_the_setting_turns_it_off(desk: Service) -> None:
    receiver = desk.house.web.receiver
    receiver.adopt(replace(receiver.policy, alerts_by_reading=False))
    await wrote(desk, worded_visit("0", desk.now, FIVES, KNOCKED))
    await read(desk)
    assert await issues(desk) == []


async def test_what_does_not_alarm_opens_nothing(desk: Service) -> None:
    put(desk, alert=-2.0)
    await wrote(desk, worded_visit("0", desk.now, FIVES, KNOCKED))
    await read(desk)
    assert await issues(desk) == []


async def test_a_plain_comment_is_read_for_alarms_too_and_keeps_its_verdict(desk: Service) -> None:
    put(desk, alert=2.0, good=-30.0, bad=30.0)
    await wrote(desk, worded_visit("0", desk.now, FIVES, "师傅态度很好"))
    await read(desk)
    assert len(await issues(desk)) == 1
    answer = await desk.api.get("/api/v1/responses")
    assert [one["comment_polarity"] for one in answer.json()["items"]] == ["positive"]

"""What the encoder finds alarming reaches the team without any alert word: once, and only where it is new and real."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from bot.handlers.common.context import DecisionContext
from bot.receiver import Receiver
from dialogs.interview.model import Interview, KeptWords
from dialogs.invitation.model import Invitation, imported_occasion
from dialogs.messages import Address
from scoring.rules import AlertKind, AlertSubject
from scoring.values import replace
from storage.model.records import Purpose
from storage.privacy.erasure import ErasureTask, erase
from storage.text.waiting_sentences import noted_waiting
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Writer
from tests.support.database.worded import comment_reader, sentence_reader, worded_visit, wrote
from tests.support.web.service import Service, open_service
from tests.text.small_encoder import plain_file

FIVES = {"response_speed": 5, "attitude": 5}
LOW = {"response_speed": 1, "attitude": 5}
TEAM = Address("sandbox", "team")
KNOCKED = "半夜有人敲我家门，说是你们派来的"
"""Of no alert word."""
FACT = "师傅周二来的"
A = TypeVar("A")


class Late:
    """A receiver before whose first decision about a response that is changed."""

    def __init__(self, service: Service, what: str) -> None:
        self._service, self._what = service, what
        self.was_late = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever a receiver has)
        return getattr(self._service.house.web.receiver, name)

    async def do(self, needs: Needs, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        if needs.interviews and not self.was_late:
            self.was_late = True
            await self._change()
        return await self._service.house.web.receiver.do(needs, decide)

    async def _change(self) -> None:
        if self._what == "taken back":
            await change(self._service, "int_0", comment=None)
            return
        writer = Writer(self._service.house.store, self._service.house.clock.now)
        assert await erase(self._service.house.store, writer, ErasureTask("c-0", "anonymous-0", b"key"))


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


async def change(service: Service, response: str, **changes: Any) -> None:  # noqa: ANN401 (what an interview has)
    """Store a response with other words."""

    def changed(context: DecisionContext) -> Decision[None]:
        interview = context.snapshot.interview(response)
        assert interview is not None
        return Decision(Changes((replace(interview, **changes),)), None)

    await service.house.web.receiver.do(Needs(interviews=frozenset({response})), changed)


def spoke(visit: Sequence[Record], *said: KeptWords) -> list[Record]:
    """Return a visit whose customer wrote words that were no answer."""
    return [replace(one, said=said) if isinstance(one, Interview) else one for one in visit]


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


@pytest.mark.parametrize("of", ["a day ago", "an import", "the sample company"])
async def test_what_is_old_or_not_real_alarms_nobody(desk: Service, of: str) -> None:
    past = timedelta(days=1) if of == "a day ago" else timedelta()
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


async def test_what_alarms_is_stored_as_read_by_the_same_look(desk: Service) -> None:
    put(desk, alert=2.0, good=30.0, bad=-30.0)
    await wrote(desk, worded_visit("0", desk.now, FIVES, FACT), worded_visit("1", desk.now, FIVES, None))
    await comment_reader(desk).look()
    await sentence_reader(desk).look()
    assert len(await issues(desk)) == 1
    answer = await desk.api.get("/api/v1/responses")
    assert {one["id"]: one["comment_polarity"] for one in answer.json()["items"]} == {
        "int_0": "positive",
        "int_1": None,
    }
    assert await noted_waiting(desk.house.store) == 0


async def test_what_came_by_a_clock_that_is_ahead_alarms_too(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now + timedelta(minutes=5), FIVES, KNOCKED))
    await read(desk)
    assert len(await issues(desk)) == 1


async def test_a_comment_alarms_after_a_word_in_a_remark_has_told_of_that(desk: Service) -> None:
    visit = worded_visit("0", desk.now, FIVES, KNOCKED, {"attitude": "我要投诉"})
    told = (AlertSubject(AlertKind.WORD, "投诉"),)
    await wrote(desk, [replace(one, assessed=told) if isinstance(one, Interview) else one for one in visit])
    await read(desk)
    assert [one["reasons"] for one in await issues(desk)] == [["reading"]]


async def test_what_a_word_has_told_of_is_not_told_again(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, FIVES, "我要投诉"))
    await read(desk)
    assert await issues(desk) == []


async def test_a_comment_opens_another_issue_where_that_about_a_remark_is_over(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, FIVES, None, {"attitude": FACT}))
    await read(desk)
    (opened,) = await issues(desk)
    for step, words in (("claim", {"by": "李工"}), ("resolve", {"by": "李工", "note": "已致电"})):
        done = await desk.api.post(f"/api/v1/issues/{opened['id']}/{step}", json=words)
        assert done.is_success, done.text
    await change(desk, "int_0", comment=KNOCKED)
    for _ in range(2):
        await read(desk)
        assert [one["reasons"] for one in await issues(desk)].count(["reading"]) == 2


async def test_words_that_were_no_answer_alarm_and_stand_on_the_card(desk: Service) -> None:
    await wrote(desk, spoke(worded_visit("0", desk.now, FIVES, None), KeptWords(KNOCKED, desk.now)))
    await read(desk)
    (issue,) = await issues(desk)
    (card,) = await desk.messages(Purpose.ALERT)
    assert (issue["reasons"], KNOCKED in card.prompt.text) == (["reading"], True)
    answer = await desk.api.get("/api/v1/responses")
    assert [one["comment_polarity"] for one in answer.json()["items"]] == [None]


async def test_a_wish_that_was_understood_alarms_nobody(desk: Service) -> None:
    await wrote(desk, spoke(worded_visit("0", desk.now, FIVES, None), KeptWords(KNOCKED, desk.now, is_wish=True)))
    await read(desk)
    assert await issues(desk) == []


@pytest.mark.parametrize("what", ["taken back", "erased"])
async def test_what_is_gone_by_the_time_it_was_read_alarms_nobody(desk: Service, what: str) -> None:
    await wrote(desk, worded_visit("0", desk.now, FIVES, KNOCKED))
    await comment_reader(desk).look()
    receiver = Late(desk, what)
    await replace(sentence_reader(desk), receiver=cast("Receiver", receiver)).look()
    assert receiver.was_late
    assert await issues(desk) == []

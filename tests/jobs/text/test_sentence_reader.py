"""Comments are read by an encoder in a process of its own, once each, after their words; and what if that fails.

Shown by what `GET /api/v1/responses` tells of them. The encoder is a small one, which says the same of everything.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from bot.handlers.common.context import DecisionContext
from bot.jobs.figures.own_process import ProcessFailed
from bot.jobs.text.asked_encoder import AskedEncoder
from config.errors import ConfigErrors
from config.text.encoder_mark import load_mark
from dialogs.interview.model import Interview
from scoring.values import replace
from storage.model.text_records import CommentReading
from storage.privacy.erasure import ErasureTask, erase
from storage.text.readings import write_readings
from storage.text.waiting_sentences import count_waiting, noted_waiting
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import TransactionStep
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision, Writer
from tests.support.database.worded import comment_reader, sentence_reader, worded_visit, wrote
from tests.support.web.service import Service, open_service
from tests.text.small_encoder import plain_file

A = TypeVar("A")
LOW = {"response_speed": 2, "attitude": 4}
FACT, BLAME, PRAISE = "师傅周二来的", "师傅周二来了态度恶劣", "师傅态度很好"
"""By words and weights: nothing, blame, praise. The last is all of words that the lexicon has."""
GOOD, BAD = {"good": 30.0, "bad": -30.0}, {"good": -30.0, "bad": 30.0}


class Watched(Writer):
    """A writer that tells which readings it was given, and waits before it writes them."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.house.store, service.house.clock.now)
        self.is_asked, self.goes_on = asyncio.Event(), asyncio.Event()
        self.written = list[set[str]]()

    async def perform(self, step: TransactionStep[A]) -> A:
        self.is_asked.set()
        await self.goes_on.wait()
        if isinstance(step, partial) and step.func is write_readings:
            self.written.append({one.response for one in step.args[0]})
        return await super().perform(step)


def put(service: Service, **said: float) -> None:
    """Put an encoder that says the same of every text into the owner's folder."""
    (service.folder / "text").mkdir(exist_ok=True)
    (service.folder / "text" / "encoder.bin").write_bytes(plain_file(**said))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a PostgreSQL database, nothing for a file."""
    if request.param == "sqlite":
        return ""
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Service]:
    """The product with an encoder that praises everything."""
    async with open_service(tmp_path, database) as opened:
        put(opened, **GOOD)
        yield opened


async def said(service: Service, *texts: str) -> None:
    """Let customers write these, and have the words read."""
    await wrote(service, *(worded_visit(f"{n}", service.now, LOW, text) for n, text in enumerate(texts)))
    await comment_reader(service).look()


async def told(service: Service) -> list[str]:
    """Return what is told of each comment."""
    answer = await service.api.get("/api/v1/responses", params={"limit": 200})
    return [one["comment_polarity"] for one in sorted(answer.json()["items"], key=lambda one: int(one["id"][4:]))]


async def readings(service: Service) -> dict[str, CommentReading]:
    async with service.house.store.reading() as session:
        return {one.response: one for one in await session.records(CommentReading, all_of(CommentReading))}


async def left(service: Service) -> int:
    """Return for how many responses the encoder in force is still to be asked."""
    return sum((await count_waiting(service.house.store, load_mark(service.folder).number)).values())


async def test_what_words_say_stands_until_the_encoder_was_asked(desk: Service) -> None:
    await said(desk, FACT, BLAME, PRAISE)
    assert await told(desk) == ["neutral", "negative", "positive"]
    assert await left(desk) == 2, "of the third nothing is left to be said"
    await sentence_reader(desk).look()
    assert await told(desk) == ["positive"] * 3
    assert (await left(desk), await noted_waiting(desk.house.store)) == (0, 0)
    found = (await desk.api.get("/api/v1/responses", params={"comment": "positive"})).json()["items"]
    assert len(found) == 3


@pytest.mark.proof
async def test_a_comment_is_asked_about_once_also_where_its_words_are_read_again(desk: Service) -> None:
    await said(desk, FACT)
    await sentence_reader(desk).look()
    receiver = desk.house.web.receiver
    comments = receiver.policy.comments.with_mapped((("蓝桥漫步", "convenience", -1),))
    receiver.adopt(replace(receiver.policy, comments=comments))
    before = (await readings(desk))["int_0"]
    await comment_reader(desk).look()
    after = (await readings(desk))["int_0"]
    assert after == replace(before, lexicon=after.lexicon)
    assert (await told(desk), await left(desk)) == (["positive"], 0)


@pytest.mark.proof
async def test_changed_words_are_asked_about_again(desk: Service) -> None:
    await said(desk, FACT)
    await sentence_reader(desk).look()

    def changed(context: DecisionContext) -> Decision[None]:
        interview = context.snapshot.interview("int_0")
        assert interview is not None
        return Decision(Changes((replace(interview, comment="师傅周三来的"),)), None)

    await desk.house.web.receiver.do(Needs(interviews=frozenset({"int_0"})), changed)
    await comment_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["neutral"], 1)
    await sentence_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["positive"], 0)


async def test_by_another_encoder_everything_is_read_again_and_the_old_verdict_stands_till_then(desk: Service) -> None:
    await said(desk, FACT, BLAME)
    await sentence_reader(desk).look()
    put(desk, **BAD)
    await comment_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["positive"] * 2, 2)
    await sentence_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["negative"] * 2, 0)


async def test_without_an_encoder_words_and_weights_judge_again(desk: Service) -> None:
    await said(desk, FACT, BLAME)
    await sentence_reader(desk).look()
    (desk.folder / "text" / "encoder.bin").write_bytes(b"")
    await sentence_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["neutral", "negative"], 0)
    assert {one.sentences for one in (await readings(desk)).values()} == {()}
    await sentence_reader(desk).look()


@pytest.mark.proof
async def test_the_latest_are_read_first_and_those_of_an_older_encoder_last(desk: Service) -> None:
    await wrote(desk, *(worded_visit(f"{n}", desk.now, LOW, FACT) for n in range(60)))
    await comment_reader(desk).look()
    await sentence_reader(desk).look()
    put(desk, **BAD)
    await wrote(desk, *(worded_visit(f"{n}", desk.now - timedelta(minutes=n), LOW, FACT) for n in range(60, 130)))
    await comment_reader(desk).look()
    writer = Watched(desk)
    writer.goes_on.set()
    await replace(sentence_reader(desk), writer=writer).look()
    seen = writer.written
    assert [len(one) for one in seen] == [50, 20, 50, 10]
    assert seen[0] == {f"int_{n}" for n in range(60, 110)}
    assert seen[1] == {f"int_{n}" for n in range(110, 130)}
    assert await left(desk) == 0


@pytest.mark.proof
async def test_two_looks_at_the_same_moment_read_everything(desk: Service) -> None:
    await said(desk, *[FACT] * 70)
    await asyncio.gather(sentence_reader(desk).look(), sentence_reader(desk).look())
    assert (await told(desk), await left(desk)) == (["positive"] * 70, 0)


async def test_whoever_is_erased_while_the_encoder_is_asked_leaves_nothing(desk: Service) -> None:
    await said(desk, FACT, FACT)
    watched, writer = Watched(desk), Writer(desk.house.store, desk.house.clock.now)
    looking = asyncio.create_task(replace(sentence_reader(desk), writer=watched).look())
    await watched.is_asked.wait()
    assert await erase(desk.house.store, writer, ErasureTask("c-1", "anonymous-1", b"key"))
    watched.goes_on.set()
    await looking
    assert {id_: one.polarity for id_, one in (await readings(desk)).items()} == {"int_0": 1}


async def test_what_other_words_have_read_meanwhile_is_not_written_over(desk: Service) -> None:
    await said(desk, FACT)
    (newer,) = (await readings(desk)).values()
    store, writer = desk.house.store, Writer(desk.house.store, desk.house.clock.now)
    await writer.perform(partial(write_readings, [replace(newer, lexicon=7)], []))
    written = await writer.perform(partial(write_readings, [replace(newer, polarity=1)], [], is_again=True))
    assert (written, (await readings(desk))["int_0"].polarity) == (0, 0)
    await sentence_reader(desk).look()  # and it does not go round for ever
    assert await noted_waiting(store) == 1
    await writer.stop()


@pytest.mark.proof
async def test_of_a_survey_that_is_anonymous_now_nothing_is_kept(desk: Service) -> None:
    await said(desk, FACT)
    receiver = desk.house.web.receiver
    surveys = {key: replace(one, anonymous=True) for key, one in receiver.policy.surveys.items()}
    receiver.adopt(replace(receiver.policy, surveys=surveys))
    await sentence_reader(desk).look()
    assert await readings(desk) == {}


@pytest.mark.proof
async def test_remarks_are_read_as_the_comment_is(desk: Service) -> None:
    await wrote(desk, worded_visit("0", desk.now, LOW, None, {"response_speed": FACT, "attitude": BLAME}))
    await comment_reader(desk).look()
    assert await told(desk) == ["negative"] or await told(desk) == ["neutral"]
    await sentence_reader(desk).look()
    (read,) = (await readings(desk)).values()
    assert {polarity for _, polarity, _ in read.verdicts} == {1}
    assert len(read.sentences) == 2


async def test_a_damaged_file_changes_nothing_and_says_what_to_do(desk: Service) -> None:
    put(desk, **GOOD)
    whole = (desk.folder / "text" / "encoder.bin").read_bytes()
    (desk.folder / "text" / "encoder.bin").write_bytes(whole[:-20])
    await said(desk, FACT)
    with pytest.raises(ProcessFailed, match=r"the process that reads .* with 1: text/encoder.bin: It is no"):
        await sentence_reader(desk).look()
    (desk.folder / "text" / "encoder.bin").write_bytes(b"nothing of the kind")
    await wrote(desk, worded_visit("1", desk.now, LOW, FACT))
    await comment_reader(desk).look()
    with pytest.raises(ConfigErrors, match="an empty file turns the encoder off"):
        await sentence_reader(desk).look()
    assert await told(desk) == ["neutral"] * 2
    put(desk, **GOOD)
    await sentence_reader(desk).look()
    assert await told(desk) == ["positive"] * 2


async def test_a_process_that_is_killed_says_so_and_what_it_had_not_said_waits(desk: Service) -> None:
    encoder = AskedEncoder(desk.folder / "text" / "encoder.bin")
    async with encoder:
        assert await encoder.number() == load_mark(desk.folder).number
        assert await encoder.sums([FACT, ""]) == [(-3000, 3000, 0)] * 2
        os.kill(encoder.pid, signal.SIGKILL)
        with pytest.raises(ProcessFailed, match="was killed, as where there is no memory for it"):
            await encoder.sums([FACT])


@pytest.mark.proof
async def test_a_process_that_talks_much_beside_its_answers_is_not_kept_waiting(
    desk: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONVERBOSE", "2")  # some hundred kilobytes of what is loaded, more than a pipe holds
    async with AskedEncoder(desk.folder / "text" / "encoder.bin") as encoder:
        await encoder.number()
        assert await encoder.sums([FACT]) == [(-3000, 3000, 0)]
    (desk.folder / "text" / "encoder.bin").write_bytes(b"nothing of the kind")
    monkeypatch.delenv("PYTHONVERBOSE")
    async with AskedEncoder(desk.folder / "text" / "encoder.bin") as encoder:
        with pytest.raises(ProcessFailed, match=r"ended with 1: text/encoder.bin: It is no encoder"):
            await encoder.number()


async def test_one_that_does_not_answer_is_given_up_and_ended(desk: Service) -> None:
    async with AskedEncoder(desk.folder / "text" / "encoder.bin", patience=0.0) as encoder:
        with pytest.raises(ProcessFailed, match="has not answered for 0 seconds"):
            await encoder.number()
    with pytest.raises(ProcessLookupError):
        os.kill(encoder.pid, 0)


@pytest.mark.parametrize("answers", [["hello"], ["7", "what?"], ["7", "[[1]]"], ["7", '[["a"],["b"]]'], ["7", "{}"]])
async def test_one_whose_code_was_replaced_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    told = [f"echo '{one}'" for one in answers]
    (tmp_path / "python").write_text("\n".join(["#!/bin/sh", told[0], "read asked", *told[1:]]), "utf-8")
    (tmp_path / "python").chmod(0o700)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))

    async def ask() -> None:
        async with AskedEncoder(tmp_path) as encoder:
            await encoder.number()
            await encoder.sums([FACT, FACT])

    with pytest.raises(ProcessFailed, match="is of another version of the product: start the service again"):
        await ask()


async def test_an_encoder_that_comes_during_a_long_reading_reads_what_is_left(desk: Service) -> None:
    await said(desk, *[FACT] * 120)
    writer = Watched(desk)
    looking = asyncio.create_task(replace(sentence_reader(desk), writer=writer).look())
    await writer.is_asked.wait()
    put(desk, **BAD)
    writer.goes_on.set()
    await looking
    assert [len(one) for one in writer.written] == [50], "the portion that was being read is the last by the old one"
    assert await left(desk) == 120
    await sentence_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["negative"] * 120, 0)


@pytest.mark.proof
async def test_no_process_is_left_once_nothing_waits_nor_started_where_nothing_does(
    desk: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AskedEncoder(desk.folder / "text" / "encoder.bin") as encoder:
        await encoder.number()
        lowest = os.getpriority(os.PRIO_PROCESS, encoder.pid)
    assert lowest == 19, "it steps back behind everything"
    with pytest.raises(ProcessLookupError):
        os.kill(encoder.pid, 0)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    await sentence_reader(desk).look()
    await said(desk, FACT)
    with pytest.raises(ProcessFailed, match="could not be started: No such file"):
        await sentence_reader(desk).look()


@pytest.mark.proof
async def test_no_process_is_started_for_words_that_are_to_be_read_anew_first(
    desk: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await said(desk, FACT, FACT)
    older, changed = (await readings(desk)).values()
    writer = Writer(desk.house.store, desk.house.clock.now)
    rows = [replace(older, lexicon=7), replace(changed, encoder=7)]
    await writer.perform(partial(write_readings, rows, []))
    await writer.stop()

    def moved(context: DecisionContext) -> Decision[None]:
        interview = context.snapshot.interview("int_1")
        assert interview is not None
        return Decision(Changes((replace(interview, skipped=("recommendation",)),)), None)

    await desk.house.web.receiver.do(Needs(interviews=frozenset({"int_1"})), moved)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    await sentence_reader(desk).look()
    assert (await left(desk), await noted_waiting(desk.house.store)) == (2, 2)
    monkeypatch.undo()
    await comment_reader(desk).look()
    await sentence_reader(desk).look()
    assert (await told(desk), await left(desk)) == (["positive"] * 2, 0)


@pytest.mark.proof
async def test_an_import_of_before_is_read_by_the_encoder_as_what_comes(desk: Service) -> None:
    await said(desk, FACT)
    async with desk.house.store.reading() as session:
        (one,) = await session.records(Interview, all_of(Interview))
    assert one.comment == FACT
    (read,) = (await readings(desk)).values()
    writer = Writer(desk.house.store, desk.house.clock.now)
    await writer.perform(partial(write_readings, [replace(read, encoder=0, sentences=())], []))
    await writer.stop()
    await sentence_reader(desk).look()
    assert await told(desk) == ["positive"]

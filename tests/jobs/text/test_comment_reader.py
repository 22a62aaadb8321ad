"""What customers write is read once, whatever stops and starts; and goes with its customer."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.handlers.common.context import DecisionContext
from config.surveys.canonical_json import survey_json
from config.text.load import load_weighed
from dialogs.interview.model import Interview
from scoring.values import replace
from storage.model.records import StoredSurvey
from storage.model.text_records import CommentReading
from storage.privacy.erasure import ErasureTask, erase
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision, Writer
from tests.support.database.worded import comment_reader, worded_visit, wrote
from tests.support.web.service import Service

SLOW = {"response_speed": 2, "attitude": 4}


async def readings(service: Service) -> dict[str, CommentReading]:
    async with service.house.store.reading() as session:
        found = await session.records(CommentReading, all_of(CommentReading))
    return {one.response: one for one in found}


async def found(service: Service, response: str) -> list[tuple[str, str, int]]:
    """Return what was found in a response: question, dimension and polarity."""
    return [
        (question, dimension, polarity)
        for question, _, dimension, polarity in (await readings(service))[response].found
    ]


async def test_comments_and_remarks_are_read_and_ratings_alone_are_not(service: Service) -> None:
    await wrote(
        service,
        worded_visit("1", service.now, SLOW, "师傅很耐心", {"response_speed": "等太久了"}),
        worded_visit("2", service.now, SLOW, None),
        worded_visit("3", service.now, SLOW, "🙂\u202e\x07 \u0600"),
    )
    job = comment_reader(service)
    await job.look()
    assert (await readings(service)).keys() == {"int_1", "int_3"}
    assert ("response_speed", "response_speed", -1) in await found(service, "int_1")
    assert ("", "attitude", 1) in await found(service, "int_1")
    assert (await readings(service))["int_3"].found == ()


async def test_each_text_is_judged_and_the_comment_decides_what_the_response_says(service: Service) -> None:
    texts: list[tuple[str | None, dict[str, str]]] = [
        ("师傅态度恶劣", {}),
        ("师傅很耐心，非常满意", {"response_speed": "等太久了"}),
        (None, {"response_speed": "等太久了"}),
        (None, {"response_speed": "等太久了", "attitude": "师傅很耐心，非常满意"}),
        ("师傅周二来的", {}),
    ]
    visits = (worded_visit(f"{n}", service.now, SLOW, one, remarks) for n, (one, remarks) in enumerate(texts))
    await wrote(service, *visits)
    await comment_reader(service).look()
    read = await readings(service)
    assert [read[f"int_{number}"].polarity for number in range(5)] == [-1, 1, -1, 0, 0]
    assert {question: polarity for question, polarity, _ in read["int_1"].verdicts} == {"response_speed": -1, "": 1}
    assert "attitude" in read["int_0"].about
    assert "response_speed" not in read["int_1"].about, "that is what the remark is about"
    assert {"response_speed", "attitude"} <= {*read["int_3"].about}


async def test_what_is_written_after_a_clock_was_put_right_is_read(service: Service) -> None:
    begun = service.now
    service.house.clock.passes(timedelta(days=400))
    await comment_reader(service).look()
    service.house.clock.passes(timedelta(days=-400))
    await wrote(service, worded_visit("1", begun, SLOW, "等太久了"))
    await comment_reader(service).look()
    assert (await readings(service)).keys() == {"int_1"}
    await wrote(service, worded_visit("2", begun, SLOW, "等太久了"))
    await comment_reader(service).look()
    assert (await readings(service)).keys() == {"int_1", "int_2"}


async def test_nothing_is_judged_of_what_is_written_in_an_anonymous_survey(service: Service) -> None:
    await wrote(service, worded_visit("1", service.now, SLOW, "等太久了"))
    receiver = service.house.web.receiver
    surveys = {key: replace(one, anonymous=True) for key, one in receiver.policy.surveys.items()}
    receiver.adopt(replace(receiver.policy, surveys=surveys))
    await comment_reader(service).look()
    assert await readings(service) == {}


async def test_a_survey_that_another_process_has_stored_as_an_anonymous_one_is_not_read(service: Service) -> None:
    receiver = service.house.web.receiver
    mood = replace(receiver.policy.survey(receiver.policy.default_survey), id="mood", version=1, anonymous=True)
    records = worded_visit("1", service.now, SLOW, "等太久了")
    asked = [replace(one, survey=mood.key) if isinstance(one, Interview) else one for one in records]
    await wrote(service, [StoredSurvey("mood", 1, survey_json(mood), service.now)], asked)
    await comment_reader(service).look()
    assert await readings(service) == {}


async def test_a_survey_that_can_be_read_nowhere_may_be_anonymous(service: Service) -> None:
    records = worded_visit("1", service.now, SLOW, "等太久了")
    await wrote(service, [replace(one, survey=("gone", 1)) if isinstance(one, Interview) else one for one in records])
    await comment_reader(service).look()
    assert await readings(service) == {}


@pytest.mark.proof
async def test_after_other_weights_everything_is_judged_again(service: Service) -> None:
    await wrote(service, worded_visit("1", service.now, SLOW, "师傅周二来的"))
    await comment_reader(service).look()
    before = (await readings(service))["int_1"]
    assert before.polarity == 0
    (service.folder / "text").mkdir()
    rows = "# weights of comments 1\npiece\tbad\tgood\n周二\t\t900\n"
    (service.folder / "text" / "learned.tsv").write_text(rows, "utf-8")
    receiver = service.house.web.receiver
    comments = receiver.policy.comments.with_lexicons(load_weighed(service.folder))
    receiver.adopt(replace(receiver.policy, comments=comments))
    await service.passes(timedelta(days=30))
    await comment_reader(service).look()
    after = (await readings(service))["int_1"]
    assert (after.polarity, after.found) == (1, before.found)
    assert after.lexicon != before.lexicon


async def test_what_was_read_is_not_read_again_and_what_is_new_or_changed_is(service: Service) -> None:
    await wrote(service, worded_visit("1", service.now, SLOW, "等太久了"))
    job = comment_reader(service)
    await job.look()
    before = await readings(service)
    await job.look()
    assert await readings(service) == before
    await service.passes(timedelta(days=1))
    await wrote(service, worded_visit("2", service.now, SLOW, "师傅很耐心"))
    receiver = service.house.web.receiver

    def changed(context: DecisionContext) -> Decision[None]:
        interview = context.snapshot.interview("int_1")
        assert interview is not None
        return Decision(Changes((replace(interview, comment="师傅很耐心"),)), None)

    await receiver.do(Needs(interviews=frozenset({"int_1"})), changed)
    await comment_reader(service).look()  # as after a restart
    for response in ("int_1", "int_2"):
        assert await found(service, response) == [("", "attitude", 1)]


async def test_what_a_correction_says_is_read_however_long_ago_that_was_asked(service: Service) -> None:
    sheet: dict[str, Any] = {"source": "paper", "by": "王芳", "number": "7", "answers": {"attitude": {"value": 4}}}
    for day, said in ((0, "师傅很耐心，非常满意"), (60, "师傅态度恶劣")):
        await service.passes(timedelta(days=day))
        answer = await service.api.post("/api/v1/responses", json={**sheet, "comment": said, "reason": "看错了"})
        assert answer.is_success, answer.text
        await comment_reader(service).look()
    assert [one.polarity for one in (await readings(service)).values()] == [-1]


async def test_two_looks_at_the_same_moment_write_the_same_once(service: Service) -> None:
    await wrote(service, *(worded_visit(f"{n}", service.now, SLOW, "等太久了") for n in range(30)))
    await asyncio.gather(comment_reader(service).look(), comment_reader(service).look())
    read = await readings(service)
    assert len(read) == 30
    assert {one.polarity for one in read.values()} == {-1}


async def test_after_another_lexicon_everything_is_read_again(service: Service) -> None:
    await wrote(service, worded_visit("1", service.now, SLOW, "师傅一直蓝桥漫步"))
    job = comment_reader(service)
    await job.look()
    before = await found(service, "int_1")
    await service.passes(timedelta(days=30))
    receiver = service.house.web.receiver
    comments = receiver.policy.comments.with_mapped((("蓝桥漫步", "convenience", -1),))
    receiver.adopt(replace(receiver.policy, comments=comments))
    await job.look()
    assert await found(service, "int_1") == [*before, ("", "convenience", -1)]


async def test_whoever_is_erased_takes_along_what_was_read(service: Service) -> None:
    await wrote(service, *(worded_visit(f"{n}", service.now, SLOW, "等太久了") for n in (1, 2)))
    job = comment_reader(service)
    await job.look()
    told = (await service.api.get("/api/v1/customers/c-1")).json()
    assert [one["response"] for one in told["readings"]] == ["int_1"]
    writer = Writer(service.house.store, service.house.clock.now)
    assert await erase(service.house.store, writer, ErasureTask("c-1", "anonymous-1", b"key"))
    assert (await readings(service)).keys() == {"int_2"}
    await job.look()
    assert (await readings(service)).keys() == {"int_2"}

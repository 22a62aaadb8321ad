"""What was read in words is written once on both databases, as the response stood, by however many processes."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.text_records import CommentReading, PhraseStanding, StoredPhrase
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.text.phrases import TextReads
from storage.text.proposals import replace_proposals
from storage.text.readings import CommentWords, unread_words, words_since, write_readings
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save
from tests.support.database.worded import worded_visit

LEXICON, OTHER = 7, 8
RATED = {"response_speed": 2, "attitude": 4}
SLOW = (("", "等太久", "response_speed", -1),)
DAY = timedelta(days=1)


async def wrote(writer: Writer, number: str, comment: str | None = "等太久", days: int = 0) -> None:
    """Store a response with a comment, so many days ago."""
    remarks = {"attitude": "很耐心"} if number == "remark" else {}
    await save(writer, *worded_visit(number, NOW - days * DAY, RATED, comment, remarks))


async def unread(store: Store, lexicon: int = LEXICON, since: timedelta | None = None) -> list[CommentWords]:
    begin = None if since is None else NOW - since
    return [one async for portion in unread_words(store, begin, lexicon) for one in portion]


async def write(writer: Writer, words: Sequence[CommentWords], lexicon: int = LEXICON) -> int:
    readings = [CommentReading(one.response, one.at, one.version, lexicon, SLOW) for one in words if one.texts]
    wordless = [(one.response, one.version) for one in words if not one.texts]
    return await writer.perform(partial(write_readings, readings, wordless))


async def kept(store: Store) -> dict[str, CommentReading]:
    async with store.reading() as session:
        return {one.response: one for one in await session.records(CommentReading, all_of(CommentReading))}


async def test_only_what_has_words_and_was_not_read_is_found(writer: Writer, store: Store) -> None:
    await wrote(writer, "1")
    await wrote(writer, "none", None)
    await wrote(writer, "remark", None)
    found = await unread(store)
    assert {one.response: one.texts for one in found} == {
        "int_1": [("", "等太久")],
        "int_remark": [("attitude", "很耐心")],
    }
    assert await write(writer, found) == 2
    assert await unread(store) == []


async def test_all_is_found_again_by_another_lexicon_and_replaced(writer: Writer, store: Store) -> None:
    await wrote(writer, "1")
    await write(writer, await unread(store))
    (again,) = await unread(store, OTHER)
    await write(writer, [again], OTHER)
    assert {one.lexicon for one in (await kept(store)).values()} == {OTHER}
    assert await unread(store, OTHER) == []
    assert len(await unread(store)) == 1


async def test_only_what_was_asked_lately_is_looked_for_where_that_is_enough(writer: Writer, store: Store) -> None:
    await wrote(writer, "old", days=9)
    await wrote(writer, "new", days=1)
    assert [one.response for one in await unread(store, since=5 * DAY)] == ["int_new"]
    assert sorted(one.response for one in await unread(store)) == ["int_new", "int_old"]
    since = [one async for portion in words_since(store, NOW - 5 * DAY) for one in portion]
    assert [one.customer for one in since] == ["c-new"]


async def test_what_has_changed_since_it_was_looked_at_is_left_for_the_next_look(writer: Writer, store: Store) -> None:
    await wrote(writer, "1")
    (seen,) = await unread(store)
    stale = replace(seen, version=seen.version + 1)
    assert await write(writer, [stale]) == 0
    assert await kept(store) == {}


async def test_what_no_longer_has_words_loses_what_was_read(writer: Writer, store: Store) -> None:
    await wrote(writer, "1")
    (seen,) = await unread(store)
    await write(writer, [seen])
    await write(writer, [replace(seen, comment=None)])
    assert await kept(store) == {}


async def test_two_processes_write_the_same_row_once(writer: Writer, store: Store) -> None:
    for number in range(20):
        await wrote(writer, f"{number}")
    other = Writer(store, lambda: NOW)
    found = await unread(store)
    assert set(await asyncio.gather(write(writer, found), write(other, found))) == {20}
    await other.stop()
    assert len(await kept(store)) == 20


async def test_an_erasure_between_look_and_writing_leaves_nothing(writer: Writer, store: Store) -> None:
    await wrote(writer, "1")
    found = await unread(store)
    assert await erase(store, writer, ErasureTask("c-1", "gone_1", b"key"))
    assert await write(writer, found) == 0
    assert await kept(store) == {}
    assert await unread(store) == []


async def test_retention_takes_what_was_read_with_the_words(writer: Writer, store: Store) -> None:
    await wrote(writer, "old", days=400)
    await wrote(writer, "new", days=1)
    await write(writer, await unread(store))
    await apply_retention(store, writer, RetentionPeriods(texts=365 * DAY), NOW)
    assert (await kept(store)).keys() == {"int_new"}
    assert [one.response for one in await unread(store, OTHER)] == ["int_new"]


async def test_what_was_found_is_read_with_whose_it_is_and_what_it_is_about(writer: Writer, store: Store) -> None:
    await save(writer, *worded_visit("1", NOW, RATED, "等太久", product="AC-300", team="北区", name="王女士"))
    await write(writer, await unread(store))
    (found,) = await TextReads(store).found(NOW - DAY, NOW + DAY)
    assert (found.response, found.customer, found.source, found.ticket) == ("int_1", "c-1", "desk", "1")
    assert found.found == SLOW
    assert {answer.question: answer.value for answer in found.answers} == RATED
    assert (found.keys["team"], found.keys["product"], found.keys["category"]) == ("北区", "AC-300", "")
    assert await TextReads(store).found(NOW + DAY, NOW + 2 * DAY) == []
    words = await TextReads(store).words(["int_1", "int_none"])
    assert {key: (one.texts, one.name) for key, one in words.items()} == {"int_1": ({"": "等太久"}, "王女士")}


async def standing(store: Store) -> dict[str, tuple[PhraseStanding, int]]:
    return {one.phrase: (one.state, one.people) for one in await TextReads(store).phrases()}


async def test_a_search_replaces_what_was_proposed_and_leaves_what_was_decided(writer: Writer, store: Store) -> None:
    decided = (
        StoredPhrase("来回跑", PhraseStanding.MAPPED, 7, NOW, "convenience", -1, "li"),
        StoredPhrase("哈哈哈", PhraseStanding.IGNORED, 9, NOW, by="li"),
    )
    await save(writer, *decided)
    await writer.perform(partial(replace_proposals, [("蓝桥漫步", 5), ("绿野仙踪", 6), ("哈哈哈", 30)]))
    assert await standing(store) == {
        "哈哈哈": (PhraseStanding.IGNORED, 9),
        "来回跑": (PhraseStanding.MAPPED, 7),
        "绿野仙踪": (PhraseStanding.PROPOSED, 6),
        "蓝桥漫步": (PhraseStanding.PROPOSED, 5),
    }
    assert await writer.perform(partial(replace_proposals, [("蓝桥漫步", 8)])) == 1
    assert await standing(store) == {
        "哈哈哈": (PhraseStanding.IGNORED, 9),
        "蓝桥漫步": (PhraseStanding.PROPOSED, 8),
        "来回跑": (PhraseStanding.MAPPED, 7),
    }
    assert [one.phrase for one in await TextReads(store).mapped()] == ["来回跑"]


@pytest.mark.parametrize("times", [1, 2])
async def test_the_same_search_again_changes_nothing(writer: Writer, store: Store, times: int) -> None:
    for _ in range(times):
        await writer.perform(partial(replace_proposals, [("蓝桥漫步", 5)]))
    assert await standing(store) == {"蓝桥漫步": (PhraseStanding.PROPOSED, 5)}

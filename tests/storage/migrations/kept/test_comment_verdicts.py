"""What was read in comments before they were judged as a whole stays, and what they say is not guessed."""

import pytest

from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.text.readings import unread_words
from storage.text.waiting_sentences import count_waiting, waiting_words
from tests.storage.migrations.sample import execute, fetch, upgrade_to
from tests.storage.migrations.test_small_facts import ASK, ASKS, WORD
from tests.storage.migrations.test_small_facts import BEFORE as ASKED

BEFORE = "0056_kept_figures"
FOUND = '[["","等太久","response_speed",-1]]'
READ = """
UPDATE interviews SET comment = '等太久', version = 3;
INSERT INTO comment_readings (response, at, seen, lexicon, found) VALUES ('int_1', {at}, 3, 12345, '{found}');
"""


@pytest.fixture
async def old_reading(bare_url: str) -> str:
    """A database of the version before, with a comment that it has read."""
    is_file = bare_url.startswith("sqlite")
    ask = ASK.format(id="1", key="'desk', '42', 1", occasion="", at=WORD, no="0" if is_file else "false")
    await upgrade_to(bare_url, ASKED)
    await execute(bare_url, ASKS.format(at=WORD) + ask)
    await upgrade_to(bare_url, BEFORE)
    await execute(bare_url, READ.format(at="1795314600123456" if is_file else f"'{WORD}'", found=FOUND))
    return bare_url


async def test_a_reading_of_before_keeps_what_was_found_and_says_nothing_as_a_whole(old_reading: str) -> None:
    await upgrade(old_reading)
    assert await fetch(
        old_reading, "SELECT response, seen, lexicon, found, polarity, verdicts FROM comment_readings"
    ) == [("int_1", 3, 12345, FOUND, None, "[]")]


@pytest.mark.proof
async def test_what_was_judged_before_there_was_an_encoder_waits_for_it_and_keeps_its_verdict(old_reading: str) -> None:
    await upgrade_to(old_reading, "0062_failed_hooks")
    judged = 'UPDATE comment_readings SET polarity = -1, verdicts = \'[["",-1,["fee"]]]\''
    await execute(old_reading, judged)
    await upgrade(old_reading)
    kept = "SELECT response, polarity, verdicts, encoder, sentences FROM comment_readings"
    assert await fetch(old_reading, kept) == [("int_1", -1, '[["",-1,["fee"]]]', 0, "[]")]
    async with Store.open(old_reading) as store:
        assert dict(await count_waiting(store, 77)) == {0: 1}
        (waiting,) = await waiting_words(store, 0, 12345, 10)
    assert (waiting.response, waiting.comment, waiting.kept) == ("int_1", "等太久", ())


@pytest.mark.proof
async def test_it_is_read_again_by_other_words_or_weights(old_reading: str) -> None:
    await upgrade(old_reading)
    async with Store.open(old_reading) as store:
        again = [one.response async for portion in unread_words(store, None, 54321) for one in portion]
        same = [one.response async for portion in unread_words(store, None, 12345) for one in portion]
    assert (again, same) == (["int_1"], [])

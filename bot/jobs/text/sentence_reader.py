"""Has an encoder read whole comments after their words were read: better, and in a process of its own.

What words and weights say of a comment stands until the encoder's word comes. Where it finds that somebody should see a
new one today, an issue is raised before the reading is stored: what is killed between is read, and raised, once more.
The latest wait least: all that there is, as after an import, or by another encoder, is read in the background, portion
by portion. Whatever is killed, the next look goes on behind what is stored.
"""

import asyncio
import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

from bot.handlers.common.comment_words import CommentVocabulary
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.alerts import raise_from_reading
from bot.jobs.figures.own_process import ProcessFailed
from bot.jobs.text.asked_encoder import AskedEncoder
from bot.jobs.text.comment_reader import alarming_texts, lexicon_number, named_words, reading_of
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.ids import Ref, RefKind
from scoring.text.known_sentences import EncoderMark, KeptSums, KnownSentences, sentence_key
from scoring.values import Value, replace
from storage.connection.store import Store
from storage.model.errors import DecisionFailed
from storage.model.note_keys import COMMENTS_WAITING
from storage.model.records import Note
from storage.model.text_records import CommentReading
from storage.reads.reader import Reader
from storage.text.readings import CommentWords, PlacedText, write_readings
from storage.text.waiting_sentences import count_waiting, waiting_words
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs, needs_of
from storage.unit_of_work.writer import Decision, Writer

__all__ = ["SentenceReadingJob"]

logger = logging.getLogger(__name__)
_LOOKS_EVERY, _AFTER_FAILURE = 15.0, 600.0
"""Seconds. To look for what waits costs next to nothing, to start the process half a second."""
_PORTION = 50
"""Responses, which take a second."""
_TELLS_AFTER = 40
"""Portions after which it is told again how many wait."""
_ALARMS_FOR = timedelta(days=1)
"""For how long after it was written a text may alarm: by another encoder everything is read again."""
_NEEDS = Needs(notes=frozenset({COMMENTS_WAITING}))


class _Means(Value, eq=False):
    """What is in force while a look lasts: words, their lexicon's number, the encoder, None where it is off."""

    comments: CommentVocabulary
    lexicon: int
    mark: EncoderMark
    encoder: AskedEncoder | None


class SentenceReadingJob(Value, eq=False):
    """Reads what waits for the encoder in force."""

    store: Store
    writer: Writer
    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every fifteen seconds until cancelled, after a failure ten minutes later."""
        await asyncio.sleep(_LOOKS_EVERY)  # whoever reads the words has loaded them by then
        why = "until then words and weights judge, and alarm by words only; it is tried again every ten minutes"
        await look_again(
            self.look, _LOOKS_EVERY, self.alarms, alarm="encoder", why=why, other=ProcessFailed, pause=_AFTER_FAILURE
        )

    async def look(self) -> None:
        """Read all that waits. Raises ConfigErrors, ProcessFailed and what the writer raises."""
        comments = self.receiver.policy.comments
        mark = await asyncio.to_thread(comments.mark)
        waiting = await self._waiting(mark)
        if not waiting:
            return
        lexicon = await asyncio.to_thread(lexicon_number, comments)
        if not await self._latest(_kinds(mark, waiting), lexicon):
            return  # their words are to be read anew first
        path = await asyncio.to_thread(comments.rules.encoder)
        if path is None:
            await self._read_all(_Means(comments, lexicon, mark, None), waiting)
            return
        async with AskedEncoder(path) as encoder:
            if await encoder.number() == mark.number:  # else the file was replaced a moment ago
                await self._read_all(_Means(comments, lexicon, mark, encoder), waiting)

    async def _read_all(self, by: _Means, waiting: Mapping[int, int]) -> None:
        """Read until nothing waits, or other words or another encoder are in force, which the next look finds."""
        logger.info("%d responses wait to be read by the encoder", sum(waiting.values()))
        for number in itertools.count(1):
            words = await self._latest(_kinds(by.mark, waiting), by.lexicon)
            if not words or not await self._is_in_force(by) or not await self._read(by, words):
                break
            if number % _TELLS_AFTER == 0:
                waiting = await self._waiting(by.mark)
        await self._waiting(by.mark)

    async def _is_in_force(self, by: _Means) -> bool:
        return self.receiver.policy.comments is by.comments and await asyncio.to_thread(by.comments.mark) == by.mark

    async def _latest(self, kinds: Iterable[int], lexicon: int) -> list[CommentWords]:
        for kind in kinds:
            if found := await waiting_words(self.store, kind, lexicon, _PORTION):
                return found
        return []

    async def _read(self, by: _Means, words: Sequence[CommentWords]) -> int:
        """Read a portion, and return how many of it are stored: not those that have changed meanwhile."""
        named = await named_words(self.receiver, words)
        readings, wanted = await asyncio.to_thread(_judged, by, named, ())
        if wanted and by.encoder is not None:
            keys = (sentence_key(text, by.mark) for text in wanted)
            said = list(zip(keys, await by.encoder.sums(wanted), strict=True))
            readings, _ = await asyncio.to_thread(_judged, by, named, said)
            versions = await self._raise(by, named, said)
            readings = [replace(one, seen=versions.get(one.response, one.seen)) for one in readings]
        kept = {one.response for one in named}
        unnamed = [(one.response, one.version) for one in words if one.response not in kept]
        crash_point("sentences_read")
        return await self.writer.perform(partial(write_readings, readings, unnamed, is_again=True))

    async def _raise(self, by: _Means, words: Sequence[CommentWords], said: Sequence[KeptSums]) -> Mapping[str, int]:
        """Raise an issue for each that is new and should be seen today, and return the versions they have by that.

        Where a decision fails, which the receiver tells, those that are read after it do not wait.
        """
        since, versions = self.clock.now() - _ALARMS_FOR, dict[str, int]()
        for one in (one for one in words if one.written_at > since):
            texts = alarming_texts(by.comments, one, KnownSentences(by.mark, [*one.kept, *said]))
            if texts:
                with suppress(DecisionFailed):
                    decide = partial(_raised, words=one, texts=texts)
                    versions[one.response] = await self.receiver.do(_needs(one), decide)
        return versions

    async def _waiting(self, mark: EncoderMark) -> Mapping[int, int]:
        """Return how many wait by what has read them, and note how many it is, for whoever watches."""
        waiting = await count_waiting(self.store, mark.number)
        await self.receiver.do(_NEEDS, lambda context: _noted(context, sum(waiting.values())))
        return waiting


def _kinds(mark: EncoderMark, waiting: Iterable[int]) -> list[int]:
    """Return by which encoders that was read which waits, first of all what none has read."""
    return [0, *sorted(waiting)] if mark.number else sorted(waiting)


def _judged(
    by: _Means, words: Sequence[CommentWords], said: Sequence[KeptSums]
) -> tuple[list[CommentReading], list[str]]:
    """Return what they say, by what is kept and what was just said, and which texts are still to be read."""
    readings, wanted = list[CommentReading](), dict[str, None]()
    for one in words:
        sentences = KnownSentences(by.mark, [*one.kept, *said])
        readings.append(reading_of(by.comments, one, by.lexicon, sentences))
        wanted |= dict.fromkeys(sentences.wanted)
    return readings, list(wanted)


def _needs(words: CommentWords) -> Needs:
    return needs_of(Ref(RefKind.INTERVIEW, words.response))


def _raised(context: DecisionContext, words: CommentWords, texts: Sequence[PlacedText]) -> Decision[int]:
    """Raise an issue for texts, but for none of an import or of the sample company.

    Return the version of which what was read holds: the next one, where nothing else has changed.
    """
    interview = context.snapshot.interview(words.response)
    invitation = context.snapshot.invitation(interview.invitation) if interview is not None else None
    if interview is None or invitation is None or not invitation.is_real:
        return Decision(Changes(), words.version)
    changes = raise_from_reading(context, interview, texts)
    return Decision(changes, words.version + (bool(changes) and interview.version == words.version))


def _noted(context: DecisionContext, waiting: int) -> Decision[None]:
    note = context.snapshot.note(COMMENTS_WAITING)
    if (note.value if note is not None else "0") == str(waiting):
        return Decision(Changes(), None)
    version = note.version if note is not None else 0
    return Decision(Changes((Note(COMMENTS_WAITING, str(waiting), context.now, version),)), None)

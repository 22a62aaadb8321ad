"""Reads the comments and remarks of customers every minute, and keeps what was found in them, and what each says.

What is new is found by when its customer was asked: an interview lives for a few days; what came later to older ones,
by an import or a correction, is noted with it. Where the lexicon or the weights
have changed, or a phrase was mapped, every comment is read again. A restart, a repetition and a second process find
what is done.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.handlers.common.comment_words import CommentVocabulary
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from config.errors import ConfigErrors
from scoring.text.comment_judge import CommentJudge
from scoring.text.known_sentences import NO_ENCODER, EncoderMark, KnownSentences
from scoring.text.weights import ALERT
from scoring.values import Value
from storage.connection.store import Store
from storage.model.note_keys import COMMENTS_READ
from storage.model.records import Note
from storage.model.text_records import CommentReading, FoundPhrase, TextVerdict
from storage.reads.reader import Reader
from storage.text.readings import CommentWords, PlacedText, unread_words, write_readings
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Writer

__all__ = ["CommentReadingJob", "alarming_texts", "lexicon_number", "named_words", "readable_mark", "reading_of"]

_LOOKS_EVERY = 60.0
"""Seconds: what alarms is told of by whoever reads it after that, so it waits no longer than a low rating."""
_LONGER = timedelta(days=1)
"""How much longer than `survey.expires_after` an interview may take: what waits for a window, or is settled late."""
_PORTION = 200
_DIGITS = 7
"""Hexadecimal digits of the digest of words and weights that are kept with each reading: 28 bits."""
_HAN, _LATIN = 14, 40
"""Characters of a phrase: what is longer is a sentence of somebody's, of which only the dimension is kept."""
_NEEDS = Needs(notes=frozenset({COMMENTS_READ}))


class CommentReadingJob(Value, eq=False):
    """Reads what was not read yet, by the lexicon and the mapped phrases of the policy."""

    store: Store
    writer: Writer
    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every minute until cancelled."""
        why = "comments are read a minute later"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="comments", why=why)

    async def look(self) -> None:
        """Read what is new, or everything by another lexicon. Raises what the writer raises."""
        policy, begun = self.receiver.policy, self.clock.now()
        comments = policy.comments
        lexicon = await asyncio.to_thread(lexicon_number, comments)
        mark = await asyncio.to_thread(readable_mark, comments)
        note = next(iter(await self.reader.notes([COMMENTS_READ])), None)
        since = _since(note, lexicon, policy, begun)
        async for portion in unread_words(self.store, since, lexicon):
            for start in range(0, len(portion), _PORTION):
                await self._read(policy, portion[start : start + _PORTION], lexicon, mark)
        await self.receiver.do(_NEEDS, lambda context: _noted(context, note, f"{lexicon:x}", begun))

    async def _read(self, policy: Policy, words: Sequence[CommentWords], lexicon: int, mark: EncoderMark) -> None:
        named = await named_words(self.receiver, [one for one in words if one.texts or one.said_texts])
        readings = await asyncio.to_thread(_readings, policy.comments, named, lexicon, mark)
        kept = {one.response for one in named}
        wordless = [(one.response, one.version) for one in words if one.response not in kept]
        crash_point("comments_judged")
        await self.writer.perform(partial(write_readings, readings, wordless))


async def named_words(receiver: Receiver, words: Sequence[CommentWords]) -> list[CommentWords]:
    """Return those that may be read: of surveys that are known, also by another process, and not to be anonymous."""
    known = await receiver.survey_versions(one.survey for one in words)
    return [one for one in words if one.survey in known and one.survey[0] not in receiver.policy.anonymous]


def lexicon_number(comments: CommentVocabulary) -> int:
    """Return the number by which readings say what they were read with; the first time takes a second."""
    return int(comments.reader.lexicons.digest[:_DIGITS], 16)


def readable_mark(comments: CommentVocabulary) -> EncoderMark:
    """Return by what the encoder in force is known, as if there were none where its file is damaged."""
    try:
        return comments.mark()
    except ConfigErrors:  # of which whoever asks the encoder raises an alarm
        return NO_ENCODER


def _readings(
    comments: CommentVocabulary, words: Sequence[CommentWords], lexicon: int, mark: EncoderMark
) -> list[CommentReading]:
    return [reading_of(comments, one, lexicon, KnownSentences(mark, one.kept)) for one in words]


def reading_of(
    comments: CommentVocabulary, words: CommentWords, lexicon: int, sentences: KnownSentences
) -> CommentReading:
    """Return what the words of a response say: each thing once for each question, and each text as a whole.

    In phrases, which are folded, names, numbers and addresses are masked before: none becomes one. Words that were no
    answer count nowhere: of them it is only asked whether they alarm.
    """
    judge = comments.judge(sentences)
    found = tuple(dict.fromkeys(_found(comments, words)))
    verdicts = tuple(_verdict(judge, *one) for one in words.texts)
    if ALERT in sentences.outputs:
        for _, text in words.said_texts:
            sentences.sums(comments.reader.lexicons.fold(text))
    agreed = {polarity for question, polarity, _ in verdicts if not question or not words.comment}
    return CommentReading(
        response=words.response,
        at=words.at,
        seen=words.version,
        lexicon=lexicon,
        found=found,
        polarity=agreed.pop() if len(agreed) == 1 else 0 if agreed else None,
        verdicts=verdicts,
        encoder=sentences.encoder,
        sentences=sentences.used,
    )


def alarming_texts(comments: CommentVocabulary, words: CommentWords, sentences: KnownSentences) -> Sequence[PlacedText]:
    """Return the texts of a response of which it is known that somebody should see them today."""
    fold = comments.reader.lexicons.fold
    texts = (*words.texts, *words.said_texts)
    return [(place, text) for place, text in texts if sentences.sums(fold(text)).get(ALERT, 0) > 0]


def _verdict(judge: CommentJudge, question: str, text: str) -> TextVerdict:
    whole = judge.judge(text)
    return question, whole.polarity, tuple(sorted(whole.dimensions))


def _found(comments: CommentVocabulary, words: CommentWords) -> Iterator[FoundPhrase]:
    reader, masker = comments.reader, comments.masker
    for question, text in words.texts:
        for clause in reader.read(masker.masked(text)).clauses:
            for one in clause.findings:
                topic = reader.lexicons.key(one.topic)
                phrase = topic if len(topic) <= (_LATIN if topic.isascii() else _HAN) else ""
                if phrase or one.dimension:
                    yield question, phrase, one.dimension, one.polarity


def _since(note: Note | None, lexicon: int, policy: Policy, now: datetime) -> datetime | None:
    """Return from when on whoever was asked may have written something new, None for all that there is."""
    if note is None or note.value != f"{lexicon:x}":
        return None
    if note.at > now:  # by a clock that was wrong: nobody knows when it was
        return None
    return note.at - policy.expires_after - _LONGER


def _noted(context: DecisionContext, before: Note | None, lexicon: str, at: datetime) -> Decision[None]:
    """Note that all is read, unless it was noted meanwhile that something came that the next look has to read."""
    note = context.snapshot.note(COMMENTS_READ)
    if note != before:
        return Decision(Changes(), None)
    return Decision(Changes((Note(COMMENTS_READ, lexicon, at, note.version if note is not None else 0),)), None)

"""Looks once a night for phrases that many customers use and no lexicon has, and proposes them to an admin."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.handlers.common.comment_words import CommentVocabulary
from bot.handlers.common.context import DecisionContext
from bot.jobs.text.comment_reader import named_words
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.time.local_time import wall_of
from scoring.text.phrase_miner import MinedPhrase, MiningRules, PhraseCounts, mined_phrases
from scoring.text.text_reader import TextReader
from scoring.values import Value
from storage.connection.store import Store
from storage.model.note_keys import PHRASES_MINED
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.text.proposals import replace_proposals
from storage.text.readings import CommentWords, words_since
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Writer

__all__ = ["PhraseMiningJob", "unknown_clauses"]

_LOOKS_EVERY = 600.0
"""Seconds."""
_BACK = timedelta(days=90)
"""How far back words count: a phrase that nobody uses any more is no longer proposed."""
_AT_NIGHT = timedelta(hours=3)
"""The day begins at three: by then nobody waits."""
_NEEDS = Needs(notes=frozenset({PHRASES_MINED}))


class PhraseMiningJob(Value, eq=False):
    """Proposes phrases by the comments of the last 90 days."""

    store: Store
    writer: Writer
    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every ten minutes until cancelled."""
        why = "phrases are looked for ten minutes later"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="phrases", why=why)

    async def look(self) -> None:
        """Search, unless that was done since three at night. Raises what the writer raises."""
        if self.clock.doubt() is not None or not await self._is_due():
            return
        found = await self.search()
        await self.writer.perform(partial(replace_proposals, [(one.text, one.people) for one in found]))
        await self.receiver.do(_NEEDS, _noted)

    async def search(self) -> list[MinedPhrase]:
        """Return the phrases of the last 90 days that the lexicon does not know, the best first."""
        policy = self.receiver.policy
        reader = await asyncio.to_thread(lambda: policy.comments.reader)
        unread: dict[str, list[str]] = {}
        async for portion in words_since(self.store, self.clock.now() - _BACK):
            named = await named_words(self.receiver, portion)
            for customer, clauses in await asyncio.to_thread(_of_people, policy.comments, named):
                unread.setdefault(customer, []).extend(clauses)
        found = await asyncio.to_thread(_mined, policy.comments.mining, list(unread.values()))
        return [one for one in found if _is_unknown(reader, one.text)]

    async def _is_due(self) -> bool:
        kept = await self.reader.notes([PHRASES_MINED])
        return not kept or self._night(kept[0].at) != self._night(self.clock.now())

    def _night(self, at: datetime) -> object:
        return wall_of(at - _AT_NIGHT, self.receiver.policy.timezone).date()


def _of_people(comments: CommentVocabulary, words: Sequence[CommentWords]) -> list[tuple[str, list[str]]]:
    return [
        (one.customer, [clause for _, text in one.texts for clause in unknown_clauses(comments, text)]) for one in words
    ]


def _mined(rules: MiningRules, people: Sequence[Sequence[str]]) -> list[MinedPhrase]:
    counts = PhraseCounts()
    for texts in people:
        counts.add(texts)
    return mined_phrases(counts, rules)


def unknown_clauses(comments: CommentVocabulary, text: str) -> Iterator[str]:
    """Yield the clauses that speak of nothing the reader knows, folded, without names, numbers and addresses."""
    reader, shown = comments.reader, comments.masker.masked(text)
    for clause in reader.read(shown).clauses:
        if not any(one.dimension for one in clause.findings):
            yield reader.lexicons.fold(shown[clause.start : clause.end])


def _is_unknown(reader: TextReader, phrase: str) -> bool:
    """Return whether the lexicon has neither a phrase nor a part of it; that it is wished for is no matter."""
    findings = (one for clause in reader.read(phrase).clauses for one in clause.findings)
    is_read = any(one.dimension or reader.lexicons.key(one.topic) != phrase for one in findings)
    return not is_read and reader.lexicons.known(phrase) is None


def _noted(context: DecisionContext) -> Decision[None]:
    note = context.snapshot.note(PHRASES_MINED)
    return Decision(Changes((Note(PHRASES_MINED, "", context.now, note.version if note is not None else 0),)), None)

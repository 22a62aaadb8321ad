"""A crowd that is asked, answers and is asked again while the product dies and comes back; it knows what it said."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import aiohttp

from tests.support.botapi import Message, Person
from tests.support.process import KEY
from tests.support.town.town import Town, closing, eventually
from tests.support.town.words import asked, said, step

__all__ = ["QUESTIONS", "Crowd", "Told"]

QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
PATIENCE = 150.0
"""Seconds that a person waits for the next question; Telegram forgets a press that nobody took after as many."""
FORGOTTEN_WITHIN = 110.0
"""Seconds that are left to a press which must be heard before the next kill."""
LINES = 64
"""Tickets that the help desk closes at a time."""
LEISURE = 12
"""How many times as long a person thinks in the first round, or the crowd would march in step."""
UNREACHED = """
SELECT v.ticket FROM outbox o JOIN interviews i ON i.id = o.about JOIN invitations v ON v.id = i.invitation
WHERE o.status = 'unknown' AND o.purpose IN ('survey', 'reminder') GROUP BY v.ticket HAVING count(*) = 2
"""
"""Tickets whose question and reminder are both in doubt: nothing more will come of itself."""
UNANSWERED = """
SELECT v.ticket, count(*) FROM outbox o JOIN interviews i ON i.id = o.about JOIN invitations v ON v.id = i.invitation
WHERE o.purpose = 'reply' AND o.edits IS NULL
GROUP BY v.ticket HAVING max(o.seq) = max(CASE WHEN o.status = 'unknown' THEN o.seq END)
"""
"""Tickets of people who have written so often, and the new message that follows is in doubt: it may never come."""


@dataclass(slots=True)
class Told:
    """What one customer was asked about and said: their own record, which nothing of ours has touched.

    They have `written` so many answers; the last one was written (`wrote_last`), or tapped.
    """

    ticket: str
    ratings: tuple[int, ...]
    remark: str | None
    comment: str
    customer: str
    written: int = 0
    wrote_last: bool = False


@dataclass(slots=True)
class Crowd:
    """So many customers with one open interview each; when it is over, their next ticket is closed.

    They think for at most `thought` seconds before they answer. `closed` are the tickets of which the product has said
    that it knows them. The first questions are all seen before the first is answered (`all_asked`).
    """

    town: Town
    dice: random.Random
    people: int
    thought: float
    told: list[Told] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    is_enough: bool = False
    is_over: bool = False
    all_asked: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: int = 0
    _unreached: set[str] = field(default_factory=set)
    _unanswered: dict[str, int] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lines: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINES))

    async def lives(self) -> None:
        """Live until nobody shall be asked again, and everybody has finished."""
        base, headers = str(self.town.product.api.base_url), {"Authorization": f"Bearer {KEY}"}
        async with aiohttp.ClientSession(base, headers=headers) as desk, asyncio.TaskGroup() as lives:
            for number in range(self.people):
                person = self.town.telegram.user(100_001 + number, name="王女士")
                person.chat.bot = "member"  # they pressed Start long ago
                lives.create_task(self._live(person, desk))
        self.is_over = True

    async def is_busy(self) -> None:
        """Wait until five of six people have an interview open; the others' tickets are just being closed."""

        async def look() -> bool | None:
            return True if self.town.open_interviews() >= self.people * 5 // 6 else None

        await eventually(look, within=60)

    async def is_heard(self) -> None:
        """Wait until no press is about to be forgotten by Telegram: a slow machine hears little in a short life."""
        updates = self.town.telegram.bot.updates

        async def look() -> bool | None:
            return updates.shortest_life > FORGOTTEN_WITHIN or None

        await eventually(look, within=60)

    async def looks_for_unreached(self) -> None:
        """Tell whom nothing reaches any more, as a clerk on the phone would, that they can just write a number."""
        while not self.is_over:
            self._unreached.update(ticket for (ticket,) in self.town.ledger.rows(UNREACHED))
            self._unanswered = dict(self.town.ledger.rows(UNANSWERED))
            for chat in self.town.telegram.world.chats.values():
                chat.bell.ring()
            await asyncio.sleep(0.5)

    async def _live(self, person: Person, desk: aiohttp.ClientSession) -> None:
        while not self.is_enough:
            told, last = self._next(person), max(person.chat.messages, default=0)
            self.told.append(told)
            async with self._lines:
                await self._close(told, person, desk)
            await self._rate_first(told, person, last)
            for place, rating in enumerate(told.ratings[1:], 2):
                await self._rate(told, person, place, rating, last)
            await self._asked_next(told, person, said("ask.comment"), last)
            await self._write(told, person, told.comment)
            await self._asked_next(told, person, said("done.thanks_name", name="王女士"), last)

    def _next(self, person: Person) -> Told:
        """Return what a person will say; one in twenty rates the first question low, with a remark.

        A group takes twenty messages a minute: with more of them the end is waited for.
        """
        number = next(self._numbers)
        low = number % 20 == 0
        ratings = (2 if low else 4, *(self.dice.randint(4, 5) for _ in QUESTIONS[1:]))
        remark = f"等得太久 {number}" if low else None
        return Told(f"t{number}", ratings, remark, f"辛苦了 {number}", f"c-{person.account.id}")

    async def _close(self, told: Told, person: Person, desk: aiohttp.ClientSession) -> None:
        """Close the ticket as a help desk does: again and again until it is told that this was heard."""
        body = closing(person, subject=told.ticket)
        while told.ticket not in self.closed:
            try:
                async with desk.put(f"/api/v1/tickets/desk/{told.ticket}", json=body) as answer:
                    answer.raise_for_status()
                    self.closed.add(told.ticket)
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(self.dice.uniform(0.05, 0.3))

    async def _rate_first(self, told: Told, person: Person, last: int) -> None:
        """Tap the first rating, or write it where neither the question nor its reminder arrived; say why it is low."""

        def look() -> list[Message] | None:
            question = _newest(person, step(1), last)
            return [question] if question else [] if told.ticket in self._unreached else None

        seen = await person.chat.bell.until(look, PATIENCE, person.picture)
        await self._meet()
        if seen:  # it has lost its buttons to a reminder that came meanwhile
            await self._tap(told, person, told.ratings[0], _newest(person, step(1), last) or seen[0])
        else:
            await self._write(told, person, str(told.ratings[0]))
        if told.remark is not None:
            await self._asked_next(told, person, asked("ask.why", 1, 2), last)
            await self._write(told, person, told.remark)

    async def _rate(self, told: Told, person: Person, place: int, rating: int, last: int) -> None:
        """Tap a rating, or write it where the message that should ask for it is in doubt and is not seen."""
        if await self._asked_next(told, person, step(place), last) is not None:
            await asyncio.sleep(self.dice.uniform(0, self.thought))
        question = _newest(person, step(place), last)
        if question is not None:
            await self._tap(told, person, rating, question)
        else:
            await self._write(told, person, str(rating))

    async def _tap(self, told: Told, person: Person, rating: int, message: Message) -> None:
        told.wrote_last = False
        await person.taps(str(rating), message=message)

    async def _write(self, told: Told, person: Person, words: str) -> None:
        told.written, told.wrote_last = told.written + 1, True
        await (person.says(words) if words.isdecimal() else self.town.writes(person, words))

    async def _asked_next(self, told: Told, person: Person, fragment: str, last: int) -> Message | None:
        """Return what follows an answer, or None where the new message below typed words is in doubt, and not seen."""

        def look() -> list[Message] | None:
            found = _newest(person, fragment, last)
            is_lost = told.wrote_last and self._unanswered.get(told.ticket) == told.written
            return [found] if found else [] if is_lost else None

        seen = await person.chat.bell.until(look, PATIENCE, lambda: f"{fragment!r} in {person.picture()}")
        return seen[0] if seen else None

    async def _meet(self) -> None:
        leisure = 1 if self.all_asked.is_set() else LEISURE
        self._asked += 1
        if self._asked == self.people:
            self.all_asked.set()
        await self.all_asked.wait()
        await asyncio.sleep(self.dice.uniform(0, leisure * self.thought))


def _newest(person: Person, fragment: str, last: int) -> Message | None:
    return next((m for m in person.chat.newest() if m.by_bot and m.id > last and fragment in m.text), None)

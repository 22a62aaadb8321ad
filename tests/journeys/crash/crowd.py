"""A crowd that is asked, answers and is asked again while the product dies and comes back; it knows what it said."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import aiohttp

from tests.support.botapi import Message, Person
from tests.support.process import KEY
from tests.support.town.town import Town, closing, eventually
from tests.support.town.words import asked, said, step

__all__ = ["QUESTIONS", "Crowd", "Told"]

QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
PATIENCE = 150.0
"""Seconds that a person waits for the next question; Telegram forgets a press that nobody took after as many."""
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
SELECT v.ticket FROM outbox o JOIN interviews i ON i.id = o.about JOIN invitations v ON v.id = i.invitation
WHERE o.status = 'unknown' AND o.purpose = 'reply' AND o.edits IS NULL
"""
"""Tickets of people who wrote an answer, and the new message that follows it is in doubt: it may never come."""


@dataclass(slots=True)
class Told:
    """What one customer was asked about and said: their own record, which nothing of ours has touched."""

    ticket: str
    ratings: tuple[int, ...]
    remark: str | None
    comment: str
    customer: str


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
    _unanswered: set[str] = field(default_factory=set)
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

    async def looks_for_unreached(self) -> None:
        """Tell whom nothing reaches any more, as a clerk on the phone would, that they can just write a number."""
        while not self.is_over:
            self._unreached.update(ticket for (ticket,) in self.town.ledger.rows(UNREACHED))
            self._unanswered.update(ticket for (ticket,) in self.town.ledger.rows(UNANSWERED))
            for chat in self.town.telegram.world.chats.values():
                chat.bell.ring()
            await asyncio.sleep(0.5)

    async def _live(self, person: Person, desk: aiohttp.ClientSession) -> None:
        while not self.is_enough:
            told, last = self._next(person), max(person.chat.messages, default=0)
            self.told.append(told)
            async with self._lines:
                await self._close(told, person, desk)
            if await self._rate_first(told, person, last) and told.remark is None:
                await self._rate_second(told, person, last)
            else:
                await person.taps(str(told.ratings[1]), message=await self._thinks_about(person, step(2), last))
            for place, rating in enumerate(told.ratings[2:], 3):
                await person.taps(str(rating), message=await self._thinks_about(person, step(place), last))
            await self._thinks_about(person, said("ask.comment"), last)
            await self.town.writes(person, told.comment)
            await _sees(person, said("done.thanks_name", name="王女士"), last)

    def _next(self, person: Person) -> Told:
        """Think up what a person will say; every tenth is unhappy at first and says why."""
        number = next(self._numbers)
        low = number % 10 == 0
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

    async def _rate_first(self, told: Told, person: Person, last: int) -> bool:
        """Tap the first rating, or write it where neither the question nor its reminder arrived; say why it is low.

        Return whether it was written.
        """

        def look() -> list[Message] | None:
            question = _newest(person, step(1), last)
            return [question] if question else [] if told.ticket in self._unreached else None

        seen = await person.chat.bell.until(look, PATIENCE, person.picture)
        await self._meet()
        if seen:  # it has lost its buttons to a reminder that came meanwhile
            await person.taps(str(told.ratings[0]), message=_newest(person, step(1), last) or seen[0])
        else:
            await person.says(str(told.ratings[0]))
        if told.remark is not None:
            await self._asked_next(told, person, asked("ask.why", 1, 2), last)
            await self.town.writes(person, told.remark)
        return not seen

    async def _rate_second(self, told: Told, person: Person, last: int) -> None:
        """Tap the second rating, or write it where the first was written and the answer to that is in doubt."""
        question = await self._asked_next(told, person, step(2), last)
        if question is not None:
            await person.taps(str(told.ratings[1]), message=question)
        else:
            await person.says(str(told.ratings[1]))

    async def _asked_next(self, told: Told, person: Person, fragment: str, last: int) -> Message | None:
        """Return what follows typed words, or None where its sending as a new message is in doubt."""

        def look() -> list[Message] | None:
            found = _newest(person, fragment, last)
            return [found] if found else [] if told.ticket in self._unanswered else None

        seen = await person.chat.bell.until(look, PATIENCE, lambda: f"{fragment!r} in {person.picture()}")
        return seen[0] if seen else None

    async def _thinks_about(self, person: Person, fragment: str, last: int) -> Message:
        await _sees(person, fragment, last)
        await asyncio.sleep(self.dice.uniform(0, self.thought))
        return await _sees(person, fragment, last)

    async def _meet(self) -> None:
        leisure = 1 if self.all_asked.is_set() else LEISURE
        self._asked += 1
        if self._asked == self.people:
            self.all_asked.set()
        await self.all_asked.wait()
        await asyncio.sleep(self.dice.uniform(0, leisure * self.thought))


async def _sees(person: Person, fragment: str, last: int) -> Message:
    """Wait for a message newer than the interview before, in whichever copy of the question it stands."""
    look = partial(_newest, person, fragment, last)
    return await person.chat.bell.until(look, PATIENCE, lambda: f"{fragment!r} in {person.picture()}")


def _newest(person: Person, fragment: str, last: int) -> Message | None:
    return next((m for m in person.chat.newest() if m.by_bot and m.id > last and fragment in m.text), None)

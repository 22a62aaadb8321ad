"""A crowd that is asked, answers and is asked again while the product dies and comes back; it knows what it said."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import httpx

from tests.journeys.town import Town
from tests.journeys.words import asked, said, step
from tests.support.botapi import Message, Person

__all__ = ["QUESTIONS", "Crowd", "Told"]

QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
PATIENCE = 240.0
"""Seconds that a person waits for the next question; far more than all kills in a row take."""


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
    """Customers with one open interview each; when it is over, their next ticket is closed."""

    town: Town
    dice: random.Random
    told: list[Told] = field(default_factory=list)
    is_enough: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def lives(self, people: int) -> None:
        """Live until nobody shall be asked again, and everybody has finished."""
        async with asyncio.TaskGroup() as lives:
            for number in range(people):
                person = self.town.telegram.user(100_001 + number, name="王女士")
                person.chat.bot = "member"  # they pressed Start long ago
                lives.create_task(self._live(person))

    async def _live(self, person: Person) -> None:
        while not self.is_enough:
            await self._be_asked(person)

    async def _be_asked(self, person: Person) -> None:
        """Have a ticket closed and answer everything about it; every tenth person is unhappy at first and says why."""
        number, last = next(self._numbers), max(person.chat.messages, default=0)
        low = number % 10 == 0
        ratings = (2 if low else 4, *(self.dice.randint(4, 5) for _ in QUESTIONS[1:]))
        remark = f"等得太久 {number}" if low else None
        told = Told(f"t{number}", ratings, remark, f"辛苦了 {number}", f"c-{person.account.id}")
        self.told.append(told)
        await self._close(told, person)
        for place, rating in enumerate(ratings, 1):
            await person.taps(str(rating), message=await _sees(person, step(place), last))
            if place == 1 and remark is not None:
                await _sees(person, asked("ask.why", 1, 2), last)
                await self.town.writes(person, remark)
        await _sees(person, said("ask.comment"), last)
        await self.town.writes(person, told.comment)
        await _sees(person, said("done.thanks_name", name="王女士"), last)

    async def _close(self, told: Told, person: Person) -> None:
        """Close the ticket as a help desk does: again and again until it is told that this was heard."""
        while True:
            try:
                await self.town.put(told.ticket, "closed", person)
            except httpx.TransportError:
                await asyncio.sleep(self.dice.uniform(0.05, 0.3))
            else:
                return


async def _sees(person: Person, fragment: str, last: int) -> Message:
    """Wait for a message newer than the interview before, in whichever copy of the question it stands."""
    look = partial(_newest, person, fragment, last)
    return await person.chat.bell.until(look, PATIENCE, lambda: f"{fragment!r} in {person.picture()}")


def _newest(person: Person, fragment: str, last: int) -> Message | None:
    return next((m for m in person.chat.newest() if m.by_bot and m.id > last and fragment in m.text), None)

"""Customers who are asked and answer for as long as it is wanted, and who note each answer that was acknowledged."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count

from tests.support.botapi import Person
from tests.support.town.town import Town
from tests.support.town.words import step

__all__ = ["AnsweringCrowd", "Noted"]

_QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
_THOUGHT = 0.05
"""Seconds that a customer thinks before the next answer."""


@dataclass(frozen=True, slots=True)
class Noted:
    """An answer by name, and the moment at which its customer saw that it was taken."""

    ticket: str
    question: str
    value: int
    acknowledged: float


@dataclass(slots=True)
class AnsweringCrowd:
    """So many lines of customers: whoever has finished makes room for the next one, until it is enough.

    `tapped` are all answers that were given, `noted` those of which the customer saw that they were taken.
    """

    town: Town
    lines: int
    people: dict[str, Person] = field(default_factory=dict)
    tapped: set[tuple[str, str, int]] = field(default_factory=set)
    noted: list[Noted] = field(default_factory=list)
    is_enough: bool = False
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def lives(self) -> None:
        """Answer on and on; whoever is in the middle when it is enough stops there."""
        async with asyncio.TaskGroup() as lines:
            for _ in range(self.lines):
                lines.create_task(self._line())

    async def has_noted(self, number: int) -> None:
        """Wait until so many more answers are acknowledged."""
        goal = len(self.noted) + number
        while len(self.noted) < goal:  # noqa: ASYNC110 (what is counted rings no bell)
            await asyncio.sleep(0.01)

    async def _line(self) -> None:
        while not self.is_enough:
            ticket = f"t{next(self._numbers)}"
            person = self.people[ticket] = await self.town.customer()
            await self.town.put(ticket, "closed", person)
            await self._interview(ticket, person)

    async def _interview(self, ticket: str, person: Person) -> None:
        for place, question in enumerate(_QUESTIONS, 1):
            await person.sees(step(place), within=60)
            if self._stops():
                return
            await self._answer(ticket, question, 4 + len(self.noted) % 2)

    def _stops(self) -> bool:
        return self.is_enough

    async def _answer(self, ticket: str, question: str, value: int) -> None:
        person = self.people[ticket]
        self.tapped.add((ticket, question, value))
        await person.taps(str(value))
        await person.answered(within=60)
        self.noted.append(Noted(ticket, question, value, time.monotonic()))
        await asyncio.sleep(_THOUGHT)

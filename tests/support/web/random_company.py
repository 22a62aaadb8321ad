"""A company in which customers and people of the team do at random what they can; the same seed is the same story."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import Any

from bot.channels.sandbox.channel import BUTTON, parse_action
from bot.wiring.startup import known_surveys
from config.surveys.load import read_surveys
from dialogs.messages import Tap, Verb
from scoring.values import replace
from storage.unit_of_work.writer import Writer
from tests.support.rights import fulfil
from tests.support.web.service import Service

__all__ = ["RandomCompany"]

WORDS = ("5", "4", "1", "2 太慢了", "都4分", "撤销", "跳过", "上一步", "师傅很好", "没空", "3", "5", "4", "2")
NAMES = ("李工", "王工", "张工", "赵工", "孙工")
STEPS = ("", "approve", "approve", "reject", "appeal", "grant", "dismiss")
QUESTIONS = ("response_speed", "problem_solving", "attitude", "convenience", "after_care")
PEOPLE = 6
_REOPENED = 0.3
"""How many reports of a ticket say that it is open again."""


class RandomCompany:
    """A company whose customers and people do at random what they can."""

    def __init__(self, service: Service, seed: int) -> None:
        self.service, self.dice = service, Random(seed)  # noqa: S311 (nothing is kept secret by it)
        self.done = 0
        self.erased = [0] * PEOPLE
        receiver = service.house.web.receiver
        receiver.adopt(
            replace(
                receiver.policy,
                quarantine=timedelta(0),
                test_customers=frozenset(f"c-0-{number}" for number in range(1000)),
            )
        )

    async def begin(self) -> None:
        """Store the surveys, as the start does."""
        house = self.service.house
        writer = Writer(house.store, house.clock.now)
        await known_surveys(house.web.reader, writer, read_surveys())
        await writer.stop()

    async def step(self) -> None:
        """Let somebody do something, and let time pass."""
        does: tuple[tuple[int, Callable[[], Awaitable[object]]], ...] = (
            (10, self.close), (20, self.speak), (4, self.correct), (8, self.judge), (1, self.forget),
        )  # fmt: skip
        (chosen,) = self.dice.choices([one for _, one in does], [weight for weight, _ in does])
        self.done += 1
        await chosen()
        await self.service.passes(
            self.dice.choice((timedelta(milliseconds=300), timedelta(hours=1), timedelta(hours=20)))
        )

    def somebody(self) -> tuple[str, str, dict[str, Any]]:
        number = self.dice.randrange(PEOPLE)
        chat = f"phone-{number}x{self.erased[number]}"
        return (
            f"c-{number}-{self.erased[number]}",
            chat,
            {"contacts": [{"channel": "sandbox", "address": chat}], "tier": "gold"},
        )

    async def close(self) -> None:
        ticket = self.dice.randrange(5)
        await self._report(ticket, "reopened" if self.dice.random() < _REOPENED else "closed")

    async def _report(self, ticket: int, status: str) -> None:
        customer, _, person = self.somebody()
        team = self.dice.choice(("north", "south"))
        await self.service.closes(f"{customer}-{ticket}", customer, status=status, person=person, team=team)

    async def speak(self) -> None:
        _, chat, _ = self.somebody()
        for _ in range(self.dice.randint(1, 7)):
            await self.service.says(self.dice.choice(WORDS), chat)
            self.service.house.clock.passes(timedelta(milliseconds=self.dice.choice((300, 9000))))

    async def responses(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await self.service.api.get("/api/v1/responses", params={"cursor": cursor} if cursor else {})).json()
            found, cursor = found + page["items"], page["next"]
        return found

    async def correct(self) -> None:
        answered = [one for one in await self.responses() if one["answers"]]
        if answered:
            one, value = self.dice.choice(answered), self.dice.randint(1, 5)
            _, chat, _ = self.somebody()
            tap = BUTTON.encode(Tap(Verb.RATE, one["id"], self.dice.choice(QUESTIONS), value)).replace('"', '\\"')
            raw = f'{{"id":"tapped-{self.done}","chat":"{chat}","person":"{chat}","tap":"{tap}"}}'.encode()
            await self.service.house.web.receiver.receive(parse_action(raw, self.service.now), f"sandbox:{chat}", raw)

    async def judge(self) -> None:
        found = await self.responses()
        if found:
            name, body = self.dice.choice(STEPS), {"by": self.dice.choice(NAMES), "note": "理由"}
            path = f"/api/v1/responses/{self.dice.choice(found)['id']}/exclusion{f'/{name}' if name else ''}"
            given = body if name else {**body, "reason": "malicious"}
            assert (await self.service.api.post(path, json=given)).status_code in (200, 201, 404, 409)

    async def forget(self) -> None:
        customer, _, _ = self.somebody()
        self.erased[int(customer.split("-")[1])] += 1  # whoever was erased comes back as somebody new
        await self.service.api.delete(f"/api/v1/customers/{customer}")
        await fulfil(self.service.house)

    async def counted(self) -> dict[str, int]:
        """Return how many ratings are raw, counted, and excluded by each reason; raw is the sum of the others."""
        sums: dict[str, int] = {"raw": 0, "counted": 0}
        for one in await self.responses():
            told = (await self.service.api.get(f"/api/v1/responses/{one['id']}/explain")).json()
            assert told["raw"] == len(one["answers"]) == told["counted"] + sum(told["excluded"].values())
            for name, number in ({"raw": told["raw"], "counted": told["counted"]} | told["excluded"]).items():
                sums[name] = sums.get(name, 0) + number
        return sums

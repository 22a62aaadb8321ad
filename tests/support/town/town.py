"""A town to journey in: the product, a Telegram around it, a help desk that closes tickets, and the team's group."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from storage.verification.verify import verify_database
from tests.support.botapi import TOKEN, FakeTelegram, Group, Person, Speaker
from tests.support.database.ledger import Ledger
from tests.support.process import KEY, Product, product_at
from tests.support.time.patience import PATIENCE
from tests.support.town.words import said

__all__ = [
    "GROUP",
    "HOOKS_SECRET",
    "WEBHOOK_SECRET",
    "Json",
    "Town",
    "closing",
    "eventually",
    "living_town_at",
    "town_at",
]

T = TypeVar("T")
Json = dict[str, Any]
GROUP = -4_001_234
WEBHOOK_SECRET = "webhook-secret-77aa19"
HOOKS_SECRET = "whsec_c2VjcmV0LW9mLXRoZS1qb3VybmV5cy0xMjM0NTY3ODkw"
PROMPT = {
    "survey.delay": "0s",
    "survey.quiet_hours": "off",
    "alerts.settle": "1s",
    "hooks.secret": HOOKS_SECRET,
    "telegram.token": TOKEN,
    "telegram.team_chat": str(GROUP),
    "telegram.webhook_secret": WEBHOOK_SECRET,
    "telegram.rate": "1000000",
    "telegram.chat_rate": "1000000",
    "telegram.chat_burst": "1000000",
    "telegram.group_rate": "1000000",
}
"""Settings under which everything happens at once."""


def closing(customer: Person, *, subject: str = "空调不制冷", contact: bool = True) -> Json:
    """Return what the help desk says of this customer's ticket when it closes it."""
    chat = str(customer.account.id)
    contacts = [{"channel": "telegram", "address": chat}] if contact else []
    person = {"id": f"c-{chat}", "name": customer.account.name, "timezone": "Asia/Shanghai", "contacts": contacts}
    return {"status": "closed", "subject": subject, "agent": {"id": "a17", "name": "李工"}, "customer": person}


async def eventually(look: Callable[[], Awaitable[T | None]], within: float = PATIENCE) -> T:
    """Look again and again until something is found; for what can only be seen by asking."""
    until = time.monotonic() + within
    while (sight := await look()) is None:
        assert time.monotonic() < until, f"not within {within} s"
        await asyncio.sleep(0.02)
    return sight


@dataclass(slots=True, repr=False)
class Town:
    """Who and what a journey meets. `private` are the customers' words, which no log may hold."""

    product: Product
    telegram: FakeTelegram
    group: Group
    li: Speaker
    zhang: Speaker
    private: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(10_001))

    @property
    def ledger(self) -> Ledger:
        """Return the product's own database, to read."""
        return Ledger(self.product.folder / "var" / "huifang.db")

    def open_interviews(self) -> int:
        """Count the interviews that wait for an answer."""
        states = "'invited', 'rating', 'remarking', 'commenting'"
        return int(self.ledger.rows(f"SELECT count(*) FROM interviews WHERE state IN ({states})")[0][0])  # noqa: S608 (our own words)

    async def settles(self, within: float = PATIENCE) -> None:
        """Wait until nothing is on its way any more; people read before they answer, and this is how long."""

        async def look() -> bool | None:
            return None if self.ledger.is_busy() else True

        await eventually(look, within)

    async def customer(self, name: str = "王女士", *, started: bool = True) -> Person:
        """Bring a customer into the town, who has pressed Start unless told otherwise."""
        person = self.telegram.user(next(self._numbers), name=name)
        if started:
            await person.start()
            await person.sees(said("notice.unknown_chat"))
        return person

    async def writes(self, person: Speaker, text: str) -> None:
        """Let a customer write something that nobody shall find in a log."""
        self.private.append(text)
        await person.says(text)

    async def put(self, ticket: str, status: str, customer: Person, *, contact: bool = True) -> Json:
        """Tell the product of a ticket; gives the answer."""
        body = closing(customer, contact=contact) | {"status": status}
        return await self.call("PUT", f"/api/v1/tickets/desk/{ticket}", body)

    async def survey(self, ticket: str) -> Json:
        """Return what has become of a ticket's survey."""
        survey: Json = (await self.call("GET", f"/api/v1/tickets/desk/{ticket}"))["survey"]
        return survey

    async def survey_becomes(
        self, ticket: str, status: str, *, reason: str | None = None, within: float = PATIENCE
    ) -> Json:
        """Wait until a ticket's survey has this status and reason."""

        async def look() -> Json | None:
            survey = await self.survey(ticket)
            return survey if (survey["status"], survey["reason"]) == (status, reason) else None

        return await eventually(look, within)

    async def response(self, ticket: str) -> Json:
        """Return the only response of a ticket."""
        (response,) = (await self.call("GET", f"/api/v1/responses?ticket=desk/{ticket}"))["items"]
        return dict(response)

    async def issues(self, ticket: str) -> list[Json]:
        """List the issues of a ticket."""
        items: list[Json] = (await self.call("GET", f"/api/v1/issues?ticket=desk/{ticket}"))["items"]
        return items

    async def issue(self, ticket: str, within: float = PATIENCE) -> Json:
        """Wait for the one issue of a ticket."""

        async def look() -> Json | None:
            found = await self.issues(ticket)
            return found[0] if found else None

        return await eventually(look, within)

    async def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Json:
        """Call the API; it must succeed."""
        answer = await self.product.api.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        told: Json = answer.json()
        return told

    async def check(self) -> None:
        """Hold what holds on every journey: no rule of Telegram broken, every press answered, no secret in a log.

        And no row of the database breaks a promise, which is looked at while the product works on.
        """
        taps = self.telegram.world.taps.values()
        await self.telegram.until(lambda: all(tap.answers for tap in taps) or None)
        assert self.telegram.violations == []
        log = self.product.log
        secrets = [TOKEN, TOKEN.partition(":")[2], WEBHOOK_SECRET, HOOKS_SECRET, KEY, *self.private]
        assert [secret for secret in secrets if secret in log] == []
        assert "Traceback" not in log, log
        verified = await verify_database(f"sqlite:///{self.ledger.file}", datetime.now(UTC))
        assert [str(one) for one in verified.violations] == []


@asynccontextmanager
async def town_at(
    folder: Path, mode: str, settings: Mapping[str, str] | None = None, *, warm: bool = False
) -> AsyncIterator[Town]:
    """Found a town; the product in it is not started yet, nor ever quickly unless it is `warm`."""
    async with FakeTelegram().serve() as telegram:
        li, zhang = telegram.user(201, name="小李"), telegram.user(202, name="小张")
        group = telegram.group(GROUP, "售后一组", [li, zhang])
        ours = PROMPT | {"telegram.api_base": telegram.api_base, "telegram.mode": mode} | dict(settings or {})
        async with product_at(folder, ours, warm=warm) as product:
            yield Town(product, telegram, group, group.member(li), group.member(zhang))


@asynccontextmanager
async def living_town_at(folder: Path, mode: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Town]:
    """Found a town whose product runs; afterwards the town is checked."""
    async with town_at(folder, mode, settings) as town:
        await town.product.start()
        yield town
        await town.check()

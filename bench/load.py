"""The load: simulated customers who press, wait for the next question, and press again.

The customers and the stub of Telegram live in one process, so that the time from the webhook POST to the message or
edit that answers it is read from one clock. They know nothing of the bot: they press the rating button that a reply
offers, write a comment when a reply offers none, and then the next customer's turn comes.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import urlsplit

from bench.keyboard import next_press
from bench.measure import cpu_seconds, percentile
from bench.updates import comment, press
from bench.wire import Pool
from tests.support.botapi.http.lean import Sent

__all__ = ["Beginning", "Figures", "Load"]

Beginning = Callable[[int], bytes]
FIRST_CUSTOMER = 50_000_001
PATIENCE = 30.0  # seconds without any reply after which a bot counts as stuck
GRACE = 10.0  # seconds in which the last replies may still arrive
RETRY = 0.05  # Telegram repeats what was not accepted


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run measured; latencies in milliseconds from POST to reply, CPU in milliseconds per answer."""

    answers: int
    seconds: float
    p50: float
    p99: float
    bot_cpu: float
    own_cpu: float
    interviews: int
    surplus: int
    refused: int
    unanswered: int

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds

    def line(self) -> str:
        """Write it as one readable line."""
        return (
            f"{self.rate:8.0f} answers/s   p50 {self.p50:7.1f} ms   p99 {self.p99:7.1f} ms   "
            f"CPU/answer {self.bot_cpu:.3f} ms (generator {self.own_cpu:.3f})   {self.answers} answers in "
            f"{self.seconds:.1f} s, {self.interviews} interviews ended, {self.surplus} surplus replies, "
            f"{self.refused} refused posts, {self.unanswered} unanswered"
        )


@dataclass(slots=True)
class _Customer:
    chat_id: int
    waits_since: float | None = None
    began: bool = False
    commented: bool = False
    message_id: int = 0
    markup: bytes = b""
    data: str | None = None


@dataclass(slots=True)
class _Count:
    latencies: list[float] = field(default_factory=list)
    interviews: int = 0
    surplus: int = 0
    refused: int = 0


class Load:
    """The customers of one bot. Give `heard` to the stub as its listener."""

    def __init__(self, hook_url: str, secret: str, begin: Beginning, connections: int = 200) -> None:
        where = urlsplit(hook_url)
        self._pool = Pool(where.hostname or "127.0.0.1", where.port or 80, connections)
        self._path, self._secret, self._begin = where.path, secret, begin
        self._numbers = count(FIRST_CUSTOMER)
        self._updates = count(1)
        self._customers: dict[int, _Customer] = {}
        self._asked: deque[_Customer] = deque()
        self._count = _Count()
        self._last_reply = 0.0
        self._on_ready: Callable[[_Customer], None] = self._asked.append

    def close(self) -> None:
        """Close the connections to the bot."""
        self._pool.close()

    async def prepare(self, interviews: int, at_once: int) -> None:
        """Begin so many interviews and wait until each has its first question.

        Raises RuntimeError when the bot stops asking.
        """
        self._on_ready = self._asked.append
        goal = len(self._asked) + interviews
        begun = 0
        self._last_reply = time.perf_counter()
        while len(self._asked) < goal:
            while begun < interviews and goal - len(self._asked) - (interviews - begun) < at_once:
                self._begin_one()
                begun += 1
            await asyncio.sleep(0.005)
            if time.perf_counter() - self._last_reply > PATIENCE:
                raise RuntimeError(f"only {len(self._asked)} of {goal} interviews were asked; {self._count}")

    async def closed_loop(self, pid: int, customers: int, seconds: float) -> Figures:
        """Let so many customers answer as fast as the bot asks; new interviews begin when the prepared ones end."""
        self.go(customers)
        figures = await self.looked_on(pid, seconds)
        return replace(figures, unanswered=await self._settled())

    def go(self, customers: int) -> None:
        """Let so many customers answer as fast as the bot asks, from now on."""
        self._on_ready = self._answer
        for _ in range(customers):
            self._take_or_begin()

    async def looked_on(self, pid: int, seconds: float) -> Figures:
        """Return what is answered in these seconds."""
        readings = self._start_reading(pid)
        await asyncio.sleep(seconds)
        return self._figures(pid, readings, 0)

    async def fixed_rate(self, pid: int, rate: float, seconds: float) -> Figures:
        """Send so many answers per second whatever the bot does; prepare enough interviews for all of them before.

        A late post counts from when it was due, so that a slow bot cannot hide behind its own slowness. Who was
        asked last answers first, so that whole interviews are walked, comments included.
        """
        self._on_ready = self._asked.append
        readings = self._start_reading(pid)
        start = time.perf_counter()
        for number in range(int(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if not self._asked:
                raise RuntimeError(f"after {number} answers nobody is left to answer; prepare more interviews")
            self._answer(self._asked.pop(), due)
        return self._figures(pid, readings, await self._settled())

    def heard(self, sent: Sent) -> None:
        """Take a reply of the bot: note how long it took and let the customer go on."""
        now = self._last_reply = time.perf_counter()
        customer = self._customers.get(sent.chat_id)
        if customer is None or customer.waits_since is None:
            self._count.surplus += 1
            return
        if customer.began:
            self._count.latencies.append(now - customer.waits_since)
        customer.waits_since, customer.began = None, True
        if customer.commented:
            self._end(customer)
            return
        customer.message_id, customer.markup = sent.message_id, sent.markup
        customer.data = next_press(sent.markup)
        self._on_ready(customer)

    def _answer(self, customer: _Customer, since: float | None = None) -> None:
        number = next(self._updates)
        if customer.data is None:
            customer.commented = True
            written = comment(self._path, self._secret, number, customer.chat_id)
        else:
            place = (customer.chat_id, customer.message_id, customer.markup)
            written = press(self._path, self._secret, number, place, customer.data)
        self._post(customer, written, since)

    def _begin_one(self) -> None:
        customer = _Customer(next(self._numbers))
        self._customers[customer.chat_id] = customer
        self._post(customer, self._begin(customer.chat_id))

    def _take_or_begin(self) -> None:
        if self._asked:
            self._answer(self._asked.popleft())
        else:
            self._begin_one()

    def _end(self, customer: _Customer) -> None:
        self._count.interviews += 1
        del self._customers[customer.chat_id]
        if self._on_ready == self._answer:
            self._take_or_begin()

    def _post(self, customer: _Customer, written: bytes, since: float | None = None) -> None:
        customer.waits_since = time.perf_counter() if since is None else since

        def done(status: int) -> None:
            if not 200 <= status < 300:  # noqa: PLR2004 (HTTP's own bounds of success)
                self._count.refused += 1
                asyncio.get_running_loop().call_later(RETRY, self._pool.send, written, done)

        self._pool.send(written, done)

    def _start_reading(self, pid: int) -> tuple[float, float, float]:
        self._count = _Count()
        return time.perf_counter(), cpu_seconds(pid), time.process_time()

    def _figures(self, pid: int, before: tuple[float, float, float], waiting: int) -> Figures:
        """Read everything at once; what arrives later is not counted."""
        seen, after = self._count, (time.perf_counter(), cpu_seconds(pid), time.process_time())
        seconds, bot, own = (late - early for early, late in zip(before, after, strict=True))
        self._count = _Count()
        answers = len(seen.latencies)
        return Figures(
            answers=answers,
            seconds=seconds,
            p50=percentile(seen.latencies, 0.50) * 1000,
            p99=percentile(seen.latencies, 0.99) * 1000,
            bot_cpu=bot / max(answers, 1) * 1000,
            own_cpu=own / max(answers, 1) * 1000,
            interviews=seen.interviews,
            surplus=seen.surplus,
            refused=seen.refused,
            unanswered=waiting,
        )

    async def _settled(self) -> int:
        """Let the replies under way arrive; gives how many customers still wait after a while."""
        self._on_ready = self._asked.append
        for _ in range(int(GRACE / RETRY)):
            if not self._waiting():
                break
            await asyncio.sleep(RETRY)
        return self._waiting()

    def _waiting(self) -> int:
        return sum(customer.waits_since is not None for customer in self._customers.values())

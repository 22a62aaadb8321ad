"""Carrying pushes to the account's server as the platform does: five seconds, three tries, then an apology."""

import asyncio
import os
import time
from dataclasses import dataclass, field

import aiohttp

from tests.support.wechat.account import Account
from tests.support.wechat.customers import Customer, Seen
from tests.support.wechat.pushes.crypto import sign
from tests.support.wechat.pushes.push import Push, Sealed, Try, compose, seal
from tests.support.wechat.pushes.replies import BadReplyError, read_reply
from tests.support.wechat.pushes.xmlio import Tree
from tests.support.wechat.records import Record

__all__ = ["APOLOGY", "Courier"]

APOLOGY = "该公众号提供的服务出现故障，请稍后再试"
CONNECTS_WITHIN = 3.0
LATER = 0.02  # results of a send arrive after its answer


@dataclass(slots=True, repr=False)
class Courier:
    """Delivers to `hook`; without one nobody hears anything.

    `answer_limit` in seconds; `fresh_retries` False repeats a try byte for byte instead of sealing it anew (the
    platform does not say which it does); the answers to the next `lose_answers` tries get lost on their way back.
    """

    account: Account
    record: Record
    hook: str = ""
    answer_limit: float = 5.0
    tries: int = 3
    pause: float = 0.02
    fresh_retries: bool = True
    lose_answers: int = 0
    pushes: list[Push] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None
    _later: set[asyncio.Task[Push]] = field(default_factory=set)

    async def register(self, url: str) -> None:
        """Verify a hook by GET as the platform does before it takes it; raises AssertionError when it fails."""
        timestamp, nonce = str(self.account.now()), os.urandom(4).hex()
        echo = os.urandom(8).hex()
        query = {"signature": sign(self.account.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        async with self._client().get(url, params=query | {"echostr": echo}, allow_redirects=False) as answer:
            said = await answer.text()
        assert (answer.status, said) == (200, echo), f"the hook is not verified: {answer.status} {said!r}"
        self.hook = url

    async def push(self, customer: Customer, kind: str, fields: Tree) -> Push:
        """Deliver one message or event and return it with its outcome."""
        return await self._deliver(self._composed(customer, kind, fields))

    def push_later(self, customer: Customer, kind: str, fields: Tree) -> None:
        """Deliver an event a moment later, as the results of a send come."""

        async def deliver() -> Push:
            await asyncio.sleep(LATER)
            return await self._deliver(push)

        push = self._composed(customer, kind, fields)
        task = asyncio.create_task(deliver())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def repeat(self, push: Push, *, fresh: bool = False) -> Try:
        """Send a push once more, byte for byte unless `fresh`; the person sees nothing of it."""
        sealed = None if fresh or not push.tries else push.tries[-1].sealed
        return await self.post(sealed or self._sealed(push))

    async def post(self, sealed: Sealed) -> Try:
        """Send this to the hook, whatever it is, and wait for the answer as long as the platform would."""
        begun = time.monotonic()
        timeout = aiohttp.ClientTimeout(self.answer_limit, connect=CONNECTS_WITHIN)
        headers = {"Content-Type": "text/xml"}
        try:
            async with self._client().post(
                self.hook,
                params=sealed.query,
                data=sealed.body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                said = await answer.read()
                return Try(sealed, answer.status, said, time.monotonic() - begun)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Try(sealed, 0, b"", time.monotonic() - begun, f"no answer: {error!r}")

    async def close(self) -> None:
        """End what is under way."""
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _composed(self, customer: Customer, kind: str, fields: Tree) -> Push:
        push = compose(self.account, customer, kind, fields)
        self.pushes.append(push)
        return push

    def _sealed(self, push: Push) -> Sealed:
        return seal(self.account, push.xml, push.customer.openid)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A connection kept to a server that was restarted meanwhile would cost a try.
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self._session

    async def _deliver(self, push: Push) -> Push:
        if not self.hook:
            push.outcome = "unheard"
            return push
        while len(push.tries) < self.tries:
            again = push.tries[-1].sealed if push.tries and not self.fresh_retries else None
            push.tries.append(await self._try(again or self._sealed(push)))
            if not push.tries[-1].problem:
                break
            await asyncio.sleep(self.pause)
        self._conclude(push)
        self.account.bell.ring()
        return push

    async def _try(self, sealed: Sealed) -> Try:
        tried = await self.post(sealed)
        if self.lose_answers:
            self.lose_answers -= 1
            return Try(sealed, 0, tried.answer, tried.seconds, "the answer got lost")
        if tried.problem or tried.status == 200:
            return tried
        return Try(sealed, tried.status, tried.answer, tried.seconds, f"HTTP {tried.status}")

    def _conclude(self, push: Push) -> None:
        last = push.tries[-1]
        if last.problem:
            self._fail(push, last.problem)
            return
        try:
            reply = read_reply(self.account, push.customer, last.answer)
        except BadReplyError as error:
            self._fail(push, str(error))
            return
        push.outcome, push.reply = "accepted", reply.text
        if reply.kind != "accepted" and not push.is_answerable:
            self.record.violate("push", f"nobody sees a reply to {push.kind}", last.answer)
        elif reply.kind == "text":
            push.outcome = "shown"
            push.customer.show(Seen("passive", reply.text, self.account.clock()))
        elif reply.kind == "transfer":
            push.outcome = "transferred"

    def _fail(self, push: Push, why: str) -> None:
        push.outcome = "failed"
        self.record.violate("push", f"{push.kind}: {why}", push.tries[-1].answer)
        if push.is_answerable:
            push.customer.show(Seen("notice", APOLOGY, self.account.clock()))

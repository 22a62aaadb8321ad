"""The access token: fetched once for all callers, kept across restarts, and never requested in a loop.

Rules: developers.weixin.qq.com, getStableAccessToken: everybody gets the same token until five minutes before its end;
forcing a new one is possible 20 times a day, 30 s apart.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bot.channels.http_client.client import JsonObject
from bot.channels.http_client.errors import ApiError, CallError, NeverLeftError
from bot.channels.wechat.api.credentials import CREDENTIALS, problem_of
from bot.ports import Clock, RaiseAlarm
from scoring.values import Value, replace
from storage.model.errors import NOT_SAVED

__all__ = ["TokenNote", "TokenProvider"]

logger = logging.getLogger(__name__)
_EARLY = timedelta(minutes=10)
_AT_MOST_EVERY = timedelta(minutes=1)
"""Between ten and five minutes before its end the platform still gives the old one."""
_REFUSED_FOR, _SILENT_FOR = timedelta(seconds=30), timedelta(seconds=5)
"""After a refusal, or no answer, another request sooner would end the same."""
_FORCED_APART = timedelta(minutes=72)  # 20 a day
_FORCED_AFTER = timedelta(seconds=30)
_PASSING = frozenset({-1, 45011})  # busy; too many in this minute


class TokenNote(Value):
    """Where the token is kept between starts, as a text or None; only there, since it is a secret."""

    load: Callable[[], Awaitable[str | None]]
    save: Callable[[str], Awaitable[object]]


class _Held(Value):
    """A token: of which account, its end, when the platform last gave it, and when a new one was last forced."""

    app_id: str
    value: str
    expires_at: datetime
    asked_at: datetime
    forced_at: datetime | None = None

    @property
    def renew_at(self) -> datetime:
        return min(max(self.expires_at - _EARLY, self.asked_at + _AT_MOST_EVERY), self.expires_at)


class _Failure(Value):
    """No token was given, and until then none is requested."""

    error: CallError
    until: datetime


_DECODER = msgspec.json.Decoder(_Held)


class TokenProvider:
    """The access token of one account; `fetch` calls stable_token once, forcing a new one or not."""

    def __init__(
        self,
        app_id: str,
        fetch: Callable[[bool], Awaitable[JsonObject | CallError]],
        *,
        note: TokenNote,
        clock: Clock,
        alarm: RaiseAlarm,
    ) -> None:
        self._app_id = app_id
        self._fetch = fetch
        self._note = note
        self._clock = clock
        self._alarm = alarm
        self._held: _Held | None = None
        self._flight: asyncio.Future[str | CallError | None] | None = None
        self._failure: _Failure | None = None
        self._has_asked = False
        """Whether a token was requested already since the last one worked."""

    async def token(self) -> str:
        """Return a token that is valid for some time. Raises CallError, before anything has left."""
        held = self._held
        if held is not None and self._clock.now() < held.renew_at:
            return held.value
        return await self._shared(self._renewed) or ""

    async def renew(self, rejected: str) -> str | None:
        """Return another token than the one just refused, None while there is none. Raises as `token` does.

        The platform is asked once, and gives the same one where it does not know that anything is wrong. Then, 30 s
        later, a new one is forced, once in more than an hour.
        """
        held = self._held
        if held is not None and held.value != rejected:
            return held.value
        found = await self._shared(partial(self._replaced, rejected))
        return None if found == rejected else found

    def works(self) -> None:
        """Note that the token was taken."""
        self._has_asked = False

    async def _shared(self, work: Callable[[], Awaitable[str | CallError | None]]) -> str | None:
        """Return the outcome of the request under way, started by whoever comes first."""
        if self._flight is None or self._flight.done():
            self._flight = asyncio.ensure_future(work())
        outcome = await asyncio.shield(self._flight)
        if isinstance(outcome, CallError):
            raise type(outcome)(*outcome.args)  # a new one for each caller, or their tracebacks would grow together
        return outcome

    async def _renewed(self) -> str | CallError:
        known = await self._known()
        if known is not None and self._clock.now() < known.renew_at:
            return known.value
        outcome = await self._asked(force=False)
        is_good = known is not None and self._clock.now() < known.expires_at
        return known.value if known is not None and is_good and isinstance(outcome, CallError) else outcome

    async def _replaced(self, rejected: str) -> str | CallError | None:
        known = await self._known()
        if known is not None and known.value != rejected and self._clock.now() < known.renew_at:
            return known.value
        if self._has_asked and not self._may_force(known):
            return None
        force, self._has_asked = self._has_asked, True
        outcome = await self._asked(force=force)
        if outcome == rejected:
            self._alarm(CREDENTIALS, "WeChat refuses the very token that it has given; see whether the account is well")
        return outcome

    def _may_force(self, held: _Held | None) -> bool:
        if held is None:
            return True
        now, forced_at = self._clock.now(), held.forced_at
        return now - held.asked_at >= _FORCED_AFTER and (forced_at is None or now - forced_at >= _FORCED_APART)

    async def _known(self) -> _Held | None:
        """Return the newest token that is known, which another process may have fetched."""
        try:
            stored = await self._note.load()
            found = _DECODER.decode(stored) if stored else None
        except (*NOT_SAVED, msgspec.MsgspecError) as error:
            logger.warning("the token's note cannot be read: %s", type(error).__name__)
            found = None
        if found is not None and found.app_id == self._app_id and self._is_newer(found):
            self._held = found
        return self._held

    def _is_newer(self, found: _Held) -> bool:
        return self._held is None or found.asked_at > self._held.asked_at

    async def _asked(self, *, force: bool) -> str | CallError:
        """Request a token, unless that has just failed; return the token or what went wrong."""
        now = self._clock.now()
        if self._failure is not None and now < self._failure.until:
            return self._failure.error
        outcome = _given(await self._fetch(force), self._app_id, now)
        if isinstance(outcome, CallError):
            self._report(outcome)
            lasts = _REFUSED_FOR if isinstance(outcome, ApiError) else _SILENT_FOR
            self._failure = _Failure(outcome, now + lasts)
            return outcome
        before = self._held.forced_at if self._held is not None else None
        self._held = replace(outcome, forced_at=now if force else before)
        await self._keep(self._held)
        return self._held.value

    def _report(self, error: CallError) -> None:
        logger.warning("no token: %s", error)
        if isinstance(error, ApiError) and error.code not in _PASSING:
            problem = problem_of(error)
            self._alarm(CREDENTIALS, f"{problem.key} {problem.what} {problem.fix}")

    async def _keep(self, held: _Held) -> None:
        try:
            await self._note.save(msgspec.json.encode(held).decode())
        except NOT_SAVED as error:
            logger.warning("the token is not kept for the next start: %s", type(error).__name__)


def _given(answer: JsonObject | CallError, app_id: str, now: datetime) -> _Held | CallError:
    """Return the token in an answer. However this call failed, the call that wanted the token has not left."""
    if isinstance(answer, ApiError):
        return answer
    if isinstance(answer, CallError):
        return NeverLeftError(f"no token could be had: {answer}")
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(value, str) or not isinstance(seconds, int) or not value:
        return NeverLeftError("no token could be had: the answer holds none")
    return _Held(app_id, value, now + timedelta(seconds=seconds), now)

"""HTTP to the Bot API: one pool of connections, and every failure as one of `problems`."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
import msgspec
from telegram.error import TelegramError
from yarl import URL

from bot.channels.telegram.problems import ApiError, GatewayError, NeverLeftError, NoAnswerError

__all__ = ["Limits", "Wire", "form"]

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections at once, and how many seconds to wait for one and then for the answer."""

    connections: int = 128
    connect: float = 10.0
    answer: float = 30.0


class _Hints(msgspec.Struct):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class _Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0
    description: str = ""
    parameters: _Hints = msgspec.field(default_factory=_Hints)


_DECODER = msgspec.json.Decoder(_Answer)


class Wire:
    """The only one who knows the token. Opens its connections at the first call, in the running event loop."""

    def __init__(self, token: str, api_base: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._root = f"{api_base.rstrip('/')}/bot{token}"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, params: Mapping[str, str], *, waits: float = 0.0) -> msgspec.Raw:
        """Call a method with form values; give the JSON of its `result`.

        `waits`: seconds that Telegram itself may take before it answers (long polling). Raises one of `problems`;
        the exception that caused it is not chained, since its text may hold the URL.
        """
        outcome = await self._attempt(method, form(params), waits)
        if isinstance(outcome, TelegramError):
            raise outcome
        return outcome

    async def close(self) -> None:
        """Close the connections; later calls never leave."""
        await self._open_session().close()

    async def _attempt(self, method: str, body: bytes, waits: float) -> msgspec.Raw | TelegramError:
        session = self._open_session()
        if session.closed:
            return NeverLeftError("the channel is closed")
        total = self.limits.connect + self.limits.answer + waits
        timeout = aiohttp.ClientTimeout(total=total, connect=self.limits.connect)
        request = session.post(
            f"{self._root}/{method}", data=body, headers=_FORM, timeout=timeout, allow_redirects=False
        )
        try:
            async with request as response:
                return _read(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NeverLeftError(f"no connection: {type(error).__name__}")
        except (aiohttp.ClientError, OSError) as error:
            return NoAnswerError(f"no answer: {type(error).__name__}")

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self.limits.connections),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def form(params: Mapping[str, str]) -> bytes:
    """Encode a form; yarl does it in C, at a third of the cost of urllib."""
    return URL.build(query=params).raw_query_string.encode()


def _read(status: int, body: bytes) -> msgspec.Raw | TelegramError:
    try:
        answer = _DECODER.decode(body)
    except msgspec.MsgspecError:
        return _unreadable(status)
    if answer.ok:
        return answer.result
    hints = answer.parameters
    return ApiError(
        answer.error_code or status,
        answer.description,
        retry_after=hints.retry_after,
        migrate_to=hints.migrate_to_chat_id,
    )


def _unreadable(status: int) -> TelegramError:
    """Judge an answer that is not Telegram's: a success page, or a gateway that gave up waiting, leaves doubt."""
    if status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT:
        return NoAnswerError(f"HTTP {status}, but not Telegram's words")
    return GatewayError(f"HTTP {status} from something before Telegram")

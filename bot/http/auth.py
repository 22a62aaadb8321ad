"""Authentication of the API by bearer keys. With no key configured every request is refused."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.http.problems import Problem

__all__ = ["KeyGuard", "bearer", "header"]

_API = "/api/v1"


class KeyGuard:
    """Middleware that answers 401 below `/api/v1`, also for unknown paths, without one of the keys."""

    def __init__(self, app: ASGIApp, keys: Sequence[str]) -> None:
        self._app = app
        self._digests = [_digest(key) for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        guarded = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{_API}/")
        if not guarded or self._knows(bearer(scope)):
            await self._app(scope, receive, send)
            return
        detail = _REFUSED if self._digests else _CLOSED
        problem = Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})
        await problem.response()(scope, receive, send)

    def _knows(self, key: str) -> bool:
        """Compare with every key; the time taken does not tell which one fits."""
        given = _digest(key)
        return any([compare_digest(given, digest) for digest in self._digests])  # noqa: C419 (no early end)


_REFUSED = "Send Authorization: Bearer followed by one of the keys of api.keys."
_CLOSED = "The API is closed: no key is set. Set api.keys (HUIFANG_API__KEYS)."


def bearer(scope: Scope) -> str:
    """Return the key that was sent, empty for none."""
    scheme, _, key = header(scope["headers"], b"authorization").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Return a header's value, empty where it is missing."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def _digest(key: str) -> bytes:
    return sha256(key.encode(errors="replace")).digest()

"""Authentication of the API by bearer keys. With no key configured every request is refused."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.http.backoff import WrongSecrets
from bot.http.problems import Problem
from bot.http.scopes import ApiKey
from config.values.key_scopes import KeyScope

__all__ = ["KeyGuard", "bearer", "granted_scopes", "header", "require_scope"]

_API = "/api/v1"
_GRANTED = "huifang.granted"
"""The entry of the ASGI scope that holds the scopes of the request's key."""


class KeyGuard:
    """Middleware that answers 401 below `/api/v1`, also for unknown paths, without one of the keys.

    Wrong keys in a row are answered with 429. A right one is served whatever else comes from its address: keys cannot
    be guessed, since weak ones stop the start, but a stranger behind the same address could shut out a help desk.
    """

    def __init__(self, app: ASGIApp, keys: Sequence[ApiKey], wrong: WrongSecrets) -> None:
        self._app = app
        self._keys = [(digest, key.scope) for key in keys for digest in _digests(key)]
        self._wrong = wrong

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with what its key may do, or answer 401 or 429."""
        if scope["type"] == "http":
            key = bearer(scope)
            scope[_GRANTED] = granted = self._granted(key) if key else frozenset()
            if not granted and f"{scope['path']}/".startswith(f"{_API}/"):
                await self._refusal(scope, key).response()(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _granted(self, key: str) -> frozenset[KeyScope]:
        """Return what a key may do, empty for a wrong one; the time taken does not tell which one fits."""
        given = _digest(key)
        fitting = [(compare_digest(given, digest), scope) for digest, scope in self._keys]
        return frozenset(scope for fits, scope in fitting if fits)

    def _refusal(self, scope: Scope, key: str) -> Problem:
        detail = _REFUSED if self._keys else _CLOSED
        problem = Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})
        return self._wrong.counted("api", scope, problem) if key else problem


_REFUSED = "Send Authorization: Bearer followed by one of the keys of api.keys."
_CLOSED = "The API is closed: no key is set. Set api.keys (HUIFANG_API__KEYS)."


def granted_scopes(scope: Scope) -> frozenset[KeyScope]:
    """Return what the key of a request may do, empty where it has none or a wrong one."""
    granted: frozenset[KeyScope] = scope.get(_GRANTED, frozenset())
    return granted


def require_scope(scope: Scope, scopes: Sequence[KeyScope]) -> None:
    """Raise Problem 403 unless the request's key has one of these scopes; a key of the scope `admin` has all."""
    if granted_scopes(scope).isdisjoint({*scopes, KeyScope.ADMIN}):
        wanted = scopes[0]
        detail = f"This key lacks the scope {wanted}. Send a key that stands as {wanted}:… or alone in api.keys."
        challenge = f'Bearer error="insufficient_scope", scope="{wanted}"'  # RFC 6750, 3.1
        raise Problem(HTTPStatus.FORBIDDEN, detail, headers={"www-authenticate": challenge})


def bearer(scope: Scope) -> str:
    """Return the key that was sent, empty for none."""
    scheme, _, key = header(scope["headers"], b"authorization").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Return a header's value, empty where it is missing."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def _digests(key: ApiKey) -> tuple[bytes, bytes]:
    """Return the digests of a key as it is to be sent, and as somebody copies it from the settings, scope and all."""
    return _digest(key.secret), _digest(f"{key.scope}:{key.secret}")


def _digest(key: str) -> bytes:
    return sha256(key.encode(errors="replace")).digest()

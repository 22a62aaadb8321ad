"""Sessions of the console: opened by a one-time link, ended after 30 minutes without a request or after 12 hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.ports import Clock, SecretSource

__all__ = ["ConsoleSessions"]

_IDLE = timedelta(minutes=30)
_WHOLE = timedelta(hours=12)


@dataclass(slots=True)
class _Session:
    began_at: datetime
    seen_at: datetime

    def lasts(self, now: datetime) -> bool:
        return now < min(self.seen_at + _IDLE, self.began_at + _WHOLE)


class ConsoleSessions:
    """One-time keys and sessions, of which only hashes are kept, in memory: a restart ends them all."""

    def __init__(self, clock: Clock, secrets: SecretSource) -> None:
        self._clock = clock
        self._secrets = secrets
        self._keys: set[str] = set()
        self._sessions: dict[str, _Session] = {}

    def invite(self) -> str:
        """Return a new key that opens the console once."""
        key = self._secrets.token()
        self._keys.add(_hash(key))
        return key

    def enter(self, key: str) -> str | None:
        """Exchange a key for a session and return it; None for a key that is wrong or was used."""
        if _hash(key) not in self._keys:
            return None
        self._keys.discard(_hash(key))
        session, now = self._secrets.token(), self._clock.now()
        self._sessions[_hash(session)] = _Session(now, now)
        return session

    def knows(self, session: str) -> bool:
        """Return whether a session lasts, and note that it was seen."""
        now, found = self._clock.now(), self._sessions.get(_hash(session))
        if found is None or not found.lasts(now):
            self._sessions.pop(_hash(session), None)
            return False
        found.seen_at = now
        return True


def _hash(secret: str) -> str:
    """Return what is kept of a secret; the time to look a hash up tells nothing about the secret."""
    return sha256(secret.encode(errors="replace")).hexdigest()

"""The console opens once per link, for as long as a session lasts."""

from datetime import timedelta

from bot.http.sessions import ConsoleSessions
from tests.support.web.clockwork import Clockwork, Draws


def keeper(clock: Clockwork) -> ConsoleSessions:
    return ConsoleSessions(clock, Draws())


def test_a_key_opens_once() -> None:
    door = keeper(Clockwork())
    key = door.invite()
    session = door.enter(key)
    assert session is not None
    assert door.knows(session)
    assert door.enter(key) is None


def test_a_wrong_key_opens_nothing() -> None:
    door = keeper(Clockwork())
    door.invite()
    assert [door.enter(key) for key in ("", "wrong", "\ud800")] == [None, None, None]
    assert not door.knows("")


def test_a_session_that_nobody_uses_ends_after_half_an_hour() -> None:
    clock = Clockwork()
    door = keeper(clock)
    session = door.enter(door.invite()) or ""
    clock.passes(timedelta(minutes=29))
    assert door.knows(session)
    clock.passes(timedelta(minutes=30))
    assert not door.knows(session)


def test_a_session_ends_after_twelve_hours_however_busy() -> None:
    clock = Clockwork()
    door = keeper(clock)
    session = door.enter(door.invite()) or ""
    for _ in range(12 * 3 - 1):
        clock.passes(timedelta(minutes=20))
        assert door.knows(session)
    clock.passes(timedelta(minutes=20))
    assert not door.knows(session)

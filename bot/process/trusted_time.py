"""Whether the wall clock can be trusted; pure: each reading of the clocks is an argument.

What cannot be undone (retention, the end of an interview, an occurrence that counts as missed) follows from the time
only while the wall clock is corroborated: by the `Date` of a platform's answer, by the last time that was known to be
right, at most an hour ago, or by a day of running beside the steady clock. Otherwise `doubt_of` says which moments are
unknown to have passed. The time itself never goes behind the last one known (docs/reference/hazards.md, Time).
"""

from datetime import UTC, datetime, timedelta

from dialogs.time.doubt import Doubt
from scoring.values import Value, replace

__all__ = [
    "ClockReading",
    "StoredTime",
    "Timekeeping",
    "agree",
    "attest",
    "complaint_of",
    "doubt_of",
    "look",
    "replaces",
    "time_at_start",
    "time_of",
]

STEP = timedelta(minutes=10)
"""A clock set by no more than this is not doubted: NTP corrects by minutes."""
AGREES_WITHIN = timedelta(minutes=5)
"""How far another clock may be off and still agree; an answer takes seconds."""
DOWNTIME = timedelta(hours=1)
"""How long after its last heartbeat a service may start again without its clock being doubted."""
PROVEN_AFTER = timedelta(days=1)
"""How long a clock must run beside the steady one, without a jump, to be trusted without a witness."""
CONTRADICTED_FOR = timedelta(minutes=1)
"""How long a contradiction stands against other witnesses who agree."""
FRESH = timedelta(seconds=90)
"""How old the time may be that another process has stored just now; each stores its own twice a minute."""
LONG_AWAY = timedelta(days=7)
"""From here on the operator is told that the clock is ahead of the last heartbeat."""
PATIENCE = timedelta(minutes=1)
"""How long a witness is waited for before a clock that is only ahead becomes an alarm."""


class ClockReading(Value):
    """Both clocks at one moment: the wall clock, UTC, and one that is never set and counts from some start."""

    wall: datetime
    steady: timedelta

    def after(self, steady: timedelta) -> datetime:
        """Return what the wall clock shows at a later moment of the steady one, if nobody sets it."""
        return self.wall + (steady - self.steady)


class StoredTime(Value):
    """What the database keeps: when the process was last alive, by its wall clock, and what it knew of the time.

    `known` is the last time known to be right, `frame` when the wall clock began to run without a jump, `ran` how long
    it has run since.
    """

    seen: datetime
    known: datetime | None
    frame: datetime
    ran: timedelta


class Timekeeping(Value):
    """What a process knows of the time: since `frame` its wall clock has run beside the steady one, without a jump.

    `known` is the last reading that was trusted. `wrong_by` is what a witness said how far the wall clock is ahead, at
    `wrong_at` of the steady clock; `has_jumped`: the frame began with a jump while the process ran.
    """

    frame: datetime
    last: ClockReading
    known: ClockReading | None = None
    ran: timedelta = timedelta(0)
    is_trusted: bool = False
    wrong_by: timedelta | None = None
    wrong_at: timedelta = timedelta(0)
    has_jumped: bool = False

    def stored(self) -> StoredTime:
        """Return what is to be kept for the next start."""
        return StoredTime(self.last.wall, self.known.wall if self.known else None, self.frame, self.ran)


def time_at_start(reading: ClockReading, stored: StoredTime | None) -> Timekeeping:
    """Return what is known of the time at the start of a process."""
    fresh = Timekeeping(reading.wall, reading)
    if stored is None:
        return fresh
    if stored.known is not None and _is_soon_after(reading.wall, stored.known):
        return replace(fresh, known=reading, is_trusted=True)
    known = ClockReading(stored.known, reading.steady) if stored.known is not None else None
    if _is_soon_after(reading.wall, stored.seen):
        return replace(fresh, frame=stored.frame, known=known, ran=stored.ran)
    return replace(fresh, known=known)


def look(time: Timekeeping, reading: ClockReading) -> Timekeeping:
    """Return what is known after another look at the clocks; every few seconds, so that a jump is seen."""
    if abs(reading.wall - time.last.after(reading.steady)) > STEP:
        return _jumped(time, reading)
    ran = time.ran + (reading.steady - time.last.steady)
    is_trusted = time.is_trusted or (time.wrong_by is None and ran >= PROVEN_AFTER)
    return replace(time, last=reading, ran=ran, is_trusted=is_trusted, known=reading if is_trusted else time.known)


def attest(time: Timekeeping, reading: ClockReading, witness: datetime) -> Timekeeping:
    """Return what is known after another clock, which is nobody's on this machine, said what time it is."""
    time, ahead = look(time, reading), reading.wall - witness
    if abs(ahead) > AGREES_WITHIN:
        return _contradicted(time, reading, ahead)
    if time.wrong_by is not None and reading.steady - time.wrong_at < CONTRADICTED_FOR:
        return time
    return replace(time, known=reading, is_trusted=True, wrong_by=None, has_jumped=False)


def agree(time: Timekeeping, reading: ClockReading, stored: StoredTime | None) -> Timekeeping:
    """Return what is known after a look at what is stored: another process with a corroborated clock may be at work."""
    known = stored.known if stored is not None else None
    if known is None or time.is_trusted or abs(reading.wall - known) > FRESH:
        return time
    return attest(time, reading, known)


def replaces(time: Timekeeping, stored: StoredTime | None) -> bool:
    """Return whether what this process knows is to be stored: not where another one knows of a later time."""
    if stored is None or stored.known is None:
        return True
    return time.known is not None and time.known.wall >= stored.known


def time_of(time: Timekeeping, reading: ClockReading) -> datetime:
    """Return what time it is: the wall clock's, unless that is behind the last time known."""
    known = time.last if time.is_trusted else time.known
    at_least = known.after(reading.steady) if known is not None else reading.wall
    return at_least if reading.wall < at_least - STEP else reading.wall


def doubt_of(time: Timekeeping, reading: ClockReading) -> Doubt | None:
    """Return what is doubtful of the time, None where it is trusted; a jump counts before it was looked at."""
    if time.is_trusted and abs(reading.wall - time.last.after(reading.steady)) > STEP:
        time = _jumped(time, reading)
    if time.is_trusted:
        return None
    since = time.known.after(reading.steady) if time.known is not None else None
    return Doubt(since, time.frame, time.wrong_by is not None)


def complaint_of(time: Timekeeping, reading: ClockReading) -> str:
    """Return what the operator should know of the clock, empty where there is nothing."""
    if time.is_trusted:
        return ""
    says, now = f"this machine's clock says {_shown(reading.wall)}", time_of(time, reading)
    if time.wrong_by is not None:
        side = "ahead of" if time.wrong_by > timedelta(0) else "behind"
        said = f"{says}, {_length(abs(time.wrong_by))} {side} a platform's: set it"
    elif now != reading.wall:
        said = f"{says}, which is before the last time known, {_shown(now)}: set it; the service counts on from there"
    elif time.ran < PATIENCE:
        return ""
    elif time.has_jumped:
        said = f"{says} after a jump while the service ran: set it if that is wrong"
    elif time.known is not None and time.frame - time.known.after(reading.steady) > LONG_AWAY:
        away = _length(time.frame - time.known.after(reading.steady))
        said = f"{says}, {away} after this service was last seen: set it, unless the service was off for so long"
    else:
        return ""
    return f"{said}. Until it is corroborated nothing is deleted, ended or skipped because of its age"


def _jumped(time: Timekeeping, reading: ClockReading) -> Timekeeping:
    """Begin a new frame, trusted only where the wall clock is back at the time that was known."""
    known = time.last if time.is_trusted else time.known
    is_back = known is not None and abs(reading.wall - known.after(reading.steady)) <= STEP
    fresh = Timekeeping(reading.wall, reading, known, has_jumped=not is_back)
    return replace(fresh, known=reading, is_trusted=True) if is_back else fresh


def _contradicted(time: Timekeeping, reading: ClockReading, ahead: timedelta) -> Timekeeping:
    """Return the time without trust: no later moment is known than the witness's, and all since then is in doubt."""
    witness = reading.wall - ahead
    known = min(time.known.after(reading.steady), witness) if time.known is not None else None
    return replace(
        time,
        frame=reading.wall if time.is_trusted else time.frame,
        known=ClockReading(known, reading.steady) if known is not None else None,
        ran=timedelta(0),
        is_trusted=False,
        wrong_by=ahead,
        wrong_at=reading.steady,
    )


def _is_soon_after(wall: datetime, before: datetime) -> bool:
    return -STEP <= wall - before <= DOWNTIME


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _length(length: timedelta) -> str:
    minutes = round(length / timedelta(minutes=1))
    days, hours = round(minutes / 1440), round(minutes / 60)
    return f"{days} days" if days > 1 else f"{hours} hours" if hours > 1 else f"{minutes} minutes"

"""Checks the sums of ratings against the ratings themselves, in one read-only snapshot."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from scoring.values import Value
from storage.connection.migrate import revision_of, revisions
from storage.dialects import database
from storage.model.errors import SchemaMismatch
from storage.rollups.calendar import Grain, LocalCalendar
from storage.rollups.statements import DAY_DIFFERENCES, ENDS, MONTH_DIFFERENCES, STATE
from storage.schema.rollup_tables import COUNTED_BY

__all__ = ["RollupDifference", "RollupsNotBuilt", "check_rollups", "rollup_differences"]


class RollupsNotBuilt(ValueError):  # noqa: N818 (a state, not a mistake)
    """There are no complete sums to be checked."""


class RollupDifference(Value):
    """A sum that is not what it is the sum of: `expected` by the ratings of a day, or by the days of a month."""

    grain: Grain
    begins: str
    keys: dict[str, str | int]
    expected: int
    found: int

    def __str__(self) -> str:
        """Return the line that names it; keys without a value are left out."""
        told = " ".join(f"{name}={value}" for name, value in self.keys.items() if value != "")
        return f"{self.grain} {self.begins} {told}: {self.expected} expected, {self.found} found"


async def check_rollups(url: str) -> list[RollupDifference]:
    """Return every sum that is wrong, also while a service writes beside it.

    Raises RollupsNotBuilt, ValueError for a wrong URL, SchemaMismatch for tables of another version, Unavailable where
    the database cannot be read.
    """
    opened = database(url)
    try:
        if opened.file is not None and not opened.file.exists():
            raise RollupsNotBuilt("there is no database there: look at database.url")
        with opened.translated_errors():
            return await opened.inspect(_all_differences)
    finally:
        await opened.close()


def rollup_differences(connection: Connection) -> Iterator[RollupDifference]:
    """Yield every sum that is wrong, day by day; nothing where the sums are not complete."""
    zone = _zone(connection)
    ends = [moment for statement in ENDS for moment in connection.execute(statement).scalars()]
    if not zone or not ends:
        return
    days = LocalCalendar(ZoneInfo(zone))
    for grain, statement in ((Grain.DAY, DAY_DIFFERENCES), (Grain.MONTH, MONTH_DIFFERENCES)):
        for since, until in days.ranges(grain, min(ends), max(ends)):
            begins = f"{days.day_of(since):{'%Y-%m-%d' if grain is Grain.DAY else '%Y-%m'}}"
            for row in connection.execute(statement, {"since": since, "until": until}).mappings():
                keys = {name: row[name] for name in COUNTED_BY}
                yield RollupDifference(grain, begins, keys, row["n"], row["other"])


def _all_differences(connection: Connection) -> list[RollupDifference]:
    if revision_of(connection) != revisions()[-1]:
        raise SchemaMismatch(f"the database is not migrated to {revisions()[-1]}: run `huifang migrate` once")
    if not _zone(connection):
        raise RollupsNotBuilt(
            "the rollups are not complete, figures are counted one by one: a service that runs makes them within a"
            " minute, `huifang rollups rebuild` at once"
        )
    return list(rollup_differences(connection))


def _zone(connection: Connection) -> str:
    return next((zone for zone, _ in connection.execute(STATE)), "")

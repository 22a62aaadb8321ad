"""Under which name a part raises the alarm when the database fails it."""

from bot.process.alarms import DATABASE, Alarms
from storage.model.errors import Unavailable

__all__ = ["DatabaseTrouble"]


class DatabaseTrouble:
    """What the database fails a part in: the database's own alarm, or the part's, where only that fails.

    The server may refuse a further connection, or one statement, while everything else is written. `DatabaseWatch`
    clears the database's alarm then, and a part that fails on raises its own.
    """

    def __init__(self, part: str, alarms: Alarms) -> None:
        self._part, self._alarms = part, alarms
        self._blames_database = self._is_failing = False

    def failed(self, why: Exception) -> None:
        """Raise the alarm for an error of the database, or of a decision."""
        is_found_well = self._blames_database and self._alarms.since(DATABASE) is None
        self._is_failing = True
        self._blames_database = isinstance(why, Unavailable)
        name = DATABASE if self._blames_database and not is_found_well else self._part
        self._alarms.sound(name, str(why))

    def over(self) -> None:
        """Clear the part's own alarm: what failed has worked."""
        if self._is_failing:
            self._is_failing = self._blames_database = False
            self._alarms.mended(self._part, "what failed works again")

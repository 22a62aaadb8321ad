"""Many rows in one call to the driver: the placeholders over which a bulk statement is built."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["InputRows", "Values"]

Values = Mapping[str, ColumnElement[Any]]


class InputRows(ABC):
    """Placeholders of input rows: `rows.c["id"]` stands for the value of `id` in each of them."""

    c: Values

    @abstractmethod
    def insert(self, values: Values, *, is_shuffled: bool = False) -> "sqlite.Insert | postgresql.Insert":
        """Return the INSERT of the rows; it takes `on_conflict_do_nothing` and `on_conflict_do_update`.

        `is_shuffled`: insert in random order where the table would show the order later.
        """

"""Constants written into a statement's SQL instead of being bound as parameters.

A planner uses a partial index only where the statement repeats its condition literally
(https://sqlite.org/partialindex.html, https://www.postgresql.org/docs/current/indexes-partial.html).
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, literal_column

__all__ = [
    "CUSTOMER_PAGES",
    "DESK_DOORS",
    "EMPTY",
    "ERASED_ANSWER",
    "ONE",
    "PLAYED_DOORS",
    "REPEATED_ANSWER",
    "WITH_CONTENT",
    "ZERO",
    "is_one_of",
    "text_literal",
]

EMPTY = literal_column("''", Text)
ONE = literal_column("1", Integer)
ZERO = literal_column("0", Integer)
PLAYED_DOORS = "sandbox:"
"""The prefix of doors whose deliveries are stored unchanged, to be shown on a page of the product; the chat follows."""
CUSTOMER_PAGES = "/api/v1/customers/"
"""The prefix of doors that name a customer, whose id follows."""
DESK_DOORS = "/hooks/tickets/"
"""The prefix of doors by which help desks deliver in their own formats; the connector's name follows."""
REPEATED_ANSWER = "200 {}"
"""The answer to the repetition of a delivery whose own answer has been emptied."""
ERASED_ANSWER = '200 {"forgotten":true}'
"""The answer to a repeated delivery whose first answer was about a person who has been erased since."""
WITH_CONTENT = f"length(raw) > 0 OR answer NOT IN ('', '{REPEATED_ANSWER}', '{ERASED_ANSWER}')"
"""The condition of inbox rows in which anybody may be named: what came in is kept, or the answer says something."""


def text_literal(value: str) -> ColumnElement[Any]:
    """Return a constant of the code as an SQL literal; it is not escaped, so it must not hold a quote."""
    return literal_column(f"'{value}'", Text)


def is_one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these constants."""
    if len(values) == 1:
        return column == text_literal(values[0])
    return column.in_([text_literal(value) for value in values])

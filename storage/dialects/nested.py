"""SQL conditions over the items of nested values, which are stored as JSON text."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Text, bindparam
from sqlalchemy.ext.compiler import compiles

from storage.dialects.key_lists import Keys

__all__ = ["any_item_is", "holds_any", "item_field", "item_is", "mean_of"]


class holds_any(ColumnElement[bool]):  # noqa: N801 - reads as an operator
    """`holds_any("tags", table.c.tags)`: a list of strings holds one of those given as parameter `tags`."""

    inherit_cache = False

    def __init__(self, name: str, column: ColumnElement[Any]) -> None:
        self.column = column
        self.given = bindparam(name, type_=Keys(1))


class item_field(ColumnElement[str]):  # noqa: N801 - as above
    """`item_field(table.c.judgement, "verdict")`: a field of a nested value, as text; NULL where it has none."""

    inherit_cache = False
    type = Text()

    def __init__(self, column: ColumnElement[Any], item: str) -> None:
        self.column = column
        self.item = item


class item_is(ColumnElement[bool]):  # noqa: N801 - as above
    """`item_is(table.c.details, "resent", value=True)`: that field of a nested value is true, or is false.

    NULL where it has none.
    """

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], item: str, *, value: bool) -> None:
        self.column = column
        self.item = item
        self.word = "true" if value else "false"


class mean_of(ColumnElement[float]):  # noqa: N801 - as above
    """`mean_of(table.c.answers, 1)`: the mean of the second number in each list of a list; NULL for an empty one."""

    inherit_cache = False
    type = Float()

    def __init__(self, column: ColumnElement[Any], item: int) -> None:
        self.column = column
        self.item = item


class any_item_is(ColumnElement[bool]):  # noqa: N801 - as above
    """`any_item_is(table.c.reasons, "kind", "rating")`: an item of a list has one of these constants in that field.

    The constants are written into the SQL unescaped, so they must not come from outside.
    """

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], item: str, *words: str) -> None:
        self.column = column
        self.item = item
        self.words = ", ".join(f"'{word}'" for word in words)


@compiles(holds_any, "sqlite")
def _holds_json(element: holds_any, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    given, column = compiler.process(element.given, **kw), compiler.process(element.column, **kw)
    return f"EXISTS (SELECT 1 FROM json_each({column}) h WHERE h.value IN (SELECT value FROM json_each({given})))"  # noqa: S608 - our names, a placeholder


@compiles(holds_any, "postgresql")
def _holds_array(element: holds_any, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    given, column = compiler.process(element.given, **kw), compiler.process(element.column, **kw)
    return f"({column})::jsonb ?| {given}"


@compiles(item_field, "sqlite")
def _field_json(element: item_field, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"json_extract({compiler.process(element.column, **kw)}, '$.{element.item}')"


@compiles(item_field, "postgresql")
def _field_jsonb(element: item_field, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"(({compiler.process(element.column, **kw)})::jsonb ->> '{element.item}')"


@compiles(item_is, "sqlite")
def _is_json(element: item_is, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"(json_type({compiler.process(element.column, **kw)}, '$.{element.item}') = '{element.word}')"


@compiles(item_is, "postgresql")
def _is_jsonb(element: item_is, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"((({compiler.process(element.column, **kw)})::jsonb -> '{element.item}') = '{element.word}'::jsonb)"


@compiles(mean_of, "sqlite")
def _mean_json(element: mean_of, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    column = compiler.process(element.column, **kw)
    return f"(SELECT avg(json_extract(value, '$[{element.item}]')) FROM json_each({column}))"  # noqa: S608 - our names


@compiles(mean_of, "postgresql")
def _mean_jsonb(element: mean_of, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    column = compiler.process(element.column, **kw)
    return f"(SELECT avg((a ->> {element.item})::float) FROM jsonb_array_elements(({column})::jsonb) AS a)"  # noqa: S608 - our names


@compiles(any_item_is, "sqlite")
def _any_json(element: any_item_is, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    column = compiler.process(element.column, **kw)
    item = f"json_extract(value, '$.{element.item}')"
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE {item} IN ({element.words}))"  # noqa: S608 - our names


@compiles(any_item_is, "postgresql")
def _any_jsonb(element: any_item_is, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as above
    column = compiler.process(element.column, **kw)
    items = f"jsonb_array_elements(({column})::jsonb) AS a"
    return f"EXISTS (SELECT 1 FROM {items} WHERE a ->> '{element.item}' IN ({element.words}))"  # noqa: S608 - our names

"""The description of the API as what a page shows: operations by tag, with their fields in tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from bot.http.handbook.doc_markdown import inline_html
from scoring.values import Value

__all__ = ["ApiOperation", "ApiShape", "operations_by_tag", "shapes_of"]

_VERBS = ("get", "put", "post", "patch", "delete")
_REFERENCE = "#/components/schemas/"
_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<", "pattern": "pattern"}
_LENGTHS = {"minLength": "at least {} characters", "maxLength": "at most {} characters", "maxItems": "at most {}"}

Json = Mapping[str, Any]


class ApiField(Value):
    """A parameter or a field: `place` is where it stands (`query`, `path`, …), empty in a body."""

    name: str
    place: str
    type: Markup
    required: bool
    meaning: Markup


class ApiAnswer(Value):
    """What an operation answers with: the status, what that means, and the body's type."""

    status: str
    meaning: Markup
    type: Markup


class ApiOperation(Value):
    """A method on a path. `summary` is the first sentence of `description`.

    `scopes` are those of which a key needs one; none is asked where it is empty.
    """

    anchor: str
    verb: str
    path: str
    summary: str
    description: Markup
    scopes: tuple[str, ...]
    parameters: tuple[ApiField, ...]
    body: Markup
    answers: tuple[ApiAnswer, ...]
    names: frozenset[str]


class ApiShape(Value):
    """A named kind of object, with its fields."""

    name: str
    meaning: Markup
    fields: tuple[ApiField, ...]


def operations_by_tag(document: Json) -> Mapping[str, Sequence[ApiOperation]]:
    """Return the operations of a description, by their first tag, in its order."""
    found: dict[str, list[ApiOperation]] = {}
    for path, verbs in document["paths"].items():
        for verb in (verb for verb in _VERBS if verb in verbs):
            tag = next(iter(verbs[verb].get("tags", ())), "other")
            found.setdefault(tag, []).append(_operation(path, verb, verbs[verb]))
    return found


def shapes_of(document: Json, operations: Sequence[ApiOperation]) -> Sequence[ApiShape]:
    """Return the objects that operations take and give, and those inside of these, by name."""
    schemas: Json = document["components"]["schemas"]
    found, waiting = set[str](), {name for operation in operations for name in operation.names}
    while waiting:
        found |= waiting
        waiting = {inner for name in waiting for inner in _names(schemas[name])} - found
    return [_shape(name, schemas[name]) for name in sorted(found)]


def _operation(path: str, verb: str, told: Json) -> ApiOperation:
    scopes = [scope for entry in told.get("security", ()) for scope in next(iter(entry.values()))]
    description = told.get("description") or told.get("summary", "")
    answers = sorted(told.get("responses", {}).items())
    parameters = told.get("parameters", ())
    contents = [_content(told.get("requestBody", {})), *(_content(answer) for _, answer in answers)]
    return ApiOperation(
        anchor=f"{verb}{path}".replace("/", "-").replace("{", "").replace("}", ""),
        verb=verb.upper(),
        path=path,
        summary=description.partition("\n")[0],
        description=inline_html(description),
        scopes=tuple(scopes),
        parameters=tuple(map(_parameter, parameters)),
        body=_type(contents[0]) if told.get("requestBody") else Markup(),
        answers=tuple(_answer(status, answer) for status, answer in answers),
        names=frozenset(name for content in (*contents, *parameters) for name in _names(content)),
    )


def _content(part: Json) -> Json:
    """Return the schema of a body, of the first media type that has one."""
    return next((one["schema"] for one in part.get("content", {}).values() if "schema" in one), {})


def _parameter(told: Json) -> ApiField:
    schema = told.get("schema", {})
    meaning = inline_html(told.get("description") or schema.get("description", ""))
    return ApiField(told["name"], told["in"], _type(schema), told.get("required", False), meaning)


def _answer(status: str, told: Json) -> ApiAnswer:
    return ApiAnswer(status, inline_html(told.get("description", "")), _type(_content(told)))


def _shape(name: str, schema: Json) -> ApiShape:
    required = set(schema.get("required", ()))
    fields = [
        ApiField(key, "", _type(one), key in required, inline_html(one.get("description", "")))
        for key, one in schema.get("properties", {}).items()
    ]
    meaning = inline_html(schema.get("description", "")) + (Markup() if fields else _type(schema))
    return ApiShape(name, meaning, tuple(fields))


def _names(schema: object) -> Iterator[str]:
    """Yield the names of the objects that a schema refers to."""
    if isinstance(schema, Mapping):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(_REFERENCE)
        for inner in schema.values():
            yield from _names(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _names(inner)


def _type(schema: Json) -> Markup:
    """Return what a value may be, in words; named objects link to their table."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(_REFERENCE))
        return Markup('<a href="#{0}">{0}</a>').format(name)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return Markup(" | ").join(map(_type, schema[key]))
    if "enum" in schema or "const" in schema:
        return Markup(" | ").join(
            Markup("<code>{}</code>").format(one) for one in schema.get("enum", [schema.get("const")])
        )
    if schema.get("type") == "array":
        return Markup("array of {}").format(_type(schema.get("items", {})))
    return escape(" ".join([_word(schema), *_limits(schema)]))


def _word(schema: Json) -> str:
    kind = schema.get("type", "any" if not schema else "object")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _limits(schema: Json) -> Iterator[str]:
    yield from (f"{sign} {schema[key]}" for key, sign in _BOUNDS.items() if key in schema)
    yield from (text.format(schema[key]) for key, text in _LENGTHS.items() if key in schema)
    if "default" in schema and schema["default"] not in (None, ""):
        yield f"(default {schema['default']})"

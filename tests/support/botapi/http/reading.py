"""Turning an HTTP request into parameters, whatever way its body is written."""

import json
from typing import Any

from aiohttp import web

from tests.support.botapi.errors import broken
from tests.support.botapi.http.params import Params, Upload

__all__ = ["chat_of", "read_request"]

Json = dict[str, Any]


def chat_of(params: Params) -> int | None:
    """Return the chat that a call is about, as far as it can be read."""
    try:
        return int(params.values["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


async def read_request(request: web.Request) -> Params:
    """Read the parameters from the query and from a form, multipart or JSON body."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise broken("Bad Request: can't parse request: JSON is not valid") from None
        if not isinstance(body, dict):
            raise broken("Bad Request: can't parse request: expected an Object")
        return Params(values | body)
    files = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.file.read())
        else:
            values[name] = value if isinstance(value, str) else bytes(value).decode()
    return Params(values, files)

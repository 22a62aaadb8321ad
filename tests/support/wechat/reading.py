"""One request to the platform as it came, and checks of its shape."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

from tests.support.wechat.errors import broken

__all__ = ["Asked", "shaped"]

Json = dict[str, Any]
ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its verb, path, query in the order it was written, body, and where it came from."""

    verb: str
    path: str
    query: Mapping[str, str]
    raw: bytes = b""
    remote: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    media_type: str = ""

    def file(self) -> tuple[str, bytes]:
        """Read the file of a form, in its field `media`: its name and content; raises 41005 where there is none."""
        form = message_from_bytes(f"content-type: {self.media_type}\r\n\r\n".encode() + self.raw, policy=HTTP)
        parts = form.iter_parts() if form.is_multipart() else ()
        found = next((part for part in parts if part.get_param("name", header="content-disposition") == "media"), None)
        if found is None:
            raise broken(41005)
        content = found.get_payload(decode=True)
        return found.get_filename() or "", content if isinstance(content, bytes) else b""

    def json(self, *, unescaped: bool = False) -> Json:
        r"""Read a JSON object in UTF-8; raises 47001, or 40033 where `\uXXXX` is forbidden and found."""
        if unescaped and ESCAPED.search(self.raw):
            raise broken(40033)
        try:
            body = json.loads(self.raw.decode())
        except ValueError:
            raise broken(47001) from None
        if not isinstance(body, dict):
            raise broken(47001)
        return body

    def values(self) -> Json:
        """Return query and body together, as far as they can be read: for the log."""
        try:
            body = json.loads(self.raw)
        except (ValueError, UnicodeDecodeError):
            body = {}
        return dict(self.query) | (body if isinstance(body, dict) else {})


def shaped(
    value: object, what: str, fields: Mapping[str, type], required: Collection[str] = (), code: int = 40035
) -> Json:
    """Check an object's field names and types; raises this code, naming the field."""
    if not isinstance(value, dict):
        raise broken(code, f"{what} is no object")
    for name in required:
        if value.get(name) in (None, ""):
            raise broken(code, f"{what}.{name} is missing")
    for name, content in value.items():
        if name not in fields:
            raise broken(code, f"{what}.{name} is unknown")
        if type(content) is not fields[name]:
            raise broken(code, f"{what}.{name} is no {fields[name].__name__}")
    return value

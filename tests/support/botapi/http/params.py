"""Reading a request's parameters: what is read is checked, what is left unread is unknown."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.botapi.errors import broken

__all__ = ["Params", "Upload", "check_shape"]

Json = dict[str, Any]
WORDS_FOR_YES = frozenset({"true", "yes", "1"})
WORDS_FOR_NO = frozenset({"false", "no", "0", ""})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    content: bytes


class Params:
    """The parameters of one call, from a query, form, JSON or multipart body.

    Forms carry every value as a string and nested objects as JSON text; JSON bodies carry them as they are.
    Every reader raises the 400 of a broken rule when the value is missing or of the wrong type.
    """

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}
        self._read: set[str] = set()

    def unread(self) -> list[str]:
        """List the parameters that no reader asked for: the method does not know them."""
        return sorted((self.values.keys() | self.files.keys()) - self._read)

    def string(self, name: str, *, required: str | None = None) -> str:
        """Read a string; absent it is "", or an error with the description `required`."""
        value = self._take(name)
        if value is None or value == "":
            if required is not None:
                raise broken(f"Bad Request: {required}")
            return ""
        if not isinstance(value, str):
            raise broken(f"Bad Request: field {name!r} must be of type String")
        return value

    def integer(self, name: str, *, required: str | None = None) -> int | None:
        """Read an Integer, also as decimal text."""
        value = self._take(name)
        if value is None or value == "":
            if required is not None:
                raise broken(f"Bad Request: {required}")
            return None
        if type(value) is int:
            return value
        try:
            return int(value) if isinstance(value, str) else self._wrong_integer(name)
        except ValueError:
            return self._wrong_integer(name)

    def flag(self, name: str) -> bool:
        """Read a Boolean, also as the words that forms use."""
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        word = str(value).lower()
        if word not in WORDS_FOR_YES | WORDS_FOR_NO:
            raise broken(f"Bad Request: field {name!r} must be of type Boolean")
        return word in WORDS_FOR_YES

    def structure(self, name: str) -> Any:  # noqa: ANN401 (any JSON)
        """Read a nested object or list; in a form it is JSON text. Absent it is None."""
        value = self._take(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise broken(f"Bad Request: can't parse {name} JSON object") from None

    def chat_id(self) -> int:
        """Read the chat; this fake knows chats by number, not by @username."""
        return self.integer("chat_id", required="chat_id is empty") or 0

    def message_id(self) -> int:
        """Read the identifier of the message that a method works on."""
        return self.integer("message_id", required="message identifier is not specified") or 0

    def file(self, name: str) -> Upload | str:
        """Read an InputFile: an upload, an `attach://` reference to one, a file id or a URL."""
        self._read.add(name)
        if name in self.files:
            return self.files[name]
        value = self.string(name, required=f"there is no {name} in the request")
        if not value.startswith("attach://"):
            return value
        attached = value.removeprefix("attach://")
        self._read.add(attached)
        if attached not in self.files:
            raise broken(f"Bad Request: file {attached!r} is not attached")
        return self.files[attached]

    def skip(self, *names: str) -> None:
        """Accept parameters that are right but change nothing in this fake."""
        self._read.update(names)

    def _take(self, name: str) -> Any:  # noqa: ANN401 (forms and JSON differ)
        self._read.add(name)
        return self.values.get(name)

    def _wrong_integer(self, name: str) -> int:
        raise broken(f"Bad Request: field {name!r} must be of type Integer")


def check_shape(value: object, what: str, fields: Mapping[str, type], required: Collection[str] = ()) -> Json:
    """Check an object's field names and types by a Bot API type; raises the 400 that names the field."""
    if not isinstance(value, dict):
        raise broken(f"Bad Request: can't parse {what}: expected an Object")
    for name in required:
        if name not in value:
            raise broken(f"Bad Request: can't parse {what}: can't find field {name!r}")
    for name, content in value.items():
        if name not in fields:
            raise broken(f"Bad Request: can't parse {what}: unknown field {name!r}")
        if type(content) is not fields[name]:
            raise broken(f"Bad Request: can't parse {what}: field {name!r} must be of type {fields[name].__name__}")
    return value

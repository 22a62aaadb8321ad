"""Pseudonyms: the same person has the same one in all files of an export, and another one in every other export."""

import hmac
from typing import Any

from bot.cli.data.exported_columns import Disguise, ExportedColumns

__all__ = ["Pseudonyms"]

Json = dict[str, Any]
_LENGTH = 16
"""Hex digits: of a million people two get the same one in 1 of 37 million exports."""


class Pseudonyms:
    """Disguises rows by a secret that is forgotten when the export is done: then nobody can compute one again."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def row(self, row: Json, columns: ExportedColumns) -> Json:
        """Return a row with nothing but what its columns let pass."""
        return self._object(row, columns.disguises, "", row)

    def _object(self, told: Json, disguises: dict[str, Disguise], path: str, row: Json) -> Json:
        return {name: self._value(value, disguises, f"{path}{name}", row) for name, value in told.items()}

    def _value(self, value: Any, disguises: dict[str, Disguise], path: str, row: Json) -> Any:  # noqa: ANN401 (as JSON gives it)
        if path in disguises:
            return self._disguised(value, disguises[path], row)
        if isinstance(value, dict):
            return self._object(value, disguises, f"{path}.", row)
        if isinstance(value, list):
            return [self._object(item, disguises, f"{path}.", row) for item in value if isinstance(item, dict)]
        return None

    def _disguised(self, value: Any, disguise: Disguise, row: Json) -> Any:  # noqa: ANN401 (as JSON gives it)
        if disguise is Disguise.OUT:
            return None
        if disguise is Disguise.WHOLE or not value:
            return value
        if isinstance(value, list):
            return [self._disguised(item, disguise, row) for item in value]
        if disguise is Disguise.TICKET:
            source = value.partition("/")[0]
            return f"{source}/{self._of(disguise, value)}"
        if disguise is Disguise.NUMBER:
            return self._of(Disguise.TICKET, f"{row['source']}/{value}")
        return self._of(disguise, value)

    def _of(self, kind: Disguise, text: str) -> str:
        digest = hmac.digest(self._secret, f"{kind}:{text}".encode(), "sha256")
        return f"{kind}-{digest.hex()[:_LENGTH]}"

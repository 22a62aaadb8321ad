"""The base class of frozen values: compared by content, created in C at a tenth of a frozen dataclass's cost.

`class Tap(Value)` is declared and type-checked like a frozen dataclass; see docs/decisions/values.md.
"""

from typing import TYPE_CHECKING, dataclass_transform

from msgspec import Struct, field
from msgspec.structs import fields

__all__ = ["Value", "field", "fields", "replace"]

if TYPE_CHECKING:
    from dataclasses import replace  # mypy knows this one: it checks the names and types of the replaced fields
else:
    from msgspec.structs import replace


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True):
    """A value that never changes; `replace` returns a copy with other fields."""

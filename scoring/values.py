"""Values: frozen, compared by what they hold, and made in C at a tenth of a frozen dataclass's cost.

`class Tap(Value)` reads and is type-checked as a frozen dataclass would be; see docs/decisions/values.md.
"""

from typing import TYPE_CHECKING, dataclass_transform

from msgspec import Struct, field
from msgspec.structs import fields

__all__ = ["Value", "field", "fields", "replace"]

if TYPE_CHECKING:
    from dataclasses import replace  # so that the type checker checks names and types of what is replaced
else:
    from msgspec.structs import replace


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True):
    """Something that never changes: `replace` gives another one."""

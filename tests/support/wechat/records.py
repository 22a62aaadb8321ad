"""What was asked of the platform and how it answered, and what no correct product does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Call", "Record", "Violation"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came (monotonic seconds) and its `errcode` (0: done); `planted` when a fault answered it."""

    at: float
    path: str
    values: Mapping[str, Any]
    errcode: int = 0
    errmsg: str = ""
    planted: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """What no correct product does: where, the rule, and what was sent."""

    where: str
    rule: str
    values: object


@dataclass(slots=True)
class Record:
    """Everything that was noted, in order."""

    calls: list[Call] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def violate(self, where: str, rule: str, values: object) -> None:
        """Note a broken rule."""
        self.violations.append(Violation(where, rule, values))

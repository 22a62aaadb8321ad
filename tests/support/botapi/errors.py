"""The two ways in which the fake Telegram says no, and why it tells them apart.

`broken` is a request that no correct bot sends, whatever the world does: tests assert
that there were none. `refused` is a right request that the state of the world forbids
(blocked, migrated, too old): a correct bot meets these and copes.
"""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["ApiError", "broken", "refused"]


@dataclass(slots=True, eq=False)
class ApiError(Exception):
    """An error answer: HTTP code, description, `parameters`, and whether a rule broke."""

    code: int
    description: str
    rule_broken: bool
    parameters: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the JSON body that Telegram sends with this error."""
        answer = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def broken(description: str, code: int = 400) -> ApiError:
    """Make the error for a request that breaks a rule of the Bot API."""
    return ApiError(code, description, rule_broken=True)


def refused(code: int, description: str, **parameters: int) -> ApiError:
    """Make the error for a right request that the world's state forbids."""
    return ApiError(code, description, rule_broken=False, parameters=parameters)

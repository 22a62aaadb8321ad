"""Help desks as they deliver: payloads of their real shape, signed as each of them signs."""

from tests.support.helpdesks.sheet import Case, Sent, Sheet
from tests.support.helpdesks.sheets import SHEETS

__all__ = ["SHEETS", "Case", "Sent", "Sheet"]

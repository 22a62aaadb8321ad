"""An admin's command with what was queried for it before the decision."""

from bot.handlers.admin.permissions import Admin
from bot.handlers.common.query_results import NOTHING, QueryResults
from bot.handlers.common.turn import TurnContext
from scoring.values import Value

__all__ = ["AdminTurn"]


class AdminTurn(Value):
    """A command or a press of somebody with an admin role; `words` are those after the command."""

    turn: TurnContext
    admin: Admin
    found: QueryResults = NOTHING
    words: tuple[str, ...] = ()

"""Commands on deliveries of help desks: the last ones with what became of them, and one decided again."""

from collections.abc import Mapping
from typing import Any

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.refused_deliveries import RefusedDeliveries
from bot.control.arguments import BY, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.wiring.connectors import connector_options
from bot.wiring.services import Services
from config.settings.settings import Settings

__all__ = ["desk_commands"]


def desk_commands(settings: Settings, refused: RefusedDeliveries | None = None) -> Mapping[str, CommandHandler]:
    """Return the commands by name; deliveries are read as the settings say, `refused` are those not taken here."""
    options = connector_options(settings)
    not_taken = refused or RefusedDeliveries()

    async def list_deliveries(services: Services, arguments: Mapping[str, Any]) -> object:
        """List the last deliveries of a help desk, or of each. Raises CommandProblem."""
        from bot.http.context import Desks  # noqa: PLC0415 (the web framework: only where it is asked for)
        from bot.http.helpdesks import desk_replay  # noqa: PLC0415 (as above)

        name = text_argument(arguments, "connector")
        if name and name not in CONNECTORS:
            raise CommandProblem(f"there is no connector {name}, only {', '.join(CONNECTORS)}")
        desks = Desks(services.receiver, services.reader, services.clock, options, not_taken)
        return (await desk_replay.list_deliveries(desks, name)).model_dump(mode="json")

    async def replay(services: Services, arguments: Mapping[str, Any]) -> object:
        """Decide one again. Raises CommandProblem."""
        from bot.http.context import Desks  # noqa: PLC0415 (as above)
        from bot.http.helpdesks import desk_replay  # noqa: PLC0415 (as above)

        desks = Desks(services.receiver, services.reader, services.clock, options)
        told = await desk_replay.replay_delivery(desks, text_argument(arguments, "id"), BY)
        return result_of(desk_replay.DeskDeliveryOut, told).model_dump(mode="json")

    return {"deliveries list": list_deliveries, "deliveries replay": replay}

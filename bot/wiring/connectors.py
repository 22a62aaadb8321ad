"""What the owner has set for each connector, as it reads deliveries."""

from collections.abc import Mapping

from bot.channels.registry import CHANNELS
from bot.connectors.descriptor import ConnectorOptions
from config.settings.hook_settings import GenericSettings
from config.settings.settings import Settings

__all__ = ["connector_options"]


def connector_options(settings: Settings) -> Mapping[str, ConnectorOptions]:
    """Return the options of every connector, by its name."""
    usual = tuple((channel.name, f"{channel.name}_id") for channel in CHANNELS if channel.capabilities.binding)
    return {
        name: ConnectorOptions(
            secrets=tuple(secret.get_secret_value() for secret in group.secret),
            chat_fields=group.chat_fields or usual,
            region=settings.calendar.country,
            closed_states=group.closed_states,
            paths=group.paths if isinstance(group, GenericSettings) else {},
        )
        for name, group in settings.hooks.connectors()
    }

"""What the owner has set for each connector, as it reads deliveries, and as its tickets are written to."""

from collections.abc import Iterator, Mapping

from bot.channels.registry import CHANNELS
from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.desk_api import DeskAccount, DeskApi
from bot.handlers.common.policy import DeskTerms
from config.settings.hook_settings import FreescoutSettings, GenericSettings, NotingSettings
from config.settings.settings import Settings

__all__ = ["connector_options", "desk_accounts", "desk_terms"]


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


def desk_accounts(settings: Settings) -> Iterator[tuple[str, DeskApi, DeskAccount]]:
    """Yield the help desks whose tickets can be written to, with how, and as whom."""
    for name, group in settings.hooks.writers():
        api = CONNECTORS[name].api
        url = group.api_url or (api.own_address if api is not None else "")
        if api is not None and group.api_token is not None and url:
            user = (group.api_user or "") if isinstance(group, FreescoutSettings) else ""
            yield name, api, DeskAccount(url.rstrip("/"), group.api_token.get_secret_value(), user)


def desk_terms(settings: Settings) -> Mapping[str, DeskTerms]:
    """Return what is written into tickets, by the connector's name."""
    writable = {name for name, _, _ in desk_accounts(settings)}
    return {
        name: DeskTerms(group.invite, isinstance(group, NotingSettings) and group.notes, group.tag or "", group.reopen)
        for name, group in settings.hooks.writers()
        if name in writable
    }

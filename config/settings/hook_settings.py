"""Who may deliver tickets, and what is said of each help desk whose own format is read."""

from collections.abc import Iterator

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.group import AllSettings, Group, mistake, setting
from config.values.strength import weakness

__all__ = ["ConnectorSettings", "GenericSettings", "HookSettings"]

_DRAWN = (
    "secret of this help desk's own deliveries; two with a comma between while one is being changed; without one the"
    " door answers 401; `huifang connect NAME` draws one"
)
_FIELDS = (
    "list of its own fields that hold a customer's chat, such as `telegram=chat_number`; left out, `telegram_id` and"
    " its kin"
)
_STATES = "list of its own words for a closed ticket, besides `closed`, `resolved`, `solved` and `done`"


class ConnectorSettings(Group):
    """One help desk whose own format is read."""

    secret: setting_types.SharedSecrets = setting("", _DRAWN)
    chat_fields: setting_types.FieldPairs = setting("", _FIELDS)
    closed_states: setting_types.WordList = setting("", _STATES)


class GenericSettings(ConnectorSettings):
    """Any tool with a webhook, whose JSON the owner describes."""

    paths: setting_types.FieldPaths = setting(
        {}, 'where what stands in its JSON, such as `{ticket = "data.number", status = "data.state"}` (docs/connect/)'
    )


class HookSettings(Group):
    """Who may deliver tickets: any sender to `/hooks/tickets`, and help desks in their own formats (docs/connect/)."""

    secret: setting_types.SigningSecrets = setting(
        "",
        "signing secret of `/hooks/tickets` (`whsec_…`); two with a comma between while one is being changed; without "
        "one the door answers 401",
    )
    chatwoot: ConnectorSettings = ConnectorSettings()
    zammad: ConnectorSettings = ConnectorSettings()
    zendesk: ConnectorSettings = ConnectorSettings()
    freshdesk: ConnectorSettings = ConnectorSettings()
    jira: ConnectorSettings = ConnectorSettings()
    gitlab: ConnectorSettings = ConnectorSettings()
    github: ConnectorSettings = ConnectorSettings()
    freescout: ConnectorSettings = ConnectorSettings()
    osticket: ConnectorSettings = ConnectorSettings()
    generic: GenericSettings = GenericSettings()

    def connectors(self) -> Iterator[tuple[str, ConnectorSettings]]:
        """Yield what is set for each help desk, by its name."""
        for name in type(self).model_fields:
            if isinstance(group := getattr(self, name), ConnectorSettings):
                yield name, group

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for each secret that is easy to guess."""
        for name, group in self.connectors():
            why = next(filter(None, (weakness(secret.get_secret_value()) for secret in group.secret)), "")
            if why:
                problem = f"It is easy to guess: it {why}."
                fix = f"Have the help desk draw one, or take that of `huifang connect {name}`."
                yield mistake(settings, f"hooks.{name}.secret", problem, fix)

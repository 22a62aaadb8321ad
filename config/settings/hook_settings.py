"""Who may deliver tickets, and what is said of each help desk whose own format is read."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.settings import setting_types
from config.settings.group import AllSettings, Group, is_loopback, mistake, setting
from config.values.strength import weakness

__all__ = [
    "ConnectorSettings",
    "FreescoutSettings",
    "GenericSettings",
    "HookSettings",
    "NotingSettings",
    "WebhookSettings",
    "WritingSettings",
]

_DRAWN = (
    "secret of this help desk's own deliveries; two with a comma between while one is being changed; without one the"
    " door answers 401; `huifang connect NAME` draws one"
)
_FIELDS = (
    "list of its own fields that hold a customer's chat, such as `telegram=chat_number`; left out, `telegram_id` and"
    " its kin"
)
_STATES = "list of its own words for a closed ticket, besides `closed`, `resolved`, `solved` and `done`"
_OWN_ADDRESS = frozenset({"github", "gitlab"})
"""Those whose vendor runs one for all."""


class ConnectorSettings(Group):
    """One help desk whose own format is read."""

    secret: setting_types.SharedSecrets = setting("", _DRAWN)
    chat_fields: setting_types.FieldPairs = setting("", _FIELDS)
    closed_states: setting_types.WordList = setting("", _STATES)


class WritingSettings(ConnectorSettings):
    """One help desk whose tickets can be written to; nothing is, while `api_token` is not set."""

    api_url: setting_types.Url | None = setting(
        None, "address of its API, without the path of a call (docs/connect/); left out, the vendor's own, where one is"
    )
    api_token: setting_types.AnySecret | None = setting(
        None, "token by which its tickets are written to; without one nothing is written back"
    )
    invite: setting_types.YesNo = setting(
        "true",
        "write the link by which a customer without a chat opens one into their ticket, as a public reply, once in 30"
        " days",
    )
    tag: setting_types.OneLine | None = setting(
        None, "tag that a ticket gets when its customer's answers open an issue, such as `csat-low`; without it none"
    )
    reopen: setting_types.YesNo = setting("false", "open the ticket again when its customer says that it is not solved")

    def advice_of(self, name: str, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for what does nothing without another setting, and for a token sent in the clear."""
        if self.api_token is not None and self.api_url is None and name not in _OWN_ADDRESS:
            problem, fix = (
                "It is missing, so nothing is written into tickets.",
                "Write its API's address (docs/connect/).",
            )
            yield mistake(settings, f"hooks.{name}.api_url", problem, fix, f"hooks.{name}.api_token")
        for key in ("tag", "reopen", "notes"):
            if self.api_token is None and getattr(self, key, None):
                problem = f"It does nothing, since hooks.{name}.api_token is not set."
                yield mistake(settings, f"hooks.{name}.{key}", problem, "Write the token (docs/connect/).")
        url = self.api_url or ""
        if self.api_token is not None and url.startswith("http:") and not is_loopback(urlsplit(url).hostname or ""):
            problem = f"{url} is not https, and the token is sent there."
            fix = "Write https://…, unless the network is your own."
            yield mistake(settings, f"hooks.{name}.api_url", problem, fix)


class NotingSettings(WritingSettings):
    """One that has notes which only the team reads."""

    notes: setting_types.YesNo = setting(
        "false", "write an internal note into the ticket when a response ends and when an issue opens"
    )


class FreescoutSettings(NotingSettings):
    """FreeScout, whose API asks who writes."""

    api_user: setting_types.OneLine | None = setting(
        None, "id of the user as whom is written; left out, the one to whom the conversation is assigned"
    )


class GenericSettings(ConnectorSettings):
    """Any tool with a webhook, whose JSON the owner describes."""

    paths: setting_types.FieldPaths = setting(
        {}, 'where what stands in its JSON, such as `{ticket = "data.number", status = "data.state"}` (docs/connect/)'
    )


class WebhookSettings(Group):
    """Outgoing webhooks: where they may lead (docs/webhooks.md)."""

    allow_private: setting_types.YesNo = setting(
        "false",
        "`true`: endpoints may be `http://`, and lead into private networks and to this machine; nothing is checked",
    )


class HookSettings(Group):
    """Who may deliver tickets: any sender to `/hooks/tickets`, and help desks in their own formats (docs/connect/)."""

    secret: setting_types.SigningSecrets = setting(
        "",
        "signing secret of `/hooks/tickets` (`whsec_…`); two with a comma between while one is being changed; without "
        "one the door answers 401",
    )
    chatwoot: NotingSettings = NotingSettings()
    zammad: NotingSettings = NotingSettings()
    zendesk: NotingSettings = NotingSettings()
    freshdesk: NotingSettings = NotingSettings()
    jira: NotingSettings = NotingSettings()
    gitlab: NotingSettings = NotingSettings()
    github: WritingSettings = WritingSettings()
    freescout: FreescoutSettings = FreescoutSettings()
    osticket: ConnectorSettings = ConnectorSettings()
    generic: GenericSettings = GenericSettings()

    def connectors(self) -> Iterator[tuple[str, ConnectorSettings]]:
        """Yield what is set for each help desk, by its name."""
        for name in type(self).model_fields:
            if isinstance(group := getattr(self, name), ConnectorSettings):
                yield name, group

    def writers(self) -> Iterator[tuple[str, WritingSettings]]:
        """Yield what is set for each help desk whose tickets can be written to, by its name."""
        for name, group in self.connectors():
            if isinstance(group, WritingSettings):
                yield name, group

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:
        """Yield a warning for each secret that is easy to guess, and for what does nothing."""
        for name, writer in self.writers():
            yield from writer.advice_of(name, settings)
        for name, group in self.connectors():
            why = next(filter(None, (weakness(secret.get_secret_value()) for secret in group.secret)), "")
            if why:
                problem = f"It is easy to guess: it {why}."
                fix = f"Have the help desk draw one, or take that of `huifang connect {name}`."
                yield mistake(settings, f"hooks.{name}.secret", problem, fix)

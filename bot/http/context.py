"""What the web server is given: the receiver, the reader, channels, secrets."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from bot.channels.descriptor import ChannelDescriptor
from bot.channels.registry import CHANNELS
from bot.channels.webhooks import Webhook
from bot.connectors.descriptor import ConnectorOptions
from bot.connectors.refused_deliveries import RefusedDeliveries
from bot.http.scopes import ApiKey
from bot.http.sessions import ConsoleSessions
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.jobs.imports.import_desk import ImportDesk
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.sample.sample_database import SampleDatabase
from bot.ports import Channel, Clock, SecretSource, SimulatedChannel, SubscriptionSource
from bot.receiver import Receiver
from config.forms.load import read_forms
from dialogs.forms.model import Form
from storage.reads.reader import Reader

__all__ = ["Desks", "Readiness", "TheWeb", "Web"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served: `writable` is the database's state, `alarms` are lines for the operator.

    `failed` is how many deliveries are kept because they could not be decided.
    """

    writable: bool = True
    alarms: tuple[str, ...] = ()
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Desks:
    """What deliveries of help desks are read and stored with; `options` are what is set for each connector, by name.

    `refused` are those that were not taken since the process started.
    """

    receiver: Receiver
    reader: Reader
    clock: Clock
    options: Mapping[str, ConnectorOptions]
    refused: RefusedDeliveries = field(default_factory=RefusedDeliveries)

    def option(self, connector: str) -> ConnectorOptions:
        """Return what is set for a connector."""
        return self.options.get(connector, ConnectorOptions())


@dataclass(frozen=True, slots=True)
class Web:
    """Everything that the web server needs; made by the composition root.

    `forms` are those of which a sheet can be filled; `channels` are all that there are, `bindable` those that customers
    can open by a link, `webhooks` what answers the platforms' calls, both by the channel's name. Each of
    `hooks_secrets` (`whsec_…`) opens the webhook for tickets, which answers 401 without any; `connectors` are what is
    set for help desks' own formats, `refused` what came there and was not taken. `subscription` is what the
    survey page may offer after a low score; the page waits for it for at most `subscription_within` seconds. `console`
    guards the page of `simulated`, which is there while one person plays a channel; `tell_language` tells other
    processes in which language they do; `scrape` returns the process's metrics. `hooks` works on the endpoints of
    outgoing webhooks. `sample` loads the sample company. The pages at `/docs` are there with `docs`.
    """

    receiver: Receiver
    reader: Reader
    clock: Clock
    secrets: SecretSource
    console: ConsoleSessions
    ready: Callable[[], Awaitable[Readiness]]
    failed: FailedDeliveries
    scrape: Callable[[], Awaitable[bytes]]
    hooks: EndpointDesk
    imports: ImportDesk
    channels: Sequence[ChannelDescriptor] = CHANNELS
    forms: Mapping[str, Form] = field(default_factory=read_forms)
    bindable: Mapping[str, Channel] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    public_url: str = "http://127.0.0.1:8480"
    docs: bool = True
    api_keys: tuple[ApiKey, ...] = field(default=(), repr=False)
    hooks_secrets: tuple[str, ...] = field(default=(), repr=False)
    connectors: Mapping[str, ConnectorOptions] = field(default_factory=dict, repr=False)
    refused: RefusedDeliveries = field(default_factory=RefusedDeliveries)
    subscription: SubscriptionSource | None = None
    subscription_within: float = 2.0
    simulated: SimulatedChannel | None = None
    tell_language: Callable[[str], None] = lambda _: None
    sample: SampleDatabase | None = None

    @property
    def desks(self) -> Desks:
        """Return what deliveries of help desks are read and stored with."""
        return Desks(self.receiver, self.reader, self.clock, self.connectors, self.refused)


async def the_web(request: Request) -> Web:
    """Return the web server's context, as a FastAPI dependency."""
    web: Web = request.app.state.web
    return web


TheWeb = Annotated[Web, Depends(the_web)]

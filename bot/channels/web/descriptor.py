"""The survey's page as the registry of channels lists it: a customer can open it, and nothing can be sent to it."""

from datetime import datetime

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection
from bot.ports import Binding, Capabilities, Delivery, Refused
from bot.signed_links import LinkPurpose, Links
from config.settings.settings import Settings
from storage.model.records import OutboxMessage

__all__ = ["WEB", "WebChannel"]


class WebChannel:
    """Makes links to the page. No message is ever made for it; one that were would be refused."""

    name = "web"

    def __init__(self, links: Links) -> None:
        """Sign links with the installation's key."""
        self._links = links

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Refuse: a page is opened, not written to."""
        del message, edits
        return Refused("nothing can be sent to a page")

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Ignore it: the page answers a press itself."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return the address of the page; the token in it leads to the customer, whose id stays with us."""
        url = self._links.url(LinkPurpose.WEB, token, expires_at)
        return Binding(url, url)

    async def close(self) -> None:
        """Return at once: there is nothing to close."""


class _Web(ChannelDescriptor):
    name = WebChannel.name
    capabilities = Capabilities(binding=True)

    def is_on(self, settings: Settings) -> bool:
        del settings
        return True

    def summary(self, settings: Settings) -> str:
        return f"pages below {settings.http.public_url}"

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        del settings
        return Connection(channel=WebChannel(services.links))


WEB = _Web()

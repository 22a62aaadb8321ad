"""`[[webhooks]]` of the owner's rules.toml: what an entry may say, and the endpoints that are wanted."""

from collections.abc import Iterable

from bot.channels.http_client.guarded_address import ForbiddenTargetError, unresolved_target
from bot.handlers.outgoing.endpoint_commands import NewEndpoint
from config.rules.schema import Hookable, WebhookPart
from config.settings.settings import Settings
from storage.model.outgoing.hook_records import HookEventType

__all__ = ["hookable", "wanted_endpoints"]


def hookable(settings: Settings) -> Hookable:
    """Return what `[[webhooks]]` may name; where the name of a host leads to is seen when the entries are kept."""
    allow_private = settings.webhooks.allow_private

    def refusal(url: str) -> str:
        try:
            unresolved_target(url, allow_private=allow_private)
        except ForbiddenTargetError as refused:
            return str(refused)
        return ""

    return Hookable(tuple(kind.value for kind in HookEventType if kind is not HookEventType.TEST), refusal)


def wanted_endpoints(parts: Iterable[WebhookPart]) -> list[NewEndpoint]:
    """Return the endpoints of these entries."""
    return [NewEndpoint(part.name, part.url, tuple(map(HookEventType, part.events))) for part in parts]

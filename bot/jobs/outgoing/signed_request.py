"""A delivery as it is posted: the body as it was saved, signed at this moment by every secret that holds."""

from collections.abc import Mapping
from datetime import datetime

from bot.body_signatures import sign_body
from bot.handlers.outgoing.endpoint_commands import secrets_at
from scoring.values import Value
from storage.model.outgoing.hook_records import HookEndpoint

__all__ = ["SignedRequest", "signed_request"]


class SignedRequest(Value):
    """What is posted to an endpoint."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def signed_request(endpoint: HookEndpoint, event: str, body: str, key: bytes, now: datetime) -> SignedRequest:
    """Return the request; `key` is the installation's own, of which the endpoint's secrets are made."""
    raw = body.encode()
    headers = {
        "content-type": "application/json",
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(sign_body(one, event, now, raw) for one in secrets_at(key, endpoint, now)),
    }
    return SignedRequest(endpoint.url, headers, raw)

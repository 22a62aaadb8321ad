"""Endpoints of outgoing webhooks: added, changed, given a new secret, disabled, removed; each with its audit line."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.body_signatures import derived_secret
from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, NotFound
from dialogs.ids import derive
from scoring.values import Value, replace
from storage.model.outgoing.hook_records import EndpointStatus, HookDelivery, HookEndpoint, HookEventType
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "SECRETS_OVERLAP",
    "EndpointChange",
    "NewEndpoint",
    "add_endpoint",
    "audited_endpoint",
    "change_endpoint",
    "disable_endpoint",
    "ended_endpoint",
    "endpoint_needs",
    "note_delivery",
    "remove_endpoint",
    "rotate_secret",
    "secret_numbered",
    "secrets_at",
]

SECRETS_OVERLAP = timedelta(hours=24)
"""For so long after a rotation both secrets sign, so that a receiver has the time to change."""
_IN_FILE = Conflict("It stands under [[webhooks]] in rules.toml: edit the file, which is taken over within seconds.")


class NewEndpoint(Value):
    """An endpoint to be added, which listens to `events`, to all where there are none."""

    name: str
    url: str
    events: tuple[HookEventType, ...] = ()


class EndpointChange(Value):
    """What somebody wants of an endpoint; None leaves it as it is."""

    name: str | None = None
    url: str | None = None
    events: tuple[HookEventType, ...] | None = None
    enabled: bool | None = None


def endpoint_needs(endpoint: str) -> Needs:
    """Return the need for an endpoint."""
    return Needs(hook_endpoints=frozenset({endpoint}))


def secret_numbered(key: bytes, endpoint: str, number: int) -> str:
    """Return a secret of an endpoint (`whsec_…`): made of the installation's own `key`, and stored nowhere."""
    return derived_secret(key, endpoint, number)


def secrets_at(key: bytes, endpoint: HookEndpoint, now: datetime) -> Iterator[str]:
    """Yield the secrets by which a body is signed now: the newest first, then the one before while both hold."""
    yield secret_numbered(key, endpoint.id, endpoint.secret_number)
    if endpoint.overlap_until is not None and now < endpoint.overlap_until:
        yield secret_numbered(key, endpoint.id, endpoint.secret_number - 1)


def add_endpoint(context: DecisionContext, wanted: NewEndpoint, by: str) -> Decision[HookEndpoint]:
    """Add an endpoint, which is told of what happens from now on."""
    id_ = derive("hook", wanted.name, wanted.url, context.now.isoformat())
    events = tuple(dict.fromkeys(wanted.events))
    fresh = HookEndpoint(id_, wanted.name, wanted.url, context.now, events)
    return Decision(*audited_endpoint(context, fresh, by, "added"))


def change_endpoint(
    context: DecisionContext, endpoint: str, change: EndpointChange, by: str
) -> Decision[HookEndpoint | NotFound | Conflict]:
    """Change what is given; one that is enabled again is sent everything that waits for it.

    Of one from the file nothing else is changed than whether it is enabled.
    """
    found = _found(context, endpoint)
    if found is None:
        return Decision(Changes(), NotFound(_what(endpoint)))
    if found.is_from_file and replace(change, enabled=None) != EndpointChange():
        return Decision(Changes(), _IN_FILE)
    state = found.state if change.enabled is None else _STATES[change.enabled]
    changed = replace(
        found,
        name=found.name if change.name is None else change.name,
        url=found.url if change.url is None else change.url,
        events=found.events if change.events is None else tuple(dict.fromkeys(change.events)),
        state=state,
        why=found.why if state is EndpointStatus.DISABLED else "",
    )
    return (
        Decision(Changes(), found) if changed == found else Decision(*audited_endpoint(context, changed, by, "changed"))
    )


def rotate_secret(context: DecisionContext, endpoint: str, by: str) -> Decision[HookEndpoint | NotFound]:
    """Return an endpoint with its next secret; the one before signs for a day as well."""
    found = _found(context, endpoint)
    if found is None:
        return Decision(Changes(), NotFound(_what(endpoint)))
    until = context.now + SECRETS_OVERLAP
    rotated = replace(found, secret_number=found.secret_number + 1, overlap_until=until)
    return Decision(*audited_endpoint(context, rotated, by, "secret_rotated"))


def disable_endpoint(context: DecisionContext, endpoint: str, why: str) -> Decision[bool]:
    """Disable an endpoint for the service's own reason; False where it was not active any more."""
    found = _found(context, endpoint)
    if found is None or found.state is not EndpointStatus.ACTIVE:
        return Decision(Changes(), answer=False)
    off = replace(found, state=EndpointStatus.DISABLED, why=why)
    return Decision(audited_endpoint(context, off, "huifang", "disabled")[0], answer=True)


def remove_endpoint(context: DecisionContext, endpoint: str, by: str) -> Decision[HookEndpoint | NotFound | Conflict]:
    """Remove an endpoint that does not stand in the file: nothing more is sent to it."""
    found = _found(context, endpoint)
    if found is None:
        return Decision(Changes(), NotFound(_what(endpoint)))
    if found.is_from_file:
        return Decision(Changes(), _IN_FILE)
    return Decision(*ended_endpoint(context, found, by))


def ended_endpoint(context: DecisionContext, endpoint: HookEndpoint, by: str) -> tuple[Changes, HookEndpoint]:
    """Return an endpoint to which nothing more is sent, and whose address is forgotten."""
    gone = replace(endpoint, state=EndpointStatus.REMOVED, url="", events=(), why="")
    return audited_endpoint(context, gone, by, "removed")


def note_delivery(context: DecisionContext, delivery: HookDelivery, what: str, by: str) -> Changes:
    """Write down that somebody has a delivery sent once more, or dropped."""
    cause = f"{delivery.event}:{context.now.isoformat()}"
    line = audit_entry(context, by, f"webhook.{what}", delivery.endpoint, cause, event=delivery.event)
    return Changes((line,))


_STATES = {True: EndpointStatus.ACTIVE, False: EndpointStatus.DISABLED}


def _found(context: DecisionContext, endpoint: str) -> HookEndpoint | None:
    found = context.snapshot.hook_endpoint(endpoint)
    return None if found is None or found.state is EndpointStatus.REMOVED else found


def _what(endpoint: str) -> str:
    return f"webhook endpoint {endpoint}"


def audited_endpoint(
    context: DecisionContext, endpoint: HookEndpoint, by: str, what: str
) -> tuple[Changes, HookEndpoint]:
    """Return an endpoint as it is now, with the line of the audit log that says what became of it."""
    cause = f"{endpoint.version}:{context.now.isoformat()}"
    line = audit_entry(context, by, f"webhook.{what}", endpoint.id, cause, name=endpoint.name)
    return Changes((endpoint, line)), endpoint

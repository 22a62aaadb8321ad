"""An endpoint of outgoing webhooks with an event for it, every field filled."""

from datetime import datetime, timedelta

from storage.model.outgoing.hook_records import EndpointStatus, HookEndpoint, HookEvent, HookEventType

__all__ = ["listening", "told"]


def listening(now: datetime, url: str = "https://hooks.example.com/huifang") -> HookEndpoint:
    """Return an endpoint that was disabled, and has its second secret."""
    return HookEndpoint(
        "hook_crm",
        "CRM",
        url,
        now,
        (HookEventType.RESPONSE_COMPLETED, HookEventType.CUSTOMER_OPTED_OUT),
        EndpointStatus.DISABLED,
        2,
        now + timedelta(hours=1),
        "it answered 410 Gone",
        "rules",
    )


def told(now: datetime, number: int = 1, subject: str = "inv_1") -> HookEvent:
    """Return an event that this endpoint listens to."""
    return HookEvent(f"evt_{number}", HookEventType.RESPONSE_COMPLETED, subject, now, f'{{"data":{number}}}')

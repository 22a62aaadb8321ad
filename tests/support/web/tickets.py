"""Tickets as help desks send them."""

from typing import Any

__all__ = ["NO_DETAILS", "TICKET", "ticket"]

TICKET: dict[str, Any] = {
    "status": "closed",
    "opened_at": "2026-11-21T08:00:00Z",
    "first_replied_at": "2026-11-21T16:12:00+08:00",
    "closed_at": "2026-11-22T02:30:00Z",
    "subject": "空调不制冷",
    "category": "repair",
    "product": "AC-300",
    "team": "north",
    "agent": {"id": "a17", "name": "李工"},
    "tags": ["vip"],
    "customer": {
        "id": "c-1001",
        "name": "王女士",
        "locale": "zh-Hans",
        "timezone": "Asia/Shanghai",
        "contacts": [{"channel": "sandbox", "address": "phone"}, {"channel": "wechat", "address": "oAbc"}],
    },
}

NO_DETAILS: dict[str, Any] = {
    **dict.fromkeys(
        "requested_at assigned_at onsite_at solved_at area station contract device fault service_type source_channel"
        " order_no repair_form_no customer_signed report_reviewed stage outcome contact_problem warranty cause measure"
        " resent solved_first_time rework rework_of".split()
    ),
    "fields": {},
}
"""What is answered of a service visit where no help desk told anything of it."""


def ticket(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 (anything may be sent)
    """Return a ticket with some fields changed."""
    return {**TICKET, **changed}

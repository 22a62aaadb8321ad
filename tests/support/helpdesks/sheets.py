"""The sheets of all help desks."""

from collections.abc import Mapping
from typing import Any

from tests.support.helpdesks.sheet import Case, Sheet, edited, mac_hex, payload

__all__ = ["SHEETS"]


def _zammad(case: Case) -> dict[str, Any]:
    return edited(
        payload("zammad"),
        {
            "ticket.id": case.number,
            "ticket.number": str(22000 + case.number),
            "ticket.state": "closed" if case.is_closed else "open",
            "ticket.updated_at": case.stamp(),
            "ticket.last_close_at": case.stamp() if case.is_closed else None,
            "ticket.close_at": None,
            "ticket.telegram_id": case.chat,
            "ticket.updated_by": {"id": 1, "login": "-"} if case.state == "auto_closed" else {"id": 5, "login": "li"},
            "ticket.customer.id": case.customer,
            "article.id": case.number,
        },
    )


_ALL = (
    Sheet(
        "zammad",
        "hmac-token-of-zammad-0815",
        _zammad,
        lambda secret, body, _now: {"x-hub-signature": f"sha1={mac_hex(secret, body, 'sha1')}"},
        lambda number: str(22000 + number),
        lambda case: {"x-zammad-delivery": case.event, "x-zammad-trigger": "huifang closed"},
    ),
)
SHEETS: Mapping[str, Sheet] = {sheet.name: sheet for sheet in _ALL}
"""By the connector's name."""

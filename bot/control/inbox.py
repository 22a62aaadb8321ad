"""Commands on deliveries that could not be decided: listed, tried again, or dropped for good."""

from collections.abc import Mapping
from typing import Any

from bot.channels.registry import CHANNELS
from bot.control.arguments import BY, result_of, text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.handlers.failed_deliveries import DroppedDelivery
from bot.http.api.schemas.inbox import delivery_page, retried_page_out
from bot.jobs.failed_deliveries import FailedDeliveries, retried_of
from bot.wiring.services import Services
from storage.reads.inbox import KeptDelivery
from storage.reads.listings import Page

__all__ = ["inbox_commands"]

Json = dict[str, Any]
_CHANNELS = tuple(channel.name for channel in CHANNELS)
_MOST, _MOST_RAW = 200, 20
"""Deliveries of a page, without and with what they hold, of 64 KiB each at most."""


def inbox_commands(failed: FailedDeliveries) -> Mapping[str, CommandHandler]:
    """Return the commands by name; `inbox retry` reads deliveries by the channels that are connected there."""
    reader = failed.reader

    async def list_failed(_services: Services, arguments: Mapping[str, Any]) -> Json:
        """List a page of what is kept as failed, oldest first, or the one that is named. Raises CommandProblem."""
        is_raw, one = arguments.get("raw") is True, text_argument(arguments, "id")
        if one:
            kept = await reader.delivery(one)
            if kept is None:
                raise CommandProblem(f"there is no delivery {one}")
            return delivery_page(Page((kept,), None), raw=is_raw).model_dump(mode="json")
        channel, cursor = text_argument(arguments, "channel") or None, text_argument(arguments, "cursor") or None
        page = await reader.failed_deliveries(channel, cursor, _MOST_RAW if is_raw else _MOST)
        if channel is not None and not page.items and channel not in _CHANNELS:
            raise CommandProblem(f"there is no channel {channel}, only {', '.join(_CHANNELS)}")
        return delivery_page(page, raw=is_raw).model_dump(mode="json")

    async def retry_failed(_services: Services, arguments: Mapping[str, Any]) -> Json:
        """Decide one again, or all; what was not tried within a few seconds stands behind the cursor `next`."""
        one = text_argument(arguments, "id")
        if not one:
            page = await failed.retry_some(BY, text_argument(arguments, "cursor") or None)
            return retried_page_out(page).model_dump(mode="json")
        kept = result_of(KeptDelivery, await failed.retry(one, BY))
        return retried_page_out(Page((retried_of(kept),), None)).model_dump(mode="json")

    async def drop_failed(_services: Services, arguments: Mapping[str, Any]) -> Json:
        """Empty a failed delivery and take it for done: it is known for good, and never tried again."""
        answer = result_of(DroppedDelivery, await failed.drop(text_argument(arguments, "id"), BY))
        return {"id": answer.id, "dropped": answer.dropped}

    return {"inbox drop": drop_failed, "inbox list": list_failed, "inbox retry": retry_failed}

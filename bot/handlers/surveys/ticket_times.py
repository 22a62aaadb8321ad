"""The times that a help desk reports: which of them cannot be, and from when a closing counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from bot.handlers.common.results import Invalid
from bot.handlers.surveys.ticket_event import TicketEvent
from dialogs.time.doubt import Doubt
from storage.model.records import Ticket, TicketStatus
from storage.model.service_details import SERVICE_TIMES, ServiceDetails

__all__ = ["AHEAD", "closed_at", "open_since", "replaced_times", "wrong_order", "wrong_times"]

AHEAD = timedelta(minutes=5)
"""How far a help desk's clock may be ahead of ours."""

_PAST = ("opened_at", "first_replied_at", "closed_at", "updated_at")
"""What has happened when it is reported; an appointment may lie ahead."""


def wrong_times(event: TicketEvent, now: datetime, doubt: Doubt | None, zone: tzinfo = UTC) -> Iterator[Invalid]:
    """Yield the times of a report that lie in the future, by field; a door refuses the report then.

    While another clock contradicts ours, ours is no measure. Moments are told on the clocks of a zone.
    """
    if doubt is not None and doubt.is_contradicted:
        return
    latest = now + AHEAD
    for name in (*_PAST, *SERVICE_TIMES):
        moment: Any = getattr(event, name) if name in _PAST else event.details.get(name)
        if moment is not None and moment > latest:
            yield Invalid(
                name, f"lies in the future: it is {_written(now, zone)} here, and at most 5 minutes ahead are taken"
            )


def wrong_order(event: TicketEvent, merged: ServiceDetails, zone: tzinfo = UTC) -> Iterator[Invalid]:
    """Yield what would have happened before it was requested, by a field that the report has; `merged` is after it."""
    requested = merged.requested_at
    for name in SERVICE_TIMES[1:]:
        moment = getattr(merged, name)
        if requested is not None and moment is not None and moment < requested:
            field = name if event.details.get(name) is not None else "requested_at"
            if event.details.get(field) is not None:  # what was stored before this rule is no reason to lose a report
                told, before = _written(moment, zone), _written(requested, zone)
                yield Invalid(field, f"{name} {told} lies before requested_at {before}")


def replaced_times(event: TicketEvent, stored: Ticket) -> Iterator[Invalid]:
    """Yield a `closed_at` that was told and not taken, since it cannot be that of this closing (`closed_at` below)."""
    told, taken = event.closed_at, stored.closed_at
    if event.status is not TicketStatus.CLOSED or told is None or taken is None:
        return
    is_older = event.updated_at is not None and stored.updated_at is not None and event.updated_at < stored.updated_at
    if told != taken and not is_older:
        yield Invalid("closed_at", f"is the time of an earlier closing; this one counts from {_written(taken)}")


def _written(moment: datetime, zone: tzinfo = UTC) -> str:
    if zone is not UTC:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def open_since(event: TicketEvent, before: Ticket | None, now: datetime) -> datetime | None:
    """Return since when the ticket is known not to be closed, kept over its closing; None where it never was open.

    Of what was open before that was stored it is known at the latest as it closes.
    """
    if event.status is TicketStatus.CLOSED:
        is_untold = before is not None and before.status is not TicketStatus.CLOSED and before.open_since is None
        return now if is_untold else before.open_since if before is not None else None
    was_open = before is not None and before.status is not TicketStatus.CLOSED
    if was_open and before is not None and before.open_since is not None:
        return before.open_since
    return min(event.updated_at or now, now)


def closed_at(event: TicketEvent, before: Ticket | None, now: datetime) -> datetime:
    """Return when a ticket was closed that is reported as closed; now where the report names no time that can be.

    A help desk may keep the first `closed_at` for ever: one from before the ticket was last seen open, or of an earlier
    closing, is not that of this one. So a transition that is seen now counts from now.
    """
    is_new = before is None or before.status is not TicketStatus.CLOSED
    otherwise = now if is_new or before is None or before.closed_at is None else before.closed_at
    told = event.closed_at
    if told is None or before is None:
        return told or otherwise
    is_former = is_new and before.closed_at is not None and told <= before.closed_at
    since = before.open_since
    is_before = since is not None and (told < since - AHEAD if is_new else told <= since)  # as it was decided at first
    return otherwise if is_former or is_before else told

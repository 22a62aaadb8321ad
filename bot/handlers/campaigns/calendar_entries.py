"""Campaigns of the owner's rules.toml: created, changed and cancelled with their entries."""

from collections.abc import Iterable

from bot.handlers.campaigns.commands import audited, cancel
from bot.handlers.common.context import DecisionContext
from dialogs.campaign.calendar_entries import CalendarEntry
from dialogs.campaign.machine import CAMPAIGN, Started
from dialogs.campaign.model import OVER, Campaign, CampaignState, Schedule
from scoring.values import replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs

__all__ = ["ORIGIN", "entry_needs", "keep_entries"]

ORIGIN = "rules"
"""The origin of these campaigns, which tells them from those that people create."""

_BY = "rules.toml"
_REMOVED = "removed"
"""Why a campaign ended whose entry was removed from the file; it starts again with the entry."""


def entry_needs(entries: Iterable[CalendarEntry], known: Iterable[str]) -> Needs:
    """Return the need for the campaigns of these entries and for those `known` from the file before."""
    return Needs(campaigns=frozenset(entry.campaign for entry in entries).union(known))


def keep_entries(context: DecisionContext, entries: Iterable[CalendarEntry], known: Iterable[str]) -> Changes:
    """Create, change and cancel campaigns until they match the entries; those that match stay unchanged."""
    changes = Changes()
    wanted = {entry.campaign: entry for entry in entries}
    for entry in wanted.values():
        changes += _kept(context, entry)
    for campaign in sorted(set(known) - wanted.keys()):
        changes += _ended(context, campaign)
    return changes


def _kept(context: DecisionContext, entry: CalendarEntry) -> Changes:
    before = context.snapshot.campaign(entry.campaign)
    if before is None:
        return _begun(context, entry, 0)
    said = _said(before, entry)
    if before.state in OVER:
        comes_back = before.why == _REMOVED or said != before
        return _begun(context, entry, before.version) if comes_back else Changes()
    if said == before:
        return Changes()
    if said.schedule != before.schedule:
        said = replace(said, next_at=entry.next_at(context.now))
        said = replace(said, wake_at=said.next_at) if said.state is CampaignState.SCHEDULED else said
    return Changes((said, audited(context, said, "changed", _BY)))


def _begun(context: DecisionContext, entry: CalendarEntry, version: int) -> Changes:
    first = entry.next_at(context.now)
    blank = Campaign(entry.campaign, entry.name, entry.kind, context.now, _BY, origin=ORIGIN, version=version)
    draft = _said(blank, entry)
    step = CAMPAIGN.step(draft, Started(first), context.now) if first is not None else None
    return Changes((step.thing, audited(context, draft, "created", _BY))) if step is not None else Changes()


def _said(campaign: Campaign, entry: CalendarEntry) -> Campaign:
    """Return a campaign with the fields of its entry."""
    return replace(
        campaign,
        name=entry.name,
        kind=entry.kind,
        survey=entry.survey,
        text=entry.text,
        audience=entry.audience,
        schedule=Schedule(repeats=entry.when, timezone=entry.timezone),
        window=entry.window,
        per_minute=entry.per_minute,
    )


def _ended(context: DecisionContext, campaign: str) -> Changes:
    before = context.snapshot.campaign(campaign)
    if before is None or before.state in OVER:
        return Changes()
    changes = cancel(context, campaign, _BY).changes
    records = tuple(replace(each, why=_REMOVED) if isinstance(each, Campaign) else each for each in changes.records)
    return replace(changes, records=records)

"""Reads about campaigns: their state, the next targets, the health of their sending."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Text, bindparam, func, select

from dialogs.campaign.model import Audience, Campaign, Figures, Run, RunState, Target, TargetState
from dialogs.outbox.model import SendingState
from scoring.values import Value
from storage.connection.codec import TABLES
from storage.connection.store import Store
from storage.model import registers
from storage.model.records import OutboxMessage, Purpose
from storage.reads import audiences
from storage.reads.audiences import Candidate
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, is_one_of, text_literal
from storage.unit_of_work.selects import CAMPAIGNS, all_of

__all__ = ["CAMPAIGN_PAUSED", "RATE_LIMITED", "CampaignHealth", "CampaignReads"]

RATE_LIMITED = "limited"
"""The `step` of an attempt after which the platform asked for a pause (HTTP 429)."""
CAMPAIGN_PAUSED = "paused"
"""The reason for which a message of a paused campaign is held."""
_EXAMINED = 200
_RATE_LIMIT_PERIOD = timedelta(minutes=5)
_STARTING_ACTIONS = ("campaign.created", "campaign.started", "campaign.resumed")
"""Audit actions after which a campaign sends; one of the owner's file starts when it is created."""


class CampaignHealth(Value):
    """The results of a campaign's sending since a person last started or resumed it.

    Of the last 200 messages `attempted` have a result and `refused` were refused; `limited` times within five minutes
    the platform asked for a pause. `under_way` may be sent now or are being sent.
    """

    attempted: int = 0
    refused: int = 0
    limited: int = 0
    under_way: int = 0


_outbox, _target = t.outbox.c, t.campaign_targets.c
_audit = TABLES[registers.AuditEntry].c
_CAMPAIGN, _OCCURRENCE = bindparam("campaign", type_=Text()), bindparam("occurrence", type_=Instant())
_LIMIT, _NOW = bindparam("limit", type_=Integer()), bindparam("now", type_=Instant())
_SINCE = bindparam("since", type_=Instant())
_is_mine = (_target.campaign == _CAMPAIGN) & (_target.occurrence == _OCCURRENCE)
_is_waiting = _target.state == text_literal(TargetState.WAITING)

_ALL = all_of(Campaign).order_by(t.campaigns.c.created_at, t.campaigns.c.id)
_RUNS = all_of(Run, t.campaign_runs.c.campaign == _CAMPAIGN).order_by(t.campaign_runs.c.occurrence)
_NEXT = all_of(Target, _is_mine, _is_waiting, _target.due_at <= _NOW).order_by(_target.due_at, _target.customer)
_NEXT = _NEXT.limit(_LIMIT)
_LATER = select(func.min(_target.due_at)).where(_is_mine, _is_waiting, _target.due_at > _NOW)
_HELD = all_of(
    OutboxMessage,
    _outbox.campaign == _CAMPAIGN,
    _outbox.campaign != EMPTY,  # the condition of the partial index, repeated here so that it is used
    _outbox.status == text_literal(SendingState.HELD),
    _outbox.why == text_literal(CAMPAIGN_PAUSED),
)
_HELD = _HELD.order_by(_outbox.seq).limit(_LIMIT)
_opted_out = t.customers.c.opted_out_at.is_not(None)
_PROGRESS = (
    select(_target.state, _target.reason, _outbox.status, _outbox.why, _opted_out, func.count())
    .select_from(t.campaign_targets)
    .outerjoin(t.outbox, (_outbox.id == _target.message) & (_target.message != EMPTY))
    .join(t.customers, t.customers.c.id == _target.customer)
    .where(_is_mine)
    .group_by(_target.state, _target.reason, _outbox.status, _outbox.why, _opted_out)
)
_UNSENT = (
    select(_outbox.about)
    .where(
        _outbox.campaign == _CAMPAIGN,
        _outbox.campaign != EMPTY,
        _outbox.status == text_literal(SendingState.CANCELLED),
        _outbox.why == text_literal("cancelled"),
        _outbox.purpose == text_literal(Purpose.SURVEY),
    )
    .order_by(_outbox.seq.desc())
    .limit(_LIMIT)
)
_STARTED = select(func.max(_audit.at)).where(_audit.subject == _CAMPAIGN, is_one_of(_audit.action, *_STARTING_ACTIONS))
_ENDED = (
    select(_outbox.status, _outbox.why)
    .where(
        _outbox.campaign == _CAMPAIGN,
        _outbox.campaign != EMPTY,
        is_one_of(_outbox.status, SendingState.SENT, SendingState.UNKNOWN, SendingState.DEAD),
        _outbox.created_at >= _SINCE,
    )
    .order_by(_outbox.seq.desc())
    .limit(_LIMIT)
)
_UNDER_WAY = select(func.count()).where(
    _outbox.campaign == _CAMPAIGN,
    _outbox.campaign != EMPTY,
    is_one_of(_outbox.status, SendingState.PENDING, SendingState.LEASED),
    t.NOT_BEFORE <= _NOW,
)
_LIMITED = (
    select(func.count())
    .select_from(t.attempts)
    .join(t.outbox, _outbox.id == t.attempts.c.message)
    .where(
        _outbox.campaign == _CAMPAIGN,
        _outbox.campaign != EMPTY,
        t.attempts.c.step == text_literal(RATE_LIMITED),
        t.attempts.c.at >= _SINCE,
    )
)


class CampaignReads:
    """Reads about campaigns; nothing here locks or writes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> list[Campaign]:
        """List every campaign, oldest first."""
        async with self._store.reading() as session:
            return await session.records(Campaign, _ALL)

    async def find(self, campaign: str) -> Campaign | None:
        """Return a campaign, None if there is no such campaign."""
        async with self._store.reading() as session:
            found = await session.records(Campaign, CAMPAIGNS, keys=[campaign])
        return found[0] if found else None

    async def runs(self, campaign: str) -> list[Run]:
        """List a campaign's occurrences, oldest first."""
        async with self._store.reading() as session:
            return await session.records(Run, _RUNS, campaign=campaign)

    async def runs_and_figures(self, campaign: str) -> tuple[list[Run], Figures]:
        """Return a campaign's occurrences, and the figures of the latest that began; empty ones before the first."""
        runs = await self.runs(campaign)
        began = [run for run in runs if run.state is not RunState.SKIPPED]
        return runs, await self.progress(began[-1]) if began else Figures()

    async def candidates(
        self,
        audience: Audience,
        at: datetime,
        channels: tuple[str, ...],
        *,
        unfinished: bool,
        anonymous: tuple[str, ...] = (),
    ) -> list[Candidate]:
        """Return the audience of an occurrence at this moment; see `storage.reads.audiences.candidates`."""
        return await audiences.candidates(
            self._store, audience, at, channels, unfinished=unfinished, anonymous=anonymous
        )

    async def waiting(self, campaign: str, occurrence: datetime, now: datetime, limit: int) -> list[Target]:
        """Return at most `limit` targets of an occurrence that are due, in the order in which they fell due."""
        async with self._store.reading() as session:
            return await session.records(Target, _NEXT, campaign=campaign, occurrence=occurrence, now=now, limit=limit)

    async def due_next(self, campaign: str, occurrence: datetime, now: datetime) -> datetime | None:
        """Return the moment at which the next target of an occurrence is due, None where none is due later."""
        async with self._store.reading() as session:
            ((moment,),) = await session.fetch(_LATER, campaign=campaign, occurrence=occurrence, now=now)
        found: datetime | None = moment
        return found

    async def held(self, campaign: str, limit: int) -> list[OutboxMessage]:
        """Return at most `limit` messages that are held because the campaign was paused, oldest first."""
        async with self._store.reading() as session:
            return await session.records(OutboxMessage, _HELD, campaign=campaign, limit=limit)

    async def unsent_interviews(self, campaign: str, limit: int) -> list[str]:
        """Return the ids of interviews whose first question was cancelled with the campaign, before it was sent."""
        async with self._store.reading() as session:
            return [about.id for (about,) in await session.fetch(_UNSENT, campaign=campaign, limit=limit)]

    async def health(self, campaign: str, now: datetime) -> CampaignHealth:
        """Return the health of a campaign's sending."""
        async with self._store.reading() as session:
            ((started,),) = await session.fetch(_STARTED, campaign=campaign)
            since = started or now
            ended = await session.fetch(_ENDED, campaign=campaign, since=since, limit=_EXAMINED)
            ((under_way,),) = await session.fetch(_UNDER_WAY, campaign=campaign, now=now)
            recently = max(since, now - _RATE_LIMIT_PERIOD)
            ((limited,),) = await session.fetch(_LIMITED, campaign=campaign, since=recently)
        refused = sum(status == SendingState.DEAD and why != "expired" for status, why in ended)
        return CampaignHealth(len(ended), refused, limited, under_way)

    async def progress(self, run: Run) -> Figures:
        """Return the figures of an occurrence; they add up to its audience."""
        async with self._store.reading() as session:
            found = await session.fetch(_PROGRESS, campaign=run.campaign, occurrence=run.occurrence)
        counts: Counter[str] = Counter()
        for state, reason, status, why, opted_out, count in found:
            counts[_outcome(run, state, reason, (status, why), opted_out=bool(opted_out))] += count
        skipped = {name[1:]: count for name, count in sorted(counts.items()) if name[0] == "-"}
        return Figures(sum(counts.values()), counts["sent"], counts["failed"], counts["waiting"], skipped)


def _outcome(run: Run, state: TargetState, reason: str, message: tuple[Any, str], *, opted_out: bool) -> str:
    """Return the outcome for a target: `sent`, `failed`, `waiting`, or `-` and the reason why it was skipped."""
    status, why = message
    if state is TargetState.SKIPPED:
        return f"-{reason}"
    if state is TargetState.WAITING:
        return "-cancelled" if run.state is RunState.CANCELLED else "waiting"
    match status:
        case None | SendingState.SENT:  # a message that is no longer stored was settled long ago
            return "sent"
        case SendingState.DEAD | SendingState.UNKNOWN:
            return "failed"
        case SendingState.CANCELLED | SendingState.SUPERSEDED:
            return f"-{_why_cancelled(why, opted_out=opted_out)}"
        case _:
            return "waiting"


def _why_cancelled(why: str, *, opted_out: bool) -> str:
    """Return why a message was not sent: the customer opted out or answered, or a person cancelled the campaign."""
    if why in ("opted_out", "cancelled"):
        return why
    if why:
        return "window_closed"
    return "opted_out" if opted_out else "finished"

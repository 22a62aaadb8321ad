"""The real runner of campaigns on the Stage: what it would read from a database it reads from the rows."""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.jobs.campaigns import CampaignRunner
from dialogs.campaign.model import Audience, Campaign, Figures, Run, Target, TargetState
from dialogs.ids import Ref, RefKind
from dialogs.interview.model import OPEN, Interview
from dialogs.invitation.model import Invitation
from storage.model.records import Contact, ContactState, Customer, OutboxMessage, Status, Ticket
from storage.reads.audiences import Candidate
from storage.reads.campaigns import CampaignHealth
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.stage.rows import Rows

__all__ = ["Reads", "wake_campaign"]

A = TypeVar("A")


class World(Protocol):
    """What the runner needs of the Stage."""

    policy: Policy
    now: datetime
    rows: Rows

    def decide(self, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        """Decide and carry out what follows."""


class Reads:
    """`storage.reads.campaigns.CampaignReads`, over rows that are all there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = world.rows

    async def one(self, campaign: str) -> Campaign | None:
        """Return a campaign."""
        return self._rows.snapshot.campaign(campaign)

    async def runs(self, campaign: str) -> list[Run]:
        """List a campaign's occurrences."""
        return sorted((run for run in self._rows.listed(Run) if run.campaign == campaign), key=lambda r: r.occurrence)

    async def candidates(
        self,
        audience: Audience,
        at: datetime,
        channels: tuple[str, ...],
        *,
        unfinished: bool,
        anonymous: tuple[str, ...] = (),
    ) -> list[Candidate]:
        """Find whom an audience means, by tickets and unfinished interviews; enough for what a transcript tells."""
        del channels, anonymous
        mine = [one for ticket in self._rows.listed(Ticket) for one in self._of(ticket, audience, at, unfinished)]
        return list({one.customer: one for one in mine}.values())

    async def waiting(self, campaign: str, occurrence: datetime, now: datetime, limit: int) -> list[Target]:
        """Return who is next."""
        due = (t for t in self._targets(campaign, occurrence) if t.due_at is not None and t.due_at <= now)
        return [target for target in due if target.state is TargetState.WAITING][:limit]

    async def due_next(self, campaign: str, occurrence: datetime, now: datetime) -> datetime | None:
        """Return when somebody is to be looked at."""
        waiting = (t for t in self._targets(campaign, occurrence) if t.state is TargetState.WAITING)
        return min((t.due_at for t in waiting if t.due_at is not None and t.due_at > now), default=None)

    async def held(self, campaign: str, limit: int) -> list[OutboxMessage]:
        """Return nothing: on the Stage a message has gone before anybody can pause."""
        del campaign, limit
        return []

    async def unsent_asks(self, campaign: str, limit: int) -> list[str]:
        """Return nothing, as above."""
        del campaign, limit
        return []

    async def health(self, campaign: str, now: datetime) -> CampaignHealth:
        """Tell that all goes well."""
        del campaign, now
        return CampaignHealth()

    async def progress(self, run: Run) -> Figures:
        """Count what became of people."""
        return self.counted(run)

    def standing(self, campaign: str) -> Figures:
        """Count what became of the people of a campaign's last occurrence."""
        runs = sorted((run for run in self._rows.listed(Run) if run.campaign == campaign), key=lambda r: r.occurrence)
        return self.counted(runs[-1]) if runs else Figures()

    def counted(self, run: Run) -> Figures:
        """Count what became of people, at once."""
        targets = list(self._targets(run.campaign, run.occurrence))
        sent = sum(self._is_sent(target) for target in targets)
        waiting = sum(target.state is TargetState.WAITING for target in targets)
        skipped = Counter(target.reason for target in targets if target.state is TargetState.SKIPPED)
        return Figures(len(targets), sent, len(targets) - sent - waiting - skipped.total(), waiting, dict(skipped))

    def _targets(self, campaign: str, occurrence: datetime) -> Iterator[Target]:
        return (t for t in self._rows.listed(Target) if (t.campaign, t.occurrence) == (campaign, occurrence))

    def _is_sent(self, target: Target) -> bool:
        message = self._rows.snapshot.message(target.message) if target.message else None
        return message is not None and message.status is Status.SENT

    def _of(self, ticket: Ticket, audience: Audience, at: datetime, unfinished: bool) -> Iterator[Candidate]:  # noqa: FBT001 - as the runner asks
        wanted = (audience.tags, ticket.tags), (audience.teams, (ticket.team,)), (audience.products, (ticket.product,))
        fits = all(not wish or set(wish) & set(has) for wish, has in wanted)
        late = audience.closed_within is not None and (ticket.closed_at or at) < at - audience.closed_within
        interview = self._interview(ticket)
        if not fits or late or (unfinished and (interview is None or interview.state not in OPEN)):
            return
        customer = self._rows.snapshot.customer(ticket.customer) or Customer(ticket.customer)
        contacts = [one for one in self._rows.listed(Contact) if one.customer == customer.id]
        yield Candidate(
            customer.id,
            customer.name,
            customer.opted_out_at,
            ticket.source,
            ticket.id,
            interview.id if unfinished and interview is not None else "",
            has_begun=interview is not None and bool(interview.answers),
            reminded_at=interview.reminded_at if interview is not None else None,
            is_reachable=any(one.state is ContactState.OK for one in contacts),
            is_blocked=any(one.state is ContactState.BLOCKED for one in contacts),
            asked_at=interview.asked_at if interview is not None else None,
        )

    def _interview(self, ticket: Ticket) -> Interview | None:
        asked = [i for i in self._rows.listed(Invitation) if (i.source, i.ticket) == (ticket.source, ticket.id)]
        talks = [talk for one in asked if (talk := self._rows.snapshot.interview_of(one.id)) is not None]
        return talks[-1] if talks else None


class _Around:
    """Clock, receiver and alarms of the runner."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.policy = world.policy

    def now(self) -> datetime:
        return self._world.now

    def monotonic(self) -> float:
        return self._world.now.timestamp()

    async def do(self, needs: Needs, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        del needs
        return self._world.decide(decide)


def wake_campaign(world: World, campaign: str) -> None:
    """Let the runner do what is due for a campaign, step by step."""
    around: Any = _Around(world)
    runner = CampaignRunner(around, cast("Any", Reads(world)), around, around)
    while (one := world.rows.snapshot.campaign(campaign)) and one.wake_at and one.wake_at <= world.now:
        _finish(runner.wake(Ref(RefKind.CAMPAIGN, campaign)))
        assert world.rows.snapshot.campaign(campaign) != one, f"{campaign} stays due"


def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Run what never waits for anything."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise AssertionError("the runner waits for something that the Stage has not")

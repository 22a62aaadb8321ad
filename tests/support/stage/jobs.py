"""The jobs that work on the Stage as they do in the shell: they read from its database, and decide on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.query_results import QueryResults
from bot.jobs.admin.admin_queries import AdminQueries
from bot.jobs.campaigns import CampaignRunner
from bot.ports import Binding
from dialogs.ids import Ref, RefKind
from dialogs.messages import Inbound
from dialogs.time.doubt import Doubt
from storage.reads.reader import Reader
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.stage.database import Database
from tests.support.stage.rows import Rows

__all__ = ["World", "look_up", "wake_campaign"]

A = TypeVar("A")


class World(Protocol):
    """What the jobs need of the Stage."""

    policy: Policy
    now: datetime
    doubt: Doubt | None
    rows: Rows
    database: Database

    def decide(self, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        """Decide and carry out what follows."""


class _Around:
    """Clock, secrets, receiver and alarms of the jobs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.policy = world.policy

    def now(self) -> datetime:
        return self._world.now

    def monotonic(self) -> float:
        return self._world.now.timestamp()

    def doubt(self) -> Doubt | None:
        return self._world.doubt

    def token(self) -> str:
        return "k3Jq0vT5mXw8yZ2aBcD4eF"  # the same each time, so that a transcript can show it

    async def current_policy(self) -> Policy:
        return self.policy

    async def do(self, needs: Needs, decide: Callable[[DecisionContext], Decision[A]]) -> A:
        del needs
        return self._world.decide(decide)


def look_up(world: World, inbound: Inbound) -> QueryResults:
    """Query what an admin's command needs, as is done before each decision."""
    around = _Around(world)
    return world.database.run(lambda reader: AdminQueries(reader, around, around).look_up(inbound, world.policy, _bind))


async def _bind(secret: str, _expires_at: datetime) -> Binding:
    link = f"https://t.me/huifang_bot?start={secret}"
    return Binding(link, link)


def wake_campaign(world: World, campaign: str) -> None:
    """Let the runner do what is due for a campaign, step by step."""
    around: Any = _Around(world)

    async def wake(reader: Reader) -> None:
        runner = CampaignRunner(around, reader.campaigns, around, around)
        while (one := world.rows.snapshot.campaign(campaign)) and one.wake_at and one.wake_at <= world.now:
            await runner.wake(Ref(RefKind.CAMPAIGN, campaign))
            assert world.rows.snapshot.campaign(campaign) != one, f"{campaign} stays due"

    world.database.run(wake)

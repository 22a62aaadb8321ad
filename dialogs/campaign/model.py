"""What a campaign is: a message or a survey to an audience, once or again and again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from dialogs.time.contact_hours import QuietHours
from scoring.values import Value, field

__all__ = [
    "FASTEST",
    "OVER",
    "Audience",
    "Campaign",
    "CampaignKind",
    "CampaignState",
    "Figures",
    "Run",
    "RunState",
    "Schedule",
    "Target",
    "TargetState",
]


class CampaignKind(StrEnum):
    """What a campaign sends."""

    REMINDER = "reminder"
    """To people who were asked and have not finished: their survey once more."""
    SURVEY = "survey"
    """A new ask."""
    NOTICE = "notice"
    """Words that want no answer: "you said, we did"."""


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


OVER = (CampaignState.FINISHED, CampaignState.CANCELLED)

FASTEST = 100_000
"""Messages a minute: no platform takes more, so a larger number is a mistake."""


class Audience(Value):
    """Whom a campaign is for: filters that all must hold, over tickets, responses, issues and contacts.

    An empty tuple or None means any. `closed_within` and `closed_before` are counted back from the occurrence, so that
    `closed_before=7d, closed_within=8d` is whoever's ticket closed seven days ago; `closed_from` and `closed_until`
    (excluded) are instants, UTC. The same for appointments. `statuses` are those of a ticket's latest survey
    (docs/reference/api.md, Tickets), scores are in the units of the survey's scale, `issues` are states of an issue.
    """

    sources: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    closed_within: timedelta | None = None
    closed_before: timedelta | None = None
    appointment_within: timedelta | None = None
    appointment_before: timedelta | None = None
    surveys: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    score_at_or_below: float | None = None
    score_at_or_above: float | None = None
    issues: tuple[str, ...] = ()
    issue_kinds: tuple[str, ...] = ()
    root_causes: tuple[str, ...] = ()


class Schedule(Value):
    """When: once `at` an instant (UTC), or again and again as `repeats` says on the clocks of `timezone`.

    `repeats` is what `dialogs.time.recurrence.parse` reads. Neither: as soon as it is started.
    """

    at: datetime | None = None
    repeats: str = ""
    timezone: str = ""


class Campaign(Value):
    """A campaign. An occurrence is named by the instant for which it was planned, UTC.

    `window` are the hours, on the customer's clock, in which it is sent; `per_minute` bounds its pace. `occurrence` is
    the one under way, `next_at` the one to come. `why` says why it stopped by itself. `origin` is `rules` for those
    that stand in the owner's file. `version` 0 is new.
    """

    id: str
    name: str
    kind: CampaignKind
    created_at: datetime
    created_by: str = ""
    state: CampaignState = CampaignState.DRAFT
    survey: str = ""
    text: str = ""
    audience: Audience = Audience()
    schedule: Schedule = Schedule()
    window: QuietHours | None = None
    per_minute: int = 600
    occurrence: datetime | None = None
    next_at: datetime | None = None
    wake_at: datetime | None = None
    why: str = ""
    origin: str = ""
    version: int = 0

    @property
    def ref(self) -> Ref:
        """How messages, buttons and the scheduler refer to it."""
        return Ref(RefKind.CAMPAIGN, self.id)


class RunState(StrEnum):
    """What became of an occurrence."""

    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Run(Value):
    """One occurrence of a campaign; `audience` counts the people it found, `why` says why it was skipped."""

    campaign: str
    occurrence: datetime
    state: RunState
    audience: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    why: str = ""
    version: int = 0


class TargetState(StrEnum):
    """What became of one person in one occurrence; what became of their message the outbox tells."""

    WAITING = "waiting"
    HANDED = "handed"
    SKIPPED = "skipped"


class Target(Value):
    """One person of one occurrence's audience: at most one message.

    `source` and `ticket` name the ticket by which they were found, `interview` the unfinished one of a reminder;
    `due_at` is when to look at them next; `message` is the outbox id of what they were sent.
    """

    campaign: str
    occurrence: datetime
    customer: str
    state: TargetState = TargetState.WAITING
    reason: str = ""
    source: str = ""
    ticket: str = ""
    interview: str = ""
    message: str = ""
    due_at: datetime | None = None
    version: int = 0


class Figures(Value):
    """A campaign's progress, real or expected: people found, sent, failed, waiting, skipped by reason.

    `examples` are masked names of people it would reach; `ends_at` is when it would be through at its pace, UTC.
    """

    audience: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    ends_at: datetime | None = None

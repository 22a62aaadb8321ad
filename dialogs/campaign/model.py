"""Campaigns: a message or a survey to an audience, once or recurring."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from dialogs.time.contact_hours import DailyHours
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
    """The unfinished survey once more, to people who were asked."""
    SURVEY = "survey"
    """A new survey."""
    NOTICE = "notice"
    """A text without a question, such as "you said, we did"."""


class CampaignState(StrEnum):
    """The state of a campaign."""

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
    """The audience of a campaign: filters over tickets, responses, issues and contacts, all of which have to match.

    An empty tuple or None matches any. `closed_within` and `closed_before` are counted back from the occurrence, so
    that `closed_before=7d, closed_within=8d` matches tickets closed seven days ago; `closed_from` and `closed_until`
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
    """When a campaign sends: once `at` an instant (UTC), or by the rule `repeats` in the local time of `timezone`.

    `repeats` is read by `dialogs.time.recurrence.read_recurrence_rule`. Without both: as soon as it is started.
    """

    at: datetime | None = None
    repeats: str = ""
    timezone: str = ""


class Campaign(Value):
    """A campaign. An occurrence is identified by the instant (UTC) for which it was planned.

    `window` are the hours, in the customer's local time, in which it sends; `per_minute` limits its rate. `occurrence`
    is the one under way, `next_at` the next one. `why` is the reason for which it stopped by itself. `origin` is
    `rules` for campaigns from the rules file. `version` 0 is new.
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
    window: DailyHours | None = None
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
    """The state of an occurrence."""

    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Run(Value):
    """One occurrence of a campaign; `audience` is the number of its targets, `why` the reason for skipping it."""

    campaign: str
    occurrence: datetime
    state: RunState
    audience: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    why: str = ""
    version: int = 0


class TargetState(StrEnum):
    """The state of one target; the state of its message is in the outbox."""

    WAITING = "waiting"
    HANDED = "handed"
    SKIPPED = "skipped"


class Target(Value):
    """One person in the audience of one occurrence, who gets at most one message.

    `source` and `ticket` are the ticket by which they matched, `interview` the unfinished one of a reminder; `due_at`
    is when the target is processed next; `message` is the outbox id of the message to them.
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

    `examples` are masked names of people it would reach; `ends_at` (UTC) is when it would end at its rate.
    """

    audience: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    ends_at: datetime | None = None

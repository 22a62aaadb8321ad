"""What a finding is, with the measure that answers it, how that was verified, and the customers who raised it."""

from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from dialogs.time.periods import Period
from scoring.values import Value, replace

__all__ = [
    "MOST_AHEAD",
    "TOO_FAR",
    "WITH_MEASURE",
    "Finding",
    "FindingKind",
    "FindingState",
    "Measure",
    "MeasureResult",
    "Measured",
    "Verdict",
    "Voice",
]


class FindingKind(StrEnum):
    """What raised a finding."""

    LOW_ITEM = "low_item"
    PHRASE = "phrase"
    RECURRENCE = "recurrence"
    WARNING = "warning"
    SLA = "sla"
    AUDIT = "audit"
    ASSESSMENT = "assessment"
    SUGGESTION = "suggestion"


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    PLANNED = "planned"
    OVERDUE = "overdue"
    DONE = "done"
    UNDECIDED = "undecided"
    REACHED = "reached"
    TOLD = "told"
    DISMISSED = "dismissed"


WITH_MEASURE = (FindingState.PLANNED, FindingState.OVERDUE, FindingState.DONE, FindingState.UNDECIDED)
"""Where a measure is under way, or waits to be verified."""
MOST_AHEAD = timedelta(days=3653)
"""How far ahead the dates of a measure may lie: ten years."""
TOO_FAR = "is more than ten years ahead"


class Verdict(StrEnum):
    """What a verification says of a measure."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NOT_CLEAR = "not_clear"
    """The target is met, and no interval says how much of the change may be chance."""
    TOO_FEW = "too_few"


class Measured(Value):
    """A metric in a period: its value and the ends of its interval as exact numbers in text, None without; `n` answers.

    The interval is that of 95 %.
    """

    value: str | None
    n: int
    low: str | None = None
    high: str | None = None


class Measure(Value):
    """What is changed, by whom, until when, and what has to come of it.

    `target` is a number in the metric's unit. `before` is the metric in the `baseline`, for the `cut`; `window` is the
    period by which it is verified, fixed beforehand. With a `pilot`, one more key, the change there is compared with
    that of the rest.
    """

    text: str
    metric: str
    target: str
    owner: str
    due_at: datetime
    baseline: Period
    before: Measured
    window: Period
    planned_by: str
    planned_at: datetime
    cut: tuple[tuple[str, str], ...] = ()
    pilot: tuple[tuple[str, str], ...] = ()


class MeasureResult(Value):
    """What came of a measure, by the metric in its window beside what the baseline is by then.

    `effect` is the change in the metric's unit, beyond that of the rest where there is a pilot, `low` and `high` are
    the ends of its interval of 95 %, `p` is two-sided; each is None where there is none.
    """

    measure: Measure
    verdict: Verdict
    before: Measured
    after: Measured
    at: datetime
    effect: str | None = None
    low: str | None = None
    high: str | None = None
    p: float | None = None
    method: str = ""

    def with_effect(self, effect: str, low: str | None, high: str | None) -> "MeasureResult":
        """Return it with the change and the ends of its interval."""
        return replace(self, effect=effect, low=low, high=high)


class Finding(Value):
    """Something to be improved, which a `department` owns; `text` says what, in the words of whoever found it.

    `origin` says what raised it without a person, as the chart of a team; empty for a person. `responses` and `issues`
    are where it shows. `measure` is the present one, `results` are the verifications of it and of those before.
    `campaign` is what tells the customers, and `told` what was changed, in the words for them, by language. `look_at`
    is when time changes it next.
    """

    id: str
    kind: FindingKind
    text: str
    department: str
    opened_at: datetime
    opened_by: str
    origin: str = ""
    responses: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    state: FindingState = FindingState.OPEN
    measure: Measure | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""
    results: tuple[MeasureResult, ...] = ()
    campaign: str = ""
    told: tuple[tuple[str, str], ...] = ()
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""
    look_at: datetime | None = None
    version: int = 0

    @property
    def ref(self) -> Ref:
        """A reference to it."""
        return Ref(RefKind.FINDING, self.id)


class Voice(Value):
    """A customer who raised a finding, and what they had said, at the time at which it was written."""

    finding: str
    customer: str
    said: str
    at: datetime

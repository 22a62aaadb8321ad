"""A measure or a message to customers on its way in a chat: what was typed, and what its buttons have chosen so far."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from dialogs.improvement.model import Measure, Measured
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, days_of
from scoring.metrics.catalogue import CATALOGUE
from scoring.values import Value, replace

__all__ = [
    "PLAN_DAYS",
    "MetricOption",
    "PlanDraft",
    "PlanOffer",
    "planned_measure",
    "targets_for",
    "usual_baseline",
    "usual_window",
]

PLAN_DAYS = (7, 14, 30)
"""The dates that are offered: so many days from today."""
_LATEST = len(PLAN_DAYS) - 1
_USUAL, _A_DAY = timedelta(days=30), timedelta(days=1)
_TENTHS = 10
_SHARES = (Fraction(1, 2), Fraction(1, 4))
"""Of the way from today's value to the best one."""
_BEST = {"bad_review_rate": Fraction(0), "csat": Fraction(100)}
_WITHOUT = {"bad_review_rate": ("5", "10"), "csat": ("90", "85")}
"""The targets where nothing is known of today."""


class MetricOption(Value):
    """A metric by which a measure can be verified: for which cut, what it is today, and what targets are offered."""

    metric: str
    cut: tuple[tuple[str, str], ...]
    before: Measured
    targets: tuple[str, ...]


class PlanOffer(Value):
    """The metrics for a measure, and the days they were counted in."""

    options: tuple[MetricOption, ...]
    baseline: Period


class PlanDraft(Value):
    """What somebody writes about a finding; `number` grows with each wording, so that old buttons are known.

    `text` is the measure, or the words for customers; `offer` is None for those. `version` is that of the finding when
    the draft was begun. The rest are the places of what was chosen among what is offered.
    """

    finding: str
    number: int
    text: str = ""
    owner: str = ""
    offer: PlanOffer | None = None
    metric: int = 0
    target: int = 0
    days: int = _LATEST
    version: int = 0

    @property
    def option(self) -> MetricOption | None:
        """The metric that was chosen."""
        return self.offer.options[self.metric] if self.offer is not None else None

    def choosing(self, field: str, place: int) -> "PlanDraft | None":
        """Return it with another metric, target or date; None for one that is not offered."""
        option = self.option
        if option is None or self.offer is None:
            return None
        most = {"metric": len(self.offer.options), "target": len(option.targets), "days": len(PLAN_DAYS)}[field]
        if not 0 <= place < most:
            return None
        match field:
            case "metric":
                return replace(self, metric=place, target=0)
            case "target":
                return replace(self, target=place)
            case _:
                return replace(self, days=place)


def targets_for(metric: str, before: Fraction | None) -> tuple[str, ...]:
    """Return the targets that are offered: half of the way to the best value, and a quarter; none where it is there."""
    if before is None:
        return _WITHOUT[metric]
    best = _BEST[metric]
    if before == best:
        return ()
    exact = (before + (best - before) * share for share in _SHARES)
    return tuple(dict.fromkeys(str(_rounded(one, before, metric)) for one in exact))


def _rounded(value: Fraction, before: Fraction, metric: str) -> Fraction:
    """Return a value in tenths, as it is where that would be no better than before, or the best there is."""
    tenths = Fraction(round(value * _TENTHS), _TENTHS)
    is_better = tenths < before if CATALOGUE[metric].lower_is_better else tenths > before
    return tenths if is_better and tenths != _BEST[metric] else value


def usual_baseline(now: datetime, zone: ZoneInfo) -> Period:
    """Return what a measure is compared with where nobody says: the 30 days before today."""
    today = wall_of(now, zone).date()
    return days_of(today - _USUAL, today, zone)


def usual_window(due_at: datetime, zone: ZoneInfo) -> Period:
    """Return what a measure is verified by where nobody says: the 30 days after its date."""
    first = wall_of(due_at, zone).date()
    return days_of(first, first + _USUAL, zone)


def planned_measure(draft: PlanDraft, by: str, now: datetime, zone: ZoneInfo) -> Measure | None:
    """Return the measure of a draft as it would be planned now; None for the draft of a message."""
    option = draft.option
    if option is None or draft.offer is None:
        return None
    last = wall_of(now, zone).date() + timedelta(days=PLAN_DAYS[draft.days])
    due_at = days_of(last, last + _A_DAY, zone).until
    return Measure(
        text=draft.text,
        metric=option.metric,
        target=option.targets[draft.target],
        owner=draft.owner,
        due_at=due_at,
        baseline=draft.offer.baseline,
        before=option.before,
        window=usual_window(due_at, zone),
        planned_by=by,
        planned_at=now,
        cut=option.cut,
    )

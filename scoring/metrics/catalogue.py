"""The catalogue: every metric, what it counts, its unit, the instant that places it, and the keys it can be cut by."""

from collections.abc import Mapping
from enum import StrEnum

from scoring.values import Value

__all__ = [
    "CATALOGUE",
    "GIVEN_SOURCES",
    "METRIC_KEYS",
    "SUBJECT_KEYS",
    "FactNeeds",
    "Metric",
    "MetricSource",
    "MetricUnit",
    "PlacingInstant",
    "TimeCounting",
]


class MetricSource(StrEnum):
    """What a metric counts."""

    RATINGS = "ratings"
    CLOSINGS = "closings"
    ISSUES = "issues"
    VISITS = "visits"
    ENTERED = "entered"
    """What people enter for a period, since no ticket and no answer tells it."""
    IMPORTANCE = "importance"
    """Ratings of surveys that ask how important to customers is what they rate."""


class MetricUnit(StrEnum):
    """The unit of a metric's value."""

    PERCENT = "percent"
    POINTS = "points"
    SECONDS = "seconds"
    COUNT = "count"


class PlacingInstant(StrEnum):
    """The moments by which metrics are placed."""

    CLOSING = "closing"
    """The closing of the ticket; for an ask that no closing caused, that ask."""
    OPENING = "opening"
    """The opening of the issue."""
    PERIOD = "period"
    """The period for which it was entered."""


class TimeCounting(StrEnum):
    """How lengths of time are counted."""

    CALENDAR = "calendar"


SUBJECT_KEYS = ("team", "agent", "station", "area", "product", "category", "service_type", "source_channel", "tier")
"""Whom or what everything can be asked about: keys of a closing by which ratings, closings and visits are cut."""

GIVEN_SOURCES = (MetricSource.RATINGS, MetricSource.IMPORTANCE)
"""What customers have given: of few of them nothing is told."""

METRIC_KEYS: Mapping[MetricSource, tuple[str, ...]] = {
    MetricSource.RATINGS: (*SUBJECT_KEYS, "survey", "channel", "question", "dimension"),
    MetricSource.CLOSINGS: (*SUBJECT_KEYS, "survey", "channel"),
    MetricSource.ISSUES: ("team", "agent", "category", "kind", "verdict", "complaint_category", "remedy"),
    MetricSource.VISITS: (*SUBJECT_KEYS, "contract", "warranty", "cause", "measure", "rework", "outcome"),
    MetricSource.ENTERED: SUBJECT_KEYS,
    MetricSource.IMPORTANCE: (*SUBJECT_KEYS, "survey", "channel", "question", "dimension"),
}
"""The keys by which the metrics of a source can be cut."""


class Metric(Value):
    """One metric; its name and its formula in words are the phrases `metric.{id}.name` and `metric.{id}.formula`."""

    id: str
    source: MetricSource
    unit: MetricUnit
    lower_is_better: bool = False
    about: str = ""
    """The one dimension whose ratings it counts; empty for all."""
    follows: bool = False
    """Whether it tells what came after a closing, so that it may change for a while after the period."""

    @property
    def instant(self) -> PlacingInstant:
        """The moment that says into which period something falls."""
        places = {MetricSource.ISSUES: PlacingInstant.OPENING, MetricSource.ENTERED: PlacingInstant.PERIOD}
        return places.get(self.source, PlacingInstant.CLOSING)

    @property
    def hours(self) -> TimeCounting | None:
        """How its lengths of time are counted, None where it measures none."""
        return TimeCounting.CALENDAR if self.unit is MetricUnit.SECONDS else None


_R, _C, _I, _V, _E, _W = MetricSource
_VISIT_TIMES = (
    "time_to_first_reply",
    "time_to_first_reply_p90",
    "time_on_site",
    "time_on_site_p90",
    "time_to_done",
    "time_to_done_p90",
)
_PERCENT, _POINTS, _SECONDS, _COUNT = MetricUnit

CATALOGUE: Mapping[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("csat", _R, _PERCENT),
        Metric("mean", _R, _POINTS),
        Metric("full_mark_rate", _R, _PERCENT),
        Metric("score_rate", _R, _PERCENT),
        Metric("index", _R, _PERCENT),
        Metric("bad_review_rate", _R, _PERCENT, lower_is_better=True),
        Metric("nps", _R, _POINTS),
        Metric("ces", _R, _PERCENT),
        Metric("first_time_proxy", _R, _PERCENT, about="problem_solving"),
        Metric("weighted_score", _W, _PERCENT),
        Metric("importance", _W, _POINTS),
        Metric("closings", _C, _COUNT),
        Metric("asked", _C, _COUNT),
        Metric("answered", _C, _COUNT),
        Metric("coverage", _C, _PERCENT),
        Metric("response_rate", _C, _PERCENT),
        Metric("started_rate", _C, _PERCENT),
        Metric("completion_rate", _C, _PERCENT),
        Metric("aapor_rr1", _C, _PERCENT),
        Metric("aapor_rr2", _C, _PERCENT),
        Metric("aapor_coop1", _C, _PERCENT),
        Metric("aapor_ref1", _C, _PERCENT, lower_is_better=True),
        Metric("aapor_con1", _C, _PERCENT),
        *(Metric(time, _V, _SECONDS, lower_is_better=True) for time in _VISIT_TIMES),
        Metric("time_to_done_mean", _V, _SECONDS, lower_is_better=True),
        Metric("time_to_start", _V, _SECONDS, lower_is_better=True),
        Metric("time_to_start_p90", _V, _SECONDS, lower_is_better=True),
        Metric("done_on_time", _V, _PERCENT),
        Metric("first_time_reported", _V, _PERCENT),
        Metric("first_time_no_return", _V, _PERCENT, follows=True),
        Metric("repairs", _V, _COUNT),
        Metric("repairs_held", _V, _PERCENT, follows=True),
        Metric("repeat_repairs", _V, _COUNT, lower_is_better=True, follows=True),
        Metric("repeat_repair_rate", _V, _PERCENT, lower_is_better=True, follows=True),
        Metric("reworks", _V, _COUNT, lower_is_better=True),
        Metric("rework_rate", _V, _PERCENT, lower_is_better=True),
        Metric("warranty_repairs", _V, _COUNT),
        Metric("forms_signed", _V, _PERCENT),
        Metric("reports_reviewed", _V, _PERCENT),
        Metric("false_contacts", _V, _COUNT, lower_is_better=True),
        Metric("false_contact_rate", _V, _PERCENT, lower_is_better=True),
        Metric("resends", _V, _COUNT, lower_is_better=True),
        Metric("resends_of_problems", _V, _PERCENT, lower_is_better=True),
        Metric("resends_of_orders", _V, _PERCENT, lower_is_better=True),
        Metric("complaint_rate", _V, _PERCENT, lower_is_better=True),
        Metric("returning_customers", _V, _PERCENT),
        Metric("low_scores", _I, _COUNT, lower_is_better=True),
        Metric("complaints", _I, _COUNT, lower_is_better=True),
        Metric("complaints_judged", _I, _PERCENT),
        Metric("time_to_claim", _I, _SECONDS, lower_is_better=True),
        Metric("time_to_claim_p90", _I, _SECONDS, lower_is_better=True),
        Metric("time_to_resolve", _I, _SECONDS, lower_is_better=True),
        Metric("time_to_resolve_p90", _I, _SECONDS, lower_is_better=True),
        Metric("complaints_resolved", _I, _PERCENT),
        Metric("closure_confirmed", _I, _PERCENT),
        Metric("first_time_confirmed", _I, _PERCENT),
        Metric("orders", _E, _COUNT),
        Metric("accuracy", _E, _PERCENT),
        Metric("return_rate", _E, _PERCENT, lower_is_better=True),
        Metric("repurchase_rate", _E, _PERCENT),
    )
}
"""Every metric by its id, in the order in which they are shown."""


class FactNeeds(Value):
    """Which metrics are wanted by which keys, as pairs of keys and ids: it says what of a period has to be read."""

    cuts: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics, in the order of the catalogue."""
        wanted = {metric for _, several in self.cuts for metric in several}
        return tuple(metric for metric in CATALOGUE.values() if metric.id in wanted)

    @property
    def sources(self) -> set[MetricSource]:
        """What they count."""
        return {metric.source for metric in self.metrics}

    @property
    def every_key(self) -> set[str]:
        """All keys of any of them."""
        return {key for by, _ in self.cuts for key in by}

    def keys(self, source: MetricSource) -> tuple[str, ...]:
        """Return the keys by which any metric of this source is wanted that can be cut so."""
        cuts = (by for by, several in self.cuts if any(CATALOGUE[metric].source is source for metric in several))
        wanted = {key for by in cuts for key in by}
        return tuple(key for key in METRIC_KEYS[source] if key in wanted)

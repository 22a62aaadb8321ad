"""The review of a period: which figures stand in which chapter, and what is strong and weak by evidence.

Something is a strength where the whole interval of its share lies above the common share, a weakness where all of it
lies below: a high mean of few answers is neither.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from scoring.metrics.figure import Figure, SampleSize
from scoring.metrics.importance import IMPORTANCE
from scoring.metrics.quadrants import PERFORMANCE
from scoring.values import Value, replace

__all__ = [
    "AGENTS_OF_TEAMS",
    "CLAIMED",
    "CLAIM_CHAPTERS",
    "COMMON",
    "DATA_CHAPTERS",
    "EVIDENCE_PARTS",
    "FAULT_CHAPTERS",
    "FINDINGS",
    "IMPORTANCE_PART",
    "JUDGED",
    "MONTHLY_PART",
    "PEAKS_PART",
    "PEAK_PART",
    "PROBLEM_CHAPTERS",
    "REPEAT_CHAPTERS",
    "REVIEW_CHAPTERS",
    "SUBJECT_CHAPTERS",
    "SUMMARY_CHAPTERS",
    "WHERE",
    "Evidence",
    "ReviewPart",
    "behind",
    "finding_for",
    "least_sure",
    "lowest",
    "parts_about",
    "parts_about_people",
    "strengths",
    "weaknesses",
]

_MOST = 3


class ReviewPart(Value):
    """Figures of a chapter that are cut alike."""

    by: tuple[str, ...]
    metrics: tuple[str, ...]


COMMON = ReviewPart((), ("csat",))
"""What everything is held against."""
JUDGED = ReviewPart(("dimension",), ("csat",))
"""What strengths and weaknesses are looked for in."""
_SPEED = ("time_to_first_reply", "time_to_first_reply_p90", "time_to_start", "time_on_site", "done_on_time")
_QUALITY = ("csat", "mean", "score_rate", "full_mark_rate", "bad_review_rate", "response_rate", "complaint_rate")
_FIRST_TIME = ("first_time_reported", "first_time_confirmed", "first_time_no_return", "first_time_proxy")
_SOLVING = ("time_to_done", "time_to_done_mean", *_FIRST_TIME, "repairs_held", "repeat_repair_rate", "rework_rate")
_NEEDS = ("complaints", "complaints_judged", "low_scores", "returning_customers", "repurchase_rate", "return_rate")
REVIEW_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "response": (ReviewPart((), _SPEED), ReviewPart(("category",), ("time_to_first_reply",))),
    "quality": (ReviewPart((), _QUALITY), ReviewPart(("dimension",), ("csat", "mean"))),
    "solving": (
        ReviewPart((), (*_SOLVING, "complaints_resolved", "closure_confirmed")),
        ReviewPart(("category",), ("repeat_repair_rate", "complaints_resolved")),
        ReviewPart(("measure",), ("repairs",)),
    ),
    "people": (ReviewPart(("agent",), ("closings", "csat", "mean", "repeat_repair_rate")),),
    "feedback": (
        ReviewPart((), _NEEDS),
        ReviewPart(("category",), ("repairs",)),
        ReviewPart(("complaint_category",), ("complaints",)),
        ReviewPart(("remedy",), ("complaints",)),
    ),
}
"""The chapters in their order: speed of response, quality, solving, people, feedback and suggestions."""

SUMMARY_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "complaints": (
        ReviewPart((), ("complaints", "complaints_resolved", "complaint_rate")),
        ReviewPart(("complaint_category",), ("complaints",)),
    ),
    "satisfaction": (
        ReviewPart((), ("csat", "response_rate")),
        ReviewPart(("survey",), ("mean",)),
        ReviewPart(("dimension",), ("csat",)),
    ),
    "speed": (ReviewPart((), ("time_to_first_reply", "time_to_first_reply_p90", "time_on_site")),),
    "efficiency": (ReviewPart((), ("time_to_done_mean", "time_to_done", "done_on_time")),),
}
"""The service summary on one page: complaints, satisfaction, time to the first response, time until it is done."""

PROBLEM_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "resent": (
        ReviewPart((), ("closings", "resends", "orders", "resends_of_orders", "resends_of_problems")),
        ReviewPart(("category",), ("resends", "resends_of_orders", "resends_of_problems")),
    ),
}
"""What was sent again, by class of problem, of all orders and of all problems."""

SUBJECT_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "work": (ReviewPart((), ("closings", "asked", "answered", "repairs", "warranty_repairs")),),
    "satisfaction": (
        ReviewPart((), ("csat", "mean", "bad_review_rate", "response_rate")),
        ReviewPart(("dimension",), ("csat",)),
    ),
    "speed": (ReviewPart((), ("time_to_first_reply", "time_on_site", "time_to_done", "done_on_time")),),
    "again": (ReviewPart((), ("repeat_repairs", "repeat_repair_rate", "rework_rate", "complaint_rate", "complaints")),),
}
"""The report of one subject, cut by its key besides: work, satisfaction, speed, what came again."""

REPEAT_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "repeated": (
        ReviewPart((), ("repairs", "repeat_repairs", "repeat_repair_rate", "repairs_held", "first_time_no_return")),
        *(ReviewPart((key,), ("repeat_repairs", "repeat_repair_rate")) for key in ("agent", "category", "cause")),
    ),
    "reworked": (
        ReviewPart((), ("reworks", "rework_rate")),
        ReviewPart(("rework",), ("reworks",)),
        ReviewPart(("team",), ("rework_rate",)),
    ),
}
"""Repairs that did not hold, by whoever repaired first, by fault and by cause; and rework, by who found it."""

FAULT_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "faults": (ReviewPart((), ("repairs",)), ReviewPart(("category",), ("repairs", "repeat_repair_rate"))),
    "causes": (ReviewPart(("category", "cause"), ("repairs",)),),
    "remedies": (ReviewPart(("cause", "measure"), ("repairs",)),),
}
"""Repairs by class of fault, what each came from, and what was done about it."""

CLAIM_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "claims": (
        ReviewPart((), ("repairs", "warranty_repairs")),
        ReviewPart(("station",), ("warranty_repairs",)),
        ReviewPart(("product",), ("warranty_repairs",)),
    ),
}
"""Claims under warranty by station and by model."""

_ASKED = ("closings", "asked", "answered", "coverage", "started_rate", "completion_rate", "response_rate")
DATA_CHAPTERS: Mapping[str, tuple[ReviewPart, ...]] = {
    "reach": (ReviewPart((), (*_ASKED, "aapor_rr2", "aapor_con1")),),
    "channels": (ReviewPart(("channel",), ("response_rate", "completion_rate")),),
    "contacts": (
        ReviewPart((), ("false_contacts", "false_contact_rate", "forms_signed", "reports_reviewed")),
        ReviewPart(("station",), ("false_contacts", "false_contact_rate")),
        ReviewPart(("team",), ("false_contacts", "false_contact_rate")),
    ),
}
"""How far the figures can be trusted: who was reached and answered, on which channel, and whose data was false."""

_OF_PEAK = ("closings", "csat", "response_rate", "time_to_first_reply", "time_to_first_reply_p90", "done_on_time")
PEAKS_PART = ReviewPart((), (*_OF_PEAK, "complaints", "complaint_rate", "coverage"))
"""What is told of a peak of the year beside the others."""
PEAK_PART = ReviewPart((), ("closings", "csat"))
"""What the reports of a period say of each peak that touches it."""

FINDINGS: Mapping[str, tuple[str, ...]] = {
    "slow_reply": ("response_speed", "reply_speed", "waiting_time", "reachability"),
    "not_solved_at_once": ("problem_solving", "solving_result"),
    "communication": ("attitude", "convenience", "expertise"),
    "repair_quality": ("service_quality", "product_quality"),
    "no_call_back": ("after_care", "overall"),
}
"""Examples of findings with the dimensions in which they show; name and measures are phrases, `finding.{id}`."""


WHERE = tuple(ReviewPart((key, "dimension"), ("csat",)) for key in ("team", "station", "agent", "product", "category"))
"""Where the weakest dimension is looked for, the widest first."""

EVIDENCE_PARTS = (COMMON, *(ReviewPart((key,), ("csat",)) for key in ("dimension", "team", "category", "product")))
"""What is looked through for what stands out."""
AGENTS_OF_TEAMS = ReviewPart(("team", "agent"), ("csat", "mean", "closings"))
CLAIMED = ReviewPart(("station", "product"), ("warranty_repairs",))
IMPORTANCE_PART = ReviewPart(("dimension",), (IMPORTANCE, PERFORMANCE))
MONTHLY_PART = ReviewPart(("dimension",), ("csat", "mean"))
"""What is told month by month."""
_WORK = ("closings", "asked", "answered", "response_rate", "csat", "mean", "bad_review_rate", "complaint_rate")
_AGAIN = ("first_time_no_return", "repeat_repair_rate", "rework_rate")


def parts_about(key: str) -> dict[str, list[ReviewPart]]:
    """Return the chapters about one subject, such as a team, cut by its key."""
    return {name: [replace(part, by=(key, *part.by)) for part in parts] for name, parts in SUBJECT_CHAPTERS.items()}


def parts_about_people(key: str) -> tuple[ReviewPart, ...]:
    """Return the figures of an agent or a team, by dimension, those of everybody, and of every agent."""
    return (
        ReviewPart((key,), (*_WORK, *_AGAIN)),
        ReviewPart((key, "dimension"), ("csat", "mean")),
        JUDGED,
        ReviewPart(("agent",), ("csat",)),
    )


class Evidence(Value):
    """A figure beside the common value, and by how much the nearer end of its interval differs from that."""

    figure: Figure
    common: Fraction
    distance: float


def strengths(figures: Iterable[Figure], common: Figure | None) -> tuple[Evidence, ...]:
    """Return at most three figures that are clearly above the common one, the clearest first."""
    return _clearest(figures, common, 1)


def weaknesses(figures: Iterable[Figure], common: Figure | None) -> tuple[Evidence, ...]:
    """Return at most three figures that are clearly below the common one, the clearest first."""
    return _clearest(figures, common, -1)


def behind(by_key: Iterable[Iterable[Figure]], weakest: Figure) -> tuple[Evidence, ...]:
    """Return where a dimension is clearly weaker than it is on the whole, of figures cut by it and one more key.

    The clearest of the widest key that has one, then the clearest of all where that is another; none where none is.
    """
    dimension = weakest.cut["dimension"]
    found = list[Evidence]()
    for figures in by_key:
        found += _clearest((one for one in figures if one.cut.get("dimension") == dimension), weakest, -1)[:1]
    clearest = max(found, key=lambda one: one.distance, default=None)
    return tuple(found[:1]) if clearest is None or clearest is found[0] else (found[0], clearest)


def least_sure(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures of somebody or something that rest on few people, those on the fewest first."""
    few = [one for one in figures if one.cut and one.state is SampleSize.SMALL and one.value is not None]
    return sorted(few, key=lambda one: (one.people, tuple(one.cut.values())))


def _clearest(figures: Iterable[Figure], common: Figure | None, sign: int) -> tuple[Evidence, ...]:
    if common is None or common.value is None:
        return ()
    told = (_evidence(figure, common.value, sign) for figure in figures)
    found = [one for one in told if one is not None and one.distance > 0]
    return tuple(sorted(found, key=lambda one: (-one.distance, tuple(one.figure.cut.values())))[:_MOST])


def _evidence(figure: Figure, common: Fraction, sign: int) -> Evidence | None:
    """Return by how much all of a figure's interval lies beyond the common value; None where there is no interval."""
    if figure.state not in (SampleSize.SMALL, SampleSize.FULL) or figure.interval is None:
        return None
    nearer = figure.interval.low if sign > 0 else figure.interval.high
    return None if nearer is None else Evidence(figure, common, sign * (nearer - float(common)))


def lowest(figures: Iterable[Figure], common: Iterable[Figure]) -> tuple[Evidence, ...]:
    """Return at most three figures below the common one of their dimension, the lowest first.

    The distance is above 0 where all of the interval lies below the common value.
    """
    known = {one.cut["dimension"]: one.value for one in common if one.value is not None}
    told = ((one.value, one, known.get(one.cut["dimension"])) for one in figures)
    below = [(value, one, all_) for value, one, all_ in told if value is not None and all_ is not None and value < all_]
    below.sort(key=lambda each: (each[0], each[1].cut["dimension"]))
    return tuple(Evidence(one, all_, _distance(one, all_)) for _, one, all_ in below[:_MOST])


def _distance(figure: Figure, common: Fraction) -> float:
    """Return how far all of a figure's interval lies below a value; 0 or less where it does not."""
    high = figure.interval.high if figure.interval is not None else None
    return 0.0 if high is None else float(common) - high


def finding_for(dimension: str) -> str:
    """Return the id of the example of a finding that shows in a dimension; empty for none."""
    return next((name for name, dimensions in FINDINGS.items() if dimension in dimensions), "")

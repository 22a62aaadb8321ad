"""A finding of which every field is filled."""

from datetime import datetime, timedelta

from dialogs.improvement.model import (
    Finding,
    FindingKind,
    FindingState,
    Measure,
    Measured,
    MeasureResult,
    Verdict,
    Voice,
)
from dialogs.time.periods import Period

__all__ = ["full_finding", "full_measure", "raised_finding"]


def full_measure(now: datetime) -> Measure:
    """Return a measure with a pilot, planned now for the day after tomorrow."""
    return Measure(
        "报修后 4 小时内回电",
        "csat",
        "85",
        "李工",
        now + timedelta(days=2),
        Period(now - timedelta(days=30), now, "2026-10-23..2026-11-22"),
        Measured("141/2", 78, "5943/100", "7921/100"),
        Period(now + timedelta(days=3), now + timedelta(days=33), "2026-11-25..2026-12-25"),
        "王经理",
        now,
        (("dimension", "speed"),),
        (("team", "north"),),
    )


def full_finding(now: datetime) -> Finding:
    """Return a finding that was reopened once, and told."""
    measure = full_measure(now)
    after = Measured("80", 40, "70", "88")
    return Finding(
        "fin_1",
        FindingKind.WARNING,
        "上门太慢",
        "north",
        now,
        "watch",
        "chart:north:speed",
        ("int_42",),
        ("iss_1",),
        FindingState.TOLD,
        measure,
        now,
        now,
        now,
        "李工",
        (
            MeasureResult(measure, Verdict.NOT_REACHED, measure.before, after, now),
            MeasureResult(
                measure, Verdict.REACHED, measure.before, after, now, "19/2", "1/2", "18", 0.02, "Mann-Whitney"
            ),
        ),
        "cam_1",
        (("zh-Hans", "报修后 4 小时内回电"), ("en", "we call back within 4 hours")),
        now,
        "王经理",
        "说过了",
        now,
    )


def raised_finding(now: datetime) -> tuple[Finding, Voice]:
    """Return it with what Mei had said."""
    return full_finding(now), Voice("fin_1", "c-mei", "等了两天才有人来", now)

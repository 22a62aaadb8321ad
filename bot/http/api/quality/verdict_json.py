"""The verdict on a ticket in JSON: the weighted score, whether it is bad, and each source."""

from pydantic import BaseModel

from scoring.joint_verdict import JointVerdict

__all__ = ["VerdictOut", "verdict_out"]


class SourceScoreOut(BaseModel):
    """What one source says: its mean of 100, over so many responses, and its weight in percent."""

    source: str
    score: float
    responses: int
    weight: float


class VerdictOut(BaseModel):
    """One verdict from several sources; `score` and `bad` are null where no source that weighs has said anything.

    `formula` tells how the score came about.
    """

    score: float | None
    bad: bool | None
    formula: str
    sources: tuple[SourceScoreOut, ...]


def verdict_out(told: JointVerdict) -> VerdictOut:
    """Return a verdict as the API shows it."""
    sources = tuple(
        SourceScoreOut(source=one.source, score=float(one.score), responses=one.responses, weight=float(one.weight))
        for one in told.sources
    )
    weighed = " + ".join(f"{one.source} {one.score:.4g} × {one.weight:.4g} %" for one in sources if one.weight)
    score = None if told.score is None else float(told.score)
    return VerdictOut(score=score, bad=told.is_bad, formula=weighed, sources=sources)

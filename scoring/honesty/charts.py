"""Control charts of a share that should stay low: exact limits for single points, an EWMA for small lasting shifts.

A chart is judged point by point, each once. Its first points only say what is usual, the baseline; the next are held
against it. After as many more points in a row within the limits these join the baseline, and the EWMA begins anew;
during an excursion the baseline stays what it was, so that a lasting change does not become the usual by lasting.
An excursion ends when what came since its last point beyond tells that it is over: within the limits alone tells
little, since of a share that stays twice the usual one most points are.
"""

from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import log, log1p, sqrt
from statistics import NormalDist

from scoring.values import Value, replace

__all__ = [
    "Chart",
    "ChartPoint",
    "ChartRules",
    "ChartState",
    "PointVerdict",
    "SharePoint",
    "least_unlikely",
    "with_bucket",
    "with_point",
]

_TAIL = Fraction(135, 100_000)
"""What lies beyond three standard deviations at one side of a normal distribution: the p-chart's usual limit."""
_WEIGHT = Fraction(1, 5)
_WIDTH = Fraction(27, 10)
_NORMAL = NormalDist()
_KEPT = 53
"""Points of a chart."""
_BACK = log(200)
"""So much likelier at the usual share than at twice its odds has to be what came last for an excursion to be over."""
_PLACES = 10**15
"""To how small a part the EWMA is kept, rounded down: exact ones would grow by a digit with every point."""
_REMEMBERED = 4
"""So many baselines' points together count whole; then all that was counted counts half."""


class PointVerdict(StrEnum):
    """What a chart says of a point."""

    BASELINE = "baseline"
    """It belongs to what the later ones are held against."""
    WITHIN = "within"
    JUMP = "jump"
    """So many are too unlikely by chance at the baseline's share: beyond the p-chart's limit."""
    DRIFT = "drift"
    """The weighted mean of this point and those before is beyond the EWMA's limit."""

    @property
    def is_beyond(self) -> bool:
        """Whether the point belongs to an excursion."""
        return self in (PointVerdict.JUMP, PointVerdict.DRIFT)


class SharePoint(Value):
    """`bad` of `n` in the buckets from `begins` to `ends`, which is excluded; dates as in ISO 8601."""

    begins: str
    ends: str
    n: int
    bad: int


class ChartPoint(Value):
    """A point with what it was held against: `usual` is the baseline's share, None for a point of the baseline.

    `limit` is the lowest count that is a jump, above `n` where none can be; `ewma` and `ewma_limit` are shares.
    """

    point: SharePoint
    verdict: PointVerdict
    usual: Fraction | None = None
    limit: int | None = None
    ewma: Fraction | None = None
    ewma_limit: float | None = None


class ChartState(Value):
    """What a chart has to know of earlier points: the baseline's counts, also halved, and its points; and the EWMA.

    `variance` is that of the EWMA, in units of p · (1 - p). `steady` are the counts and the number of points within
    the limits since the baseline, in an excursion those that tell whether it is over; `since` is the begin of the first
    point of the excursion that goes on, empty for none.
    """

    bad: Fraction = Fraction(0)
    n: Fraction = Fraction(0)
    points: int = 0
    ewma: Fraction = Fraction(0)
    variance: Fraction = Fraction(0)
    steady_bad: int = 0
    steady_n: int = 0
    steady_points: int = 0
    since: str = ""


class ChartRules(Value):
    """`baseline`: points that say what is usual before any other is judged; `fewest`: answers that make a point.

    `bucket` is what they are made of, `week` or `day`. Of so many `charts` that are judged together each has its part
    of the chance of a false alarm (Bonferroni), so that more of them do not alarm more often.
    """

    baseline: int = 12
    fewest: int = 10
    bucket: str = "week"
    charts: int = 1


class Chart(Value):
    """A chart: what it has to know, `pending` of too few answers to be a point, and the latest points, judged once."""

    state: ChartState = ChartState()
    pending: SharePoint | None = None
    points: tuple[ChartPoint, ...] = ()


@lru_cache(maxsize=4096)
def least_unlikely(n: int, share: Fraction, charts: int = 1) -> int:
    """Return the lowest count of which at least as many in n are less likely than 0.135 %; n + 1 where none is.

    Of several `charts` each has its part of the 0.135 %. Exact binomial sums, `share` between 0 and 1: with n = 30 and
    8 % the normal limit lies below 7, which is reached by chance six times as often as it claims.
    """
    good, bad, every = share.denominator - share.numerator, share.numerator, share.denominator**n
    term, beyond = bad**n, 0  # of so many bad ones, times `every`, so that all is whole numbers
    for count in range(n, 0, -1):
        beyond += term
        if beyond * _TAIL.denominator * charts > every * _TAIL.numerator:
            return count + 1
        term = term * count * good // ((n - count + 1) * bad)
    return 1


def with_bucket(chart: Chart, bucket: SharePoint, rules: ChartRules) -> Chart:
    """Return a chart after one more bucket; of fewer answers than make a point it is joined with the next ones."""
    before = chart.pending
    if before is not None:
        bucket = SharePoint(before.begins, bucket.ends, before.n + bucket.n, before.bad + bucket.bad)
    if bucket.n < rules.fewest:
        return replace(chart, pending=bucket)
    state, judged = with_point(chart.state, bucket, rules.baseline, rules.charts)
    return Chart(state, None, (*chart.points, judged)[-_KEPT:])


def with_point(state: ChartState, point: SharePoint, baseline: int, charts: int = 1) -> tuple[ChartState, ChartPoint]:
    """Return the state after one more point, and what the chart says of it; `baseline` is how many points make one.

    The EWMA is z = 0.2 x + 0.8 z', limit p + 2.7 s, or more of several `charts` (Roberts 1959, Technometrics 1,
    239-250; Lucas and Saccucci 1990, Technometrics 32, 1-12), where s² = 0.04 p (1 - p) ÷ n + 0.64 s'² is the exact
    variance, also for points of different size; to it comes p (1 - p) ÷ N for a baseline of N answers, which is itself
    an estimate. Its share is (bad + 1) ÷ (N + 2), so that none so far does not mean that there can be none. What goes
    on from a point beyond the limit is the limit: the way back takes as long from one bad week as from ten.
    """
    if state.points < baseline:
        return _gathered(state, point), ChartPoint(point, PointVerdict.BASELINE)
    usual = _usual(state)
    ewma = _WEIGHT * Fraction(point.bad, point.n) + (1 - _WEIGHT) * state.ewma
    variance = _WEIGHT**2 / point.n + (1 - _WEIGHT) ** 2 * state.variance
    spread, width = (variance + 1 / state.n) * usual * (1 - usual), _width(charts)
    limit, highest = least_unlikely(point.n, usual, charts), usual + width * Fraction(sqrt(spread))
    is_high = ewma > usual and (ewma - usual) ** 2 > width**2 * spread
    verdict = PointVerdict.JUMP if point.bad >= limit else PointVerdict.DRIFT if is_high else PointVerdict.WITHIN
    judged = ChartPoint(point, verdict, usual, limit, ewma, min(1.0, float(highest)))
    kept = replace(state, ewma=_kept(min(ewma, highest)), variance=_kept(variance))
    return _after(kept, judged, baseline), judged


@lru_cache(maxsize=4096)
def _width(charts: int) -> Fraction:
    """Return the width of the EWMA's limit: 2.7 for one chart; of several each has its part of that normal tail."""
    tail = _NORMAL.cdf(-float(_WIDTH)) / charts
    return _WIDTH if charts == 1 else Fraction(-_NORMAL.inv_cdf(tail)).limit_denominator(1000)


def _kept(exact: Fraction) -> Fraction:
    return Fraction(int(exact * _PLACES), _PLACES)


def _usual(state: ChartState) -> Fraction:
    return (state.bad + 1) / (state.n + 2)


def _gathered(state: ChartState, point: SharePoint) -> ChartState:
    gathered = replace(state, bad=state.bad + point.bad, n=state.n + point.n, points=state.points + 1)
    return replace(gathered, ewma=_usual(gathered))


def _after(state: ChartState, judged: ChartPoint, baseline: int) -> ChartState:
    """Return the state with the excursion begun, gone on or ended, and with another baseline where it is time."""
    point = judged.point
    if judged.verdict.is_beyond:
        return _counted(replace(state, since=state.since or point.begins))
    bad, n, points = state.steady_bad + point.bad, state.steady_n + point.n, state.steady_points + 1
    if state.since:
        return _perhaps_over(state, bad, n, points)
    if points < baseline:
        return _counted(state, bad, n, points)
    weight = Fraction(1, 2) if state.points >= _REMEMBERED * baseline else Fraction(1)
    every = ChartState(
        state.bad * weight + bad, state.n * weight + n, min(state.points + points, _REMEMBERED * baseline)
    )
    return replace(every, ewma=_usual(every))


def _perhaps_over(state: ChartState, bad: int, n: int, points: int) -> ChartState:
    """Return the state of an excursion after `bad` of `n`, over where these are so much likelier at the usual share.

    The other share has twice the odds, so that the ratio of the likelihoods is (1 + p)ⁿ ÷ 2ᵇᵃᵈ. Where it says the
    contrary, counting begins anew (Page 1954, Biometrika 41, 100-115).
    """
    ratio = n * log1p(_usual(state)) - bad * log(2)
    if 0 <= ratio < _BACK:
        return _counted(state, bad, n, points)
    return _counted(replace(state, since=state.since if ratio < 0 else ""))


def _counted(state: ChartState, bad: int = 0, n: int = 0, points: int = 0) -> ChartState:
    return replace(state, steady_bad=bad, steady_n=n, steady_points=points)

"""Simulated years of a chart: how often it warns of nothing, how soon of something, and how often of the same.

`python -m tests.scoring.honesty.simulated_years` prints what `docs/reference/statistics.md` has.
"""

from collections.abc import Sequence
from random import Random  # noqa: TID251 (simulated, always the same by its seed)
from statistics import median

from scoring.honesty.charts import ChartState, SharePoint, with_point
from scoring.values import Value

__all__ = ["ChartYear", "simulated_year"]

_BASELINE, _WEEKS, _BACK_AFTER = 12, 52, 8
_USUAL = 0.08
_NEVER = 99
_YEARS = 400


class ChartYear(Value):
    """What a chart said in a year: its excursions, after how many weeks the first was told, and when it was over.

    `over` counts from the week in which the share was the usual one again, None where that was not told.
    """

    excursions: int
    told: int | None = None
    over: int | None = None


def simulated_year(dice: Random, people: int, charts: int, shares: Sequence[float]) -> ChartYear:
    """Draw a chart of so many people a week, after a baseline of the usual share; `shares` are those of the weeks."""
    state, begun, over = ChartState(), list[int](), None
    for week, share in enumerate([_USUAL] * _BASELINE + list(shares), 1 - _BASELINE):
        was, low = state.since, sum(dice.random() < share for _ in range(people))
        state, _ = with_point(state, SharePoint(str(week), "", people, low), _BASELINE, charts)
        if state.since not in ("", was):
            begun.append(week)
        if was and not state.since and share == _USUAL and shares[0] != _USUAL:
            over = over or week - sum(one != _USUAL for one in shares)
    return ChartYear(len(begun), begun[0] if begun else None, over)


def _row(people: int, charts: int) -> str:
    dice = Random(people)  # noqa: S311 (no secrets)

    def years(*shares: float) -> list[ChartYear]:
        return [simulated_year(dice, people, charts, shares) for _ in range(_YEARS)]

    flat, twice, thrice = years(*[_USUAL] * _WEEKS), years(*[0.16] * _WEEKS), years(*[0.25] * _WEEKS)
    short = years(*[0.25] * _BACK_AFTER, *[_USUAL] * (_WEEKS - _BACK_AFTER))
    every = charts * sum(one.excursions for one in flat) / _YEARS
    cells = [
        str(people),
        str(charts),
        f"{sum(one.excursions <= 1 for one in flat) / _YEARS:.1%}",
        f"{every:.2f}",
        _weeks([one.told for one in twice]),
        f"{sum(one.excursions == 1 for one in twice) / max(sum(one.excursions > 0 for one in twice), 1):.0%}",
        _weeks([one.told for one in thrice]),
        _weeks([one.over for one in short if one.told]),
    ]
    return f"| {' | '.join(cells)} |"


def _weeks(found: Sequence[int | None]) -> str:
    weeks = median(_NEVER if one is None else one for one in found)
    return "not within the year" if weeks == _NEVER else f"{weeks:g}"


if __name__ == "__main__":
    for people in (10, 30, 60, 100):
        for charts in (1, 5, 25, 100):
            print(_row(people, charts))  # noqa: T201 (what it is for)

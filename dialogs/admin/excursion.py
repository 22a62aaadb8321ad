"""What the team reads when a chart of low ratings leaves its limits, and when it is back within them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from dialogs.admin.lists import AdminLocale
from dialogs.messages import Prompt
from scoring.honesty.charts import Chart, ChartPoint, PointVerdict

__all__ = ["excursion_message", "excursion_points", "recovery_message"]

_DAY = timedelta(days=1)


def excursion_points(chart: Chart) -> tuple[ChartPoint, ...]:
    """Return the points of the excursion that goes on."""
    return tuple(one for one in chart.points if one.point.begins >= chart.state.since)


def excursion_message(
    subject: tuple[str, str], chart: Chart, tickets: Sequence[str], figure: str, admin: AdminLocale
) -> Prompt:
    """Return what is told of an excursion: since when, the figures with n and the limit, and which tickets.

    `subject` are the names of the team and of the dimension; `figure` names the figure whose explanation lists all.
    """
    return Prompt("\n".join(_excursion(subject, chart, tickets, figure, admin)))


def _excursion(
    subject: tuple[str, str], chart: Chart, tickets: Sequence[str], figure: str, admin: AdminLocale
) -> Iterator[str]:
    points = excursion_points(chart)
    last, n, bad = points[-1], sum(one.point.n for one in points), sum(one.point.bad for one in points)
    days = _days(points[0].point.begins, last.point.ends, admin)
    yield _say(admin, "worse", **_named(subject, admin), days=days, **_counted(n, bad, last.usual, admin))
    if last.verdict is PointVerdict.JUMP:
        latest = _days(last.point.begins, last.point.ends, admin)
        yield _say(admin, "jump", days=latest, n=last.point.n, bad=last.point.bad, limit=last.limit)
    else:
        mean, limit = (_percent(share, admin) for share in (last.ewma, last.ewma_limit))
        yield _say(admin, "drift", mean=mean, limit=limit)
    yield _say(admin, "signal")
    if tickets:
        yield _say(admin, "tickets", tickets=_say(admin, "between").join(tickets))
    yield _say(admin, "explain", figure=figure)


def recovery_message(subject: tuple[str, str], chart: Chart, admin: AdminLocale) -> Prompt:
    """Return the one line that says that a chart is within its limits again."""
    last = chart.points[-1]
    days = _days(last.point.begins, last.point.ends, admin)
    counted = _counted(last.point.n, last.point.bad, last.usual, admin)
    return Prompt(_say(admin, "over", **_named(subject, admin), days=days, **counted))


def _say(admin: AdminLocale, key: str, **values: object) -> str:
    return admin.phrases.say(admin.locale, f"watch.{key}", **values)


def _named(subject: tuple[str, str], admin: AdminLocale) -> dict[str, str]:
    team, dimension = subject
    return {"team": team or _say(admin, "no_team"), "dimension": dimension}


def _counted(n: int, bad: int, usual: Fraction | None, admin: AdminLocale) -> dict[str, object]:
    return {"n": n, "bad": bad, "share": _percent(Fraction(bad, n), admin), "usual": _percent(usual, admin)}


def _percent(share: Fraction | float | None, admin: AdminLocale) -> str:
    written = admin.phrases.number(admin.locale, round(100 * float(share or 0), 1))
    return admin.phrases.say(admin.locale, "figure.percent", value=written)


def _days(begins: str, ends: str, admin: AdminLocale) -> str:
    """Return the first and the last day of a stretch of days, or its only one."""
    first, last = date.fromisoformat(begins), date.fromisoformat(ends) - _DAY
    days = [
        admin.phrases.day(admin.locale, datetime(day.year, day.month, day.day, 12, tzinfo=admin.zone), admin.zone)
        for day in dict.fromkeys((first, last))
    ]
    return days[0] if len(days) == 1 else _say(admin, "days", first=days[0], last=days[1])

"""What the sheets of one subject and period come to: the mean of each role, joined, with its grade."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole
from scoring.forms.raters import LEAST_COUNTED, LEAST_SHOWN, JoinedScore, join_roles, mean_total
from scoring.forms.sheet import FULL, Grade, grade_of, rounded
from scoring.values import Value, replace

__all__ = ["GivenTotal", "PeriodResult", "ResultPart", "join_parts", "join_sheets", "seen_by_company", "seen_by_rated"]


class GivenTotal(Value):
    """The total of one sheet, None for an incomplete one."""

    role: RaterRole
    total: Fraction | None


class ResultPart(Value):
    """The result of a shorter period, such as a quarter of a year; `fewest` as in `PeriodResult`."""

    period: str
    total: Fraction | None
    grade: Grade | None
    fewest: int | None = None


class PeriodResult(Value):
    """The result of a period: joined from its sheets, or the mean of the `parts` that have one.

    `incomplete` sheets have no total and count for nothing. `withheld`: the total would tell what somebody gave who is
    not to be named.
    """

    joined: JoinedScore
    total: Fraction | None
    grade: Grade | None
    incomplete: int = 0
    parts: tuple[ResultPart, ...] = ()
    withheld: bool = False

    @property
    def fewest(self) -> int | None:
        """The fewest raters of a role without names that enter the total, in any of its parts; None without such."""
        if self.parts:
            return min((part.fewest for part in self.parts if part.fewest is not None), default=None)
        weighed = (one.raters for one in self.joined.roles if one.weight and one.role in ANONYMOUS_ROLES)
        return min(weighed, default=None)

    @property
    def formula(self) -> str:
        """How the total came about, in figures; empty without one."""
        if self.total is None:
            return ""
        if self.parts:
            counted = [f"{one.period} {rounded(one.total)}" for one in self.parts if one.total is not None]
            return f"mean of {len(counted)}: {', '.join(counted)}"
        weighed = [one for one in self.joined.roles if one.weight]
        return " + ".join(f"{one.role} {rounded(one.mean)} × {rounded(one.weight)} %" for one in weighed)


def join_sheets(form: Form, given: Iterable[GivenTotal]) -> PeriodResult:
    """Return the result of the sheets of one period, by the form's mixes; without any its only role decides."""
    totals: dict[str, list[Fraction]] = {role: [] for role in form.raters}
    incomplete = 0
    for one in given:
        if one.total is None:
            incomplete += 1
        else:
            totals.setdefault(one.role, []).append(one.total)
    joined = join_roles(totals, form.mixes or ({form.raters[0]: FULL},))
    return PeriodResult(joined, joined.total, _grade(form, joined.total), incomplete)


def join_parts(form: Form, parts: Sequence[ResultPart], own: PeriodResult | None = None) -> PeriodResult:
    """Return the result of a period whose `own` sheets come to none: the mean of the parts that have a result.

    The roles of its own sheets stay in it without a weight; nobody is missing where the parts have a result.
    """
    totals = [part.total for part in parts if part.total is not None]
    total = mean_total(totals) if totals else None
    joined, incomplete = (own.joined, own.incomplete) if own else (JoinedScore(None, ()), 0)
    if total is not None:
        joined = replace(joined, missing=())
    return PeriodResult(joined, total, _grade(form, total), incomplete, tuple(parts))


def seen_by_rated(result: PeriodResult) -> PeriodResult:
    """Return what the rated person may see: of raters who are not named, what at least three of them gave."""
    return _seen(result, LEAST_SHOWN)


def seen_by_company(result: PeriodResult) -> PeriodResult:
    """Return what everybody else may see: of raters who are not named, what at least two of them gave."""
    return _seen(result, LEAST_COUNTED)


def _seen(result: PeriodResult, least: int) -> PeriodResult:
    """Return the result without the means of roles that have fewer than `least` raters and are not to be named.

    A total in which such a mean has a weight is withheld as well, its own and those of its parts, for the mean could be
    worked out of it.
    """
    roles = tuple(one for one in result.joined.roles if one.role not in ANONYMOUS_ROLES or one.raters >= least)
    parts = tuple(
        replace(part, total=None, grade=None) if _is_few(part.fewest, least) else part for part in result.parts
    )
    withheld = _is_few(result.fewest, least)
    joined = replace(result.joined, roles=roles, total=None if withheld else result.joined.total)
    shown = replace(result, joined=joined, parts=parts)
    return replace(shown, total=None, grade=None, withheld=True) if withheld else shown


def _is_few(raters: int | None, least: int) -> bool:
    return raters is not None and raters < least


def _grade(form: Form, total: Fraction | None) -> Grade | None:
    return None if total is None else grade_of(form.grades, total)

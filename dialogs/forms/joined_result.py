"""What the sheets of one subject and period come to: the mean of each role, joined, with its grade."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole
from scoring.forms.raters import LEAST_SHOWN, JoinedScore, join_roles, join_shares, mean_total
from scoring.forms.sheet import FULL, Grade, grade_of, rounded
from scoring.values import Value, replace

__all__ = [
    "AddedPoints",
    "CustomersScore",
    "GivenTotal",
    "PeriodResult",
    "ResultPart",
    "join_parts",
    "join_sheets",
    "with_added",
    "with_customers",
]


class GivenTotal(Value):
    """The total of one sheet, None for an incomplete one.

    Of a role without names it is what the role's mean holds, and one that `waits` is held by none yet.
    """

    role: RaterRole
    total: Fraction | None
    waits: bool = False


class ResultPart(Value):
    """The result of a shorter period, such as a quarter of a year; `withheld` as in `PeriodResult`."""

    period: str
    total: Fraction | None
    grade: Grade | None
    withheld: bool = False


class CustomersScore(Value):
    """What customers' ratings of a subject come to, of 100, and how many people and ratings that is.

    `score` is None where it cannot be told, and then `state` says why, as of any figure.
    """

    share: Fraction
    score: Fraction | None
    people: int
    ratings: int
    state: str


class AddedPoints(Value):
    """A line that changes a result by so many points, or leaves the subject out of it (`points` None), and says why.

    `probation` is the last day of that (`2027-01-31`) where the list of those on probation leaves the subject out.
    """

    points: Fraction | None
    reason: str
    by: str
    at: datetime
    probation: str = ""


class PeriodResult(Value):
    """The result of a period: joined from its sheets, or the mean of the `parts` that have one.

    `incomplete` sheets have no total and count for nothing. Of raters without names a mean holds at least three:
    `too_few` are roles with fewer, of which nothing is told, and the total is `withheld` where they weigh in it;
    `waiting` sheets count once the mean takes its next step. Where the form gives customers a share, `customers` is
    theirs and `inside` what the sheets alone come to. `added` lines are in the total; one that leaves the subject out
    takes it away (`left_out`).
    """

    joined: JoinedScore
    total: Fraction | None
    grade: Grade | None
    incomplete: int = 0
    parts: tuple[ResultPart, ...] = ()
    withheld: bool = False
    too_few: tuple[str, ...] = ()
    waiting: int = 0
    customers: CustomersScore | None = None
    inside: Fraction | None = None
    added: tuple[AddedPoints, ...] = ()

    @property
    def left_out(self) -> bool:
        """Whether a line leaves the subject out of the result."""
        return any(line.points is None for line in self.added)

    @property
    def formula(self) -> str:
        """How the total came about, in figures; empty without one."""
        if self.total is None:
            return ""
        signed = (
            f" {'+' if line.points >= 0 else '-'} {rounded(abs(line.points))}" for line in self.added if line.points
        )
        return self._joined_formula() + "".join(signed)

    def _joined_formula(self) -> str:
        if self.parts:
            counted = [f"{one.period} {rounded(one.total)}" for one in self.parts if one.total is not None]
            return f"mean of {len(counted)}: {', '.join(counted)}"
        weighed = [one for one in self.joined.roles if one.weight]
        told = " + ".join(f"{one.role} {rounded(one.mean)} × {rounded(one.weight)} %" for one in weighed)
        theirs = self.customers
        if theirs is None or theirs.score is None:
            return told
        own = FULL - theirs.share
        return f"({told}) × {rounded(own)} % + customers' ratings {rounded(theirs.score)} × {rounded(theirs.share)} %"


def join_sheets(form: Form, given: Iterable[GivenTotal]) -> PeriodResult:
    """Return the result of the sheets of one period, by the form's mixes; without any its only role decides.

    A role of which too few have rated is there, and so decides which mix fits, but nothing is told of it.
    """
    sheets = list(given)
    complete = [one for one in sheets if one.total is not None]
    held = _by_role(form, (one for one in complete if not one.waits))
    too_few = {one.role for one in complete if one.role in ANONYMOUS_ROLES and len(held[one.role]) < LEAST_SHOWN}
    every = _by_role(form, complete)
    joined = join_roles({role: (every if role in too_few else held)[role] for role in every}, _mixes(form))
    told = tuple(one for one in joined.roles if one.role not in too_few)
    withheld = any(one.weight and one.role in too_few for one in joined.roles)
    total = None if withheld else joined.total
    return PeriodResult(
        replace(joined, total=total, roles=told),
        total,
        _grade(form, total),
        len(sheets) - len(complete),
        withheld=withheld,
        too_few=tuple(role for role in form.raters if role in too_few),
        waiting=sum(1 for one in complete if one.waits and one.role not in too_few),
    )


def with_customers(form: Form, result: PeriodResult, theirs: CustomersScore) -> PeriodResult:
    """Return the result with the customers' part of it; while theirs cannot be told the sheets decide alone."""
    inside = result.total
    if inside is None:
        return replace(result, customers=theirs)
    total = join_shares(inside, theirs.score, theirs.share)
    return replace(result, total=total, grade=_grade(form, total), customers=theirs, inside=inside)


def with_added(form: Form, result: PeriodResult, added: Sequence[AddedPoints]) -> PeriodResult:
    """Return the result with lines that somebody has added: the sum of their points is part of the total."""
    shown = replace(result, added=tuple(added))
    if result.total is None or shown.left_out:
        return replace(shown, total=None, grade=None)
    total = result.total + sum((line.points for line in added if line.points is not None), start=Fraction(0))
    return replace(shown, total=total, grade=_grade(form, total))


def join_parts(form: Form, parts: Sequence[ResultPart], own: PeriodResult | None = None) -> PeriodResult:
    """Return the result of a period whose `own` sheets come to none: the mean of the parts that have a result.

    The roles of its own sheets stay in it without a weight; nobody is missing where the parts have a result. It is
    withheld as long as that of any part is.
    """
    totals = [part.total for part in parts if part.total is not None]
    withheld = any(part.withheld for part in parts)
    total = mean_total(totals) if totals and not withheld else None
    joined, incomplete = (own.joined, own.incomplete) if own else (JoinedScore(None, ()), 0)
    if totals:
        joined = replace(joined, missing=())
    return PeriodResult(joined, total, _grade(form, total), incomplete, tuple(parts), withheld)


def _by_role(form: Form, given: Iterable[GivenTotal]) -> dict[str, list[Fraction]]:
    totals: dict[str, list[Fraction]] = {role: [] for role in form.raters}
    for one in given:
        if one.total is not None:
            totals.setdefault(one.role, []).append(one.total)
    return totals


def _mixes(form: Form) -> Sequence[Mapping[str, Fraction]]:
    return form.mixes or ({form.raters[0]: FULL},)


def _grade(form: Form, total: Fraction | None) -> Grade | None:
    return None if total is None else grade_of(form.grades, total)

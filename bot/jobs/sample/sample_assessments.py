"""Sheets that colleagues of the sample company filled: each week's quality checks, and each month's of every person."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_days import SampleSetup, month_from
from config.forms.load import read_forms
from config.sample.company_file import Technician
from dialogs.forms.filled_sheet import SheetEntry, fill_sheet, filled_words
from dialogs.forms.model import Form, RaterRole
from dialogs.ids import derive
from dialogs.invitation.model import SAMPLE_SOURCE
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, named_period
from storage.model.filled_forms import FilledForm

__all__ = ["assessments_of"]

_CHECKS, _MONTHLY = "quality_check_week", "four_sides"
_MONTHS = 3
"""Those at the end of which there are sheets."""
_RATED = {"attitude": "attitude", "skill": "problem_solving", "efficiency": "response_speed", "satisfaction": ""}
"""By section of the monthly sheet the question whose level a person's ratings follow."""
_LEAST_PASSED, _CHECKED = 86, (18, 40)
_PASSED = ("repair", "final_check")
"""What is checked of household appliances; the other items of the form are those of cars."""


def assessments_of(setup: SampleSetup, weeks: Iterator[Period]) -> Iterator[FilledForm]:
    """Yield the sheets of the last months, of those weeks that begin in them."""
    forms, days, zone = read_forms(), setup.days, setup.order.zone
    months = [month_from(days.last_month, 1 - number, zone) for number in range(min(_MONTHS, days.months), 0, -1)]
    for week in weeks:
        if week.since >= months[0].since:
            for station in (one for team in setup.plan.teams for one in team.stations):
                yield _checked(setup, forms[_CHECKS], week, station)
    for month in months:
        named = named_period(f"{wall_of(month.since, zone).date():%Y-%m}", zone)
        for person in setup.plan.technicians:
            yield _rated(setup, forms[_MONTHLY], named, person)


def _checked(setup: SampleSetup, form: Form, week: Period, station: str) -> FilledForm:
    """Return what an auditor found in a station in a week; where much failed, what follows."""
    draws = Draws(setup.order.seed, "checked", station, week.name)
    checked = draws.between(*_CHECKED)
    passed = {item: Fraction(draws.between(_LEAST_PASSED, 100)) for item in _PASSED}
    failed = round(checked * (100 - sum(passed.values()) / len(passed)) / 100)
    words = {"checked": str(checked), "failed": str(failed)}
    if failed > checked // 12:
        words["follow_up"] = setup.plan.words["follow_up"]
    others = frozenset(item.id for item in form.items if item.id not in passed)
    entry = SheetEntry(passed, others, words=words)
    return _sheet(setup, form, entry, week, (station, RaterRole.AUDITOR, setup.plan.words["auditor"]))


def _rated(setup: SampleSetup, form: Form, month: Period, person: Technician) -> FilledForm:
    """Return how the lead rated somebody in a month: as the person's customers do, by and large."""
    draws = Draws(setup.order.seed, "assessed", person.id, month.name)
    values: Mapping[str, Fraction] = {
        item.id: Fraction(_points(person.level.get(_RATED.get(section.id, ""), 0.0), draws))
        for section in form.sections
        for item in section.items
    }
    entry = SheetEntry(values)
    return _sheet(setup, form, entry, month, (person.id, RaterRole.SUPERIOR, setup.plan.words["lead"]))


def _points(level: float, draws: Draws) -> int:
    return max(1, min(5, draws.rounded(4 + level + 0.5 * draws.normal())))


def _sheet(
    setup: SampleSetup, form: Form, entry: SheetEntry, period: Period, about: tuple[str, RaterRole, str]
) -> FilledForm:
    subject, role, rater = about
    sheet = fill_sheet(form, entry)
    return FilledForm(
        id=derive("asm", SAMPLE_SOURCE, setup.order.seed, form.id, subject, period.name),
        form=form.id,
        form_number=form.version,
        subject_kind=form.subject,
        subject=subject,
        period=period.name,
        since=period.since,
        until=period.until,
        role=role,
        rater=rater,
        by=rater,
        at=min(period.until, setup.order.now),
        sheet=sheet,
        words=filled_words(form, entry),
        total=sheet.total,
    )

"""The sheets that colleagues of the sample company filled: believable, of the last months, none filled ahead."""

from collections import defaultdict
from fractions import Fraction

import pytest

from config.forms.load import read_forms
from dialogs.forms.model import RaterRole, SubjectKind
from storage.model.filled_forms import FilledForm
from tests.jobs.sample.orders import NOVEMBER, of_kind, order_of, records_of


@pytest.fixture(scope="module", name="sheets")
def _sheets() -> list[FilledForm]:
    return list(of_kind(records_of(order_of()), FilledForm))


def of_form(sheets: list[FilledForm], form: str) -> list[FilledForm]:
    return [one for one in sheets if one.form == form]


@pytest.mark.proof
def test_each_sheet_is_stored_once_and_always_the_same(sheets: list[FilledForm]) -> None:
    assert len({one.id for one in sheets}) == len(sheets)
    assert list(of_kind(records_of(order_of(), 7), FilledForm)) == sheets


def test_the_stations_are_checked_in_each_week_that_begins_in_the_last_months(sheets: list[FilledForm]) -> None:
    weeks: dict[str, set[str]] = defaultdict(set)
    for one in of_form(sheets, "quality_check_week"):
        weeks[one.period].add(one.subject)
        assert (one.subject_kind, one.role) == (SubjectKind.STATION, RaterRole.AUDITOR)
    assert min(weeks) == "2026-W32"
    assert max(weeks) == "2026-W43"
    assert len(weeks) == 12
    assert {len(stations) for stations in weeks.values()} == {6}


def test_checks_say_how_many_and_what_follows_where_much_failed(sheets: list[FilledForm]) -> None:
    follows = 0
    for one in of_form(sheets, "quality_check_week"):
        words = {line.id: line.text for line in one.words}
        checked, failed = int(words["checked"]), int(words["failed"])
        assert 0 <= failed <= checked // 4
        assert ("follow_up" in words) is (failed > checked // 12)
        follows += "follow_up" in words
        told = {item.id: item.value for item in one.sheet.items if item.value is not None}
        assert told.keys() == {"repair", "final_check"}
        assert one.total is not None
    assert follows


def test_the_lead_rates_everybody_each_month_and_the_bad_technician_lowest(sheets: list[FilledForm]) -> None:
    months: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for one in of_form(sheets, "four_sides"):
        assert (one.subject_kind, one.role, one.total is not None) == (SubjectKind.AGENT, RaterRole.SUPERIOR, True)
        months[one.period][one.subject] = Fraction(one.total or 0)
    assert sorted(months) == ["2026-08", "2026-09", "2026-10"]
    for totals in months.values():
        assert min(totals, key=lambda who: totals[who]) == "sample-7"
        assert all(20 <= total <= 100 for total in totals.values())


def test_sheets_fit_the_shipped_forms_and_none_is_filled_ahead(sheets: list[FilledForm]) -> None:
    forms = read_forms()
    for one in sheets:
        form = forms[one.form]
        assert (one.form_number, one.role in form.raters) == (form.version, True)
        assert one.since < one.at <= NOVEMBER


def test_a_company_of_one_month_has_sheets_of_that_month() -> None:
    sheets = list(of_kind(records_of(order_of(months=1)), FilledForm))
    assert {one.period for one in of_form(sheets, "four_sides")} == {"2026-10"}


@pytest.mark.parametrize(("locale", "who"), [("zh-Hans", "老郑"), ("zh-Hant", "老鄭"), ("en", "Mr Zheng")])
def test_who_checks_is_called_in_the_language_of_the_company(locale: str, who: str) -> None:
    sheets = list(of_kind(records_of(order_of(locale=locale)), FilledForm))
    assert {one.rater for one in of_form(sheets, "quality_check_week")} == {who}

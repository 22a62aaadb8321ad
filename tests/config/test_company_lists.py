"""A company's lists are a file: the shipped one, or the owner's, whose mistakes are told by line."""

from datetime import date
from pathlib import Path

import pytest

from config.company_lists import LISTS_FILE, read_lists
from config.errors import ConfigErrors


def owned(folder: Path, text: str) -> Path:
    (folder / LISTS_FILE).write_text(text, "utf-8")
    return folder


def test_the_shipped_lists_know_a_workshops_words_and_the_usual_services(tmp_path: Path) -> None:
    shipped = read_lists(tmp_path)
    words = ("在修", "待料", "机加工", "等待答复", "停工", "完工")
    assert [shipped.status_of(word) for word in words] == ["open", "pending", "open", "pending", "pending", "closed"]
    assert [shipped.status_of(word) for word in ("Closed", "ｏｐｅｎ", " In  Repair ", "报废")] == [
        "closed",
        "open",
        "open",
        "",
    ]
    assert [shipped.service_types[word] for word in ("安裝", "维修", "咨询", "技术支持", "退换货", "install")] == [
        "install",
        "repair",
        "advice",
        "support",
        "exchange",
        "install",
    ]
    assert [peak.name for peak in shipped.peaks] == ["618", "双11"]


def test_the_owners_file_replaces_them_and_the_words_of_the_api_stay(tmp_path: Path) -> None:
    own = read_lists(owned(tmp_path, '[statuses]\nclosed = ["交车"]\n\n[[peaks]]\nname = "春运"\n' + SPRING))
    assert [own.status_of(word) for word in ("交车", "reopened", "完工")] == ["closed", "reopened", ""]
    assert own.service_types == {}
    (peak,) = own.peaks
    assert peak.days_in(2026) == (date(2026, 2, 2), date(2026, 3, 14))
    assert peak.days_in(2027) is None


SPRING = 'first = "2026-02-02"\nlast = "2026-03-13"\n'


def test_a_peak_may_go_over_new_year_and_begin_on_a_leap_day(tmp_path: Path) -> None:
    turn = '[[peaks]]\nname = "年底"\nfirst = "12-20"\nlast = "01-05"\n\n'
    leap = '[[peaks]]\nname = "leap"\nfirst = "02-29"\nlast = "03-01"\n'
    first, second = read_lists(owned(tmp_path, turn + leap)).peaks
    assert first.days_in(2026) == (date(2026, 12, 20), date(2027, 1, 6))
    assert second.days_in(2026) == (date(2026, 2, 28), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[statuses]\nopen = ["完工"]\nclosed = ["完工"]\n', 3, "完工 stands under open, too."),
        ('[statuses]\nopen = ["Closed"]\n', 2, "the API's own word for another"),
        ('[statuses]\nscrapped = ["报废"]\n', 2, "scrapped"),
        ('[service_types]\ninstall = ["修"]\nrepair = ["修"]\n', 3, "修 stands under install, too."),
        ('[[peaks]]\nname = "618"\nfirst = "06-31"\nlast = "06-20"\n', 3, "is no day of a year"),
        ('[[peaks]]\nname = "618"\nfirst = "June"\nlast = "06-20"\n', 3, "is no day of a year"),
        ('[[peaks]]\nname = "618"\nfirst = "06-01"\nlast = "2026-06-20"\n', 4, "The year is not that of its first"),
        ('[[peaks]]\nname = "618"\nfirst = "06-01"\n', 1, "last"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigErrors) as wrong:
        read_lists(owned(tmp_path, text))
    assert said in str(wrong.value)
    assert f"{LISTS_FILE}:{line}" in str(wrong.value)


PROBATION = '[[probation]]\nagent = "ａ17 "\nlast = 2027-01-31\n'


def test_who_is_on_probation_is_listed_by_the_last_day(tmp_path: Path) -> None:
    (one,) = read_lists(owned(tmp_path, PROBATION + "first = 2026-11-01\n")).probation
    assert (one.agent, one.covers(date(2026, 10, 31))) == ("a17", False)
    assert one.covers(date(2026, 11, 1))
    assert one.covers(date(2027, 1, 31))
    assert not one.covers(date(2027, 2, 1))
    (always,) = read_lists(owned(tmp_path, PROBATION)).probation
    assert always.covers(date(2020, 1, 1))


def test_a_probation_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="It is before the first day"):
        read_lists(owned(tmp_path, PROBATION + "first = 2027-03-01\n"))

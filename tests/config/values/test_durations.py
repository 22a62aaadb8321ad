"""Times and lists are read as owners write them."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import InvalidValue
from config.values.durations import read_duration, read_list, read_quiet_hours, read_span
from dialogs.time.contact_hours import DailyHours


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("2s", timedelta(seconds=2)),
        ("30m", timedelta(minutes=30)),
        ("24h", timedelta(hours=24)),
        ("14d", timedelta(days=14)),
        ("0s", timedelta(0)),
        ("0.5s", timedelta(milliseconds=500)),
        (" 7d ", timedelta(days=7)),
        ("PT30M", timedelta(minutes=30)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("P2W", timedelta(weeks=2)),
        ("pt1.5h", timedelta(minutes=90)),
        ("PT1H30M15S", timedelta(hours=1, minutes=30, seconds=15)),
    ],
)
def test_a_duration_is_short_or_iso_8601(written: str, means: timedelta) -> None:
    assert read_duration(written) == means


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("30x", "'30x' is not a duration. Write it as 30m, 24h or PT30M."),
        ("", "'' is not a duration. Write it as 30m, 24h or PT30M."),
        ("P", "'P' is not a duration. Write it as 30m, 24h or PT30M."),
        ("P1DT", "'P1DT' is not a duration. Write it as 30m, 24h or PT30M."),
        ("P1Y", "'P1Y' is not a duration. Write it as 30m, 24h or PT30M."),
        ("-5m", "'-5m' is not a duration. Write it as 30m, 24h or PT30M."),
        (-5, "-5 is not a duration. Write it as 30m, 24h or PT30M."),
        (True, "True is not a duration. Write it as 30m, 24h or PT30M."),
        (30, '30 has no unit. Write it as "30s", "30m", "30h" or "30d".'),
        ("9999999999999999999d", "'9999999999999999999d' is longer than ten years. Write a shorter time, such as 14d."),
        ("4000d", "'4000d' is longer than ten years. Write a shorter time, such as 14d."),
    ],
)
def test_a_duration_that_cannot_be_read_says_how_to_write_it(written: object, told: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read_duration(written)
    assert str(wrong.value) == told


def test_a_span_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'0s' leaves no time at all"):
        read_span("0s")


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("21:00-09:00", DailyHours(time(21), time(9))),
        ("9:30 – 17:45", DailyHours(time(9, 30), time(17, 45))),
        ("22:00-24:00", DailyHours(time(22), time(0))),
        ("off", None),
        (" OFF ", None),
    ],
)
def test_quiet_hours_are_a_range_or_off(written: str, means: DailyHours | None) -> None:
    assert read_quiet_hours(written) == means


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("at night", "'at night' is not a range of hours. Write it as 21:00-09:00, or off."),
        ("21-9", "'21-9' is not a range of hours. Write it as 21:00-09:00, or off."),
        ("25:00-09:00", "'25:00-09:00' names an hour that no clock shows. Write it as 21:00-09:00, or off."),
        (
            "09:00-09:00",
            "'09:00-09:00' starts when it ends. Leave some hours for asking, or write off.",
        ),
        ("00:00-24:00", "'00:00-24:00' starts when it ends. Leave some hours for asking, or write off."),
        (False, "False is not a range of hours. Write it as 21:00-09:00, or off."),
    ],
)
def test_quiet_hours_that_cannot_be_read_say_how_to_write_them(written: object, told: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read_quiet_hours(written)
    assert str(wrong.value) == told


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("a,b", ("a", "b")),
        (" 投诉，退款 , refund ,", ("投诉", "退款", "refund")),
        ('["a, b", "c"]', ("a, b", "c")),
        ("[1, 2]", ("1", "2")),
        ("", ()),
        ("[]", ()),
        ("one\ntwo\n", ("one", "two")),
        (["a", 5], ("a", "5")),
        (5, ("5",)),
    ],
)
def test_a_list_is_json_or_parted_by_commas(written: object, means: tuple[str, ...]) -> None:
    assert read_list(written) == means


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[a]", "This begins like a JSON list and is none."),
        ("[" * 100_000, "This begins like a JSON list and is none."),
        (2.5, "2.5 is not a list."),
        (["a", None], "None is not a text."),
        (["a", " "], "An entry of the list is empty."),
        ([["a"]], "['a'] is not a text."),
    ],
)
def test_a_list_that_cannot_be_read_says_why(written: object, told: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read_list(written)
    assert wrong.value.problem == told


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3000)))
def test_every_length_can_be_written_in_seconds(length: timedelta) -> None:
    written = f"{length // timedelta(microseconds=1) / 1_000_000:.6f}s"
    assert abs(read_duration(written) - length) <= timedelta(microseconds=20)

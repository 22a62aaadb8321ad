"""How each language writes moments, spans and numbers, and counts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.locale.formats import Cldr
from config.locale.phrases import load_phrases
from dialogs.phrases import Phrases

PHRASES = load_phrases()
AT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("locale", "moment", "dated", "day"),
    [
        ("zh-Hans", "11月22日 14:30", "2026年11月22日 14:30", "2026年11月22日"),
        ("zh-Hant", "11月22日 下午2:30", "2026年11月22日 下午2:30", "2026年11月22日"),
        ("en", "Nov 22, 2:30 PM", "Nov 22, 2026, 2:30 PM", "Nov 22, 2026"),
    ],
)
def test_a_moment_is_written_on_the_readers_clock(locale: str, moment: str, dated: str, day: str) -> None:
    assert PHRASES.moment(locale, AT, SHANGHAI) == moment
    assert PHRASES.dated(locale, AT, SHANGHAI) == dated
    assert PHRASES.day(locale, AT, SHANGHAI) == day
    assert moment.endswith(PHRASES.time(locale, AT, SHANGHAI))


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (timedelta(0), "0秒", "0 seconds"),
        (timedelta(seconds=-5), "0秒", "0 seconds"),
        (timedelta(seconds=40), "40秒", "40 seconds"),
        (timedelta(minutes=1, seconds=20), "1分钟", "1 minute"),
        (timedelta(minutes=90), "1小时30分钟", "1 hour, 30 minutes"),
        (timedelta(days=2, hours=3, minutes=4), "2天3小时", "2 days, 3 hours"),
    ],
)
def test_a_span_is_written_in_its_two_largest_units(length: timedelta, chinese: str, english: str) -> None:
    assert PHRASES.span("zh-Hans", length) == chinese
    assert PHRASES.span("en", length) == english


def test_a_language_that_we_do_not_speak_is_written_as_the_owners() -> None:
    assert PHRASES.moment("fr", AT, SHANGHAI) == PHRASES.moment("zh-Hans", AT, SHANGHAI)


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 letters"), (1, "a letter"), (2, "2 letters"), (12_345, "12,345 letters")]
)
def test_english_tells_one_from_many_and_groups_thousands(count: int, said: str) -> None:
    phrases = Phrases({"en": {"post#one": "a letter", "post#other": "{count} letters"}}, Cldr(), "en")
    assert phrases.say("en", "post", count=count) == said


def test_a_form_that_is_not_written_is_said_as_the_others() -> None:
    assert Phrases({"en": {"post#other": "letters"}}, Cldr(), "en").say("en", "post", count=1) == "letters"


def test_numbers_are_grouped() -> None:
    assert [PHRASES.number(locale, 1_234_567) for locale in PHRASES.texts] == ["1,234,567"] * 3

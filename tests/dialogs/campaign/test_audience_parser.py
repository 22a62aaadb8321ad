"""An audience as admins type it, and as it is said to them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.campaign.audience_parser import AudienceError, audience_text, known_filters, read_audience
from dialogs.campaign.model import Audience
from tests.dialogs.samples import LOCALES, PHRASES

FILLED = Audience(
    teams=("north", "south west"),
    tags=("vip",),
    closed_within=timedelta(days=30),
    closed_before=timedelta(hours=36),
    statuses=("sent", "started"),
    score_at_or_below=2.5,
    issues=("open",),
)


@pytest.mark.parametrize(
    "line",
    [
        "tag=vip team=north closed_within=30d",
        "标签=vip 团队=north 关闭于=30天",
        "標籤=vip  團隊 = north 關閉於=30天",
        "TAG=vip Team=north closed_within=720h",
        '标签＝“vip” team="north" closed_within=30D',
    ],
)
def test_filters_may_be_typed_in_either_language(line: str) -> None:
    assert read_audience(line) == Audience(tags=("vip",), teams=("north",), closed_within=timedelta(days=30))


def test_values_parted_by_commas_are_alternatives() -> None:
    assert read_audience("标签=vip，new、old").tags == ("vip", "new", "old")


@pytest.mark.parametrize("locale", LOCALES)
def test_an_audience_is_said_in_words_that_mean_the_same_when_typed(locale: str) -> None:
    assert read_audience(audience_text(FILLED, locale)) == FILLED


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("", "empty"),
        ("vip", "not_a_filter"),
        ("tag=vip north", "not_a_filter"),
        ("city=Berlin", "unknown_key"),
        ("tag=a 标签=b", "twice"),
        ("tag=,", "no_value"),
        ("closed_within=soon", "no_span"),
        ("status=happy", "unknown_value"),
        ("issue=lost", "unknown_value"),
        ("score_at_or_below=good", "no_number"),
        ("score_at_or_below=nan", "no_number"),
    ],
)
def test_a_filter_that_is_none_is_named_with_the_reason(line: str, key: str) -> None:
    with pytest.raises(AudienceError) as wrong:
        read_audience(line)
    assert wrong.value.key == key
    for locale in LOCALES:
        assert PHRASES.say(locale, f"admin.audience.{key}", **{"known": known_filters(locale)} | wrong.value.values)


@given(line=st.text())
def test_any_text_is_an_audience_or_is_refused_with_a_reason(line: str) -> None:
    reason = _refusal(line)
    assert reason is None or f"admin.audience.{reason}" in PHRASES.texts["en"]


def _refusal(line: str) -> str | None:
    try:
        read_audience(line)
    except AudienceError as wrong:
        return wrong.key
    return None

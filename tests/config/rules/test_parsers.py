"""The words, shares and moments of rules.toml."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from config.errors import InvalidValue
from config.rules.parsers import (
    LONGEST_TEXT,
    STATUSES,
    names_of,
    read_moment,
    read_names,
    read_recurrence,
    read_rule_flag,
    read_score,
    read_share,
    read_text,
    word_of,
)
from dialogs.campaign.model import CampaignKind


@pytest.mark.parametrize(
    ("written", "means"), [(["a", "b", "a"], ("a", "b")), ("a, b", ("a", "b")), (["vip"], ("vip",))]
)
def test_names_are_read_each_once(written: object, means: tuple[str, ...]) -> None:
    assert read_names(written) == means


@pytest.mark.parametrize("written", [[], "", " , "], ids=repr)
def test_an_empty_list_of_names_would_match_nothing_and_is_refused(written: object) -> None:
    with pytest.raises(InvalidValue, match="nothing can ever match"):
        read_names(written)


def test_only_known_names_are_taken_where_they_are_known() -> None:
    assert names_of(*STATUSES)(["partial", "expired"]) == ("partial", "expired")
    with pytest.raises(InvalidValue, match="'done' is not possible here"):
        names_of(*STATUSES)(["partial", "done"])


@pytest.mark.parametrize("kind", list(CampaignKind))
def test_a_word_of_an_enumeration_is_read(kind: CampaignKind) -> None:
    assert word_of(CampaignKind)(kind.value) is kind


@pytest.mark.parametrize("written", ["Survey", "mail", "", None, 1], ids=repr)
def test_a_word_of_none_is_refused_and_the_possible_ones_are_told(written: object) -> None:
    with pytest.raises(InvalidValue, match="is not possible here") as wrong:
        word_of(CampaignKind)(written)
    assert set(CampaignKind) <= set(wrong.value.fix.removeprefix("Write ").removesuffix(".").split(" or "))


@pytest.mark.parametrize("written", ["true", 1, 0, None, "no"], ids=repr)
def test_a_flag_in_toml_is_not_quoted(written: object) -> None:
    with pytest.raises(InvalidValue, match="is neither true nor false"):
        read_rule_flag(written)


def test_a_flag_is_itself() -> None:
    assert (read_rule_flag(True), read_rule_flag(False)) == (True, False)  # noqa: FBT003 (it is what is read)


@pytest.mark.parametrize(
    ("written", "means"),
    [(0, 0.0), (1, 1.0), (0.2, 0.2), ("0.25", 0.25), ("10%", 0.1), (" 12.5 % ", 0.125), ("20％", 0.2), ("100%", 1.0)],
    ids=repr,
)
def test_a_share_is_read_as_a_number_or_a_percentage(written: object, means: float) -> None:
    assert read_share(written) == pytest.approx(means)


@pytest.mark.parametrize("written", ["101%", 1.5, "-1", "2"], ids=repr)
def test_more_than_everything_and_less_than_nothing_are_no_shares(written: object) -> None:
    with pytest.raises(InvalidValue, match="is no share"):
        read_share(written)


@pytest.mark.parametrize("written", ["%", "half", "10 percent", None, True], ids=repr)
def test_what_is_no_number_is_no_share(written: object) -> None:
    with pytest.raises(InvalidValue, match="is not a number"):
        read_share(written)


@pytest.mark.parametrize(("written", "means"), [(None, None), (3, 3.0), ("2.5", 2.5)], ids=repr)
def test_a_score_is_read_or_left_out(written: object, means: float | None) -> None:
    assert read_score(written) == means


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-01T00:00:00+08:00",
        "2026-10-31T16:00:00Z",
        datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime(2026, 10, 31, 16, tzinfo=UTC),
    ],
    ids=repr,
)
def test_an_instant_is_read_as_utc(written: object) -> None:
    assert read_moment(written) == datetime(2026, 10, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2026-11-01T00:00:00", "2026-11-01", "soon", "", 5], ids=repr)
def test_a_moment_without_its_offset_is_refused(written: object) -> None:
    with pytest.raises(InvalidValue, match="is no instant"):
        read_moment(written)


def test_no_moment_is_none() -> None:
    assert read_moment(None) is None


@pytest.mark.parametrize("written", ["One line.", "Two\nlines.", "x" * LONGEST_TEXT], ids=repr)
def test_a_text_is_read_in_its_lines(written: str) -> None:
    assert read_text(f"  {written}\n") == written


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "There are no words in it."),
        (" \n ", "There are no words in it."),
        (5, "There are no words in it."),
        ("x" * (LONGEST_TEXT + 1), f"The text has {LONGEST_TEXT + 1} characters."),
    ],
    ids=repr,
)
def test_no_words_and_too_many_are_refused(written: object, problem: str) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read_text(written)
    assert wrong.value.problem == problem


@pytest.mark.parametrize(
    "written", ["daily 10:00", "weekly mon,thu 10:00", "monthly last 10:00", "quarterly 1 10:00", "yearly 02-29 10:00"]
)
def test_a_recurrence_is_read_as_it_is_written(written: str) -> None:
    assert read_recurrence(written) == written


@pytest.mark.parametrize(
    "written", ["", "sometimes", "daily", "daily 25:00", "weekly xyz 10:00", "61 10 * * *", None], ids=repr
)
def test_what_never_comes_again_is_refused_in_a_sentence(written: object) -> None:
    with pytest.raises(InvalidValue) as wrong:
        read_recurrence(written)
    assert wrong.value.problem[:1].isupper() or not wrong.value.problem[:1].isalpha()
    assert wrong.value.problem.endswith(".")
    assert wrong.value.fix.endswith(".")

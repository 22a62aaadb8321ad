"""Which clocks run for a ticket: those of its targets that have begun and not ended, the strictest of each kind."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.metrics.metric_targets import MetricTarget
from scoring.metrics.ticket_clocks import running_clocks

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
MINUTE = Fraction(60)
HALF = Fraction(1, 2)


def on_the_clock(start: datetime, length: timedelta) -> datetime:
    return start + length


def target(metric: str, minutes: int, ends: tuple[str, str] | None, **cut: str) -> MetricTarget:
    return MetricTarget(f"{metric} <= {minutes}m", metric, minutes * MINUTE, is_most=True, cut=cut, ends=ends)


REPLY = target("time_to_first_reply", 30, ("opened", "first_replied"))
SITE = target("time_on_site", 120, ("requested", "onsite"))


def test_a_clock_runs_from_its_first_moment_to_its_last() -> None:
    at = {"opened": NOON, "requested": NOON}
    site_next = [("time_to_first_reply", 15, 30), ("time_on_site", 60, 120)]
    found = running_clocks([SITE, REPLY], at, {}, on_the_clock, HALF)
    assert [
        (one.target.metric, (one.warn_at - NOON).seconds // 60, (one.due_at - NOON).seconds // 60) for one in found
    ] == site_next
    replied = running_clocks([SITE, REPLY], {**at, "first_replied": NOON}, {}, on_the_clock, HALF)
    assert [one.target for one in replied] == [SITE]
    assert running_clocks([SITE], {"opened": NOON}, {}, on_the_clock, HALF) == []


def test_the_strictest_target_of_a_time_counts_and_only_those_about_the_ticket() -> None:
    gold = target("time_to_first_reply", 10, ("opened", "first_replied"), contract="gold")
    silver = target("time_to_first_reply", 5, ("opened", "first_replied"), contract="silver")
    found = running_clocks([REPLY, gold, silver], {"opened": NOON}, {"contract": "gold"}, on_the_clock, HALF)
    assert [one.target for one in found] == [gold]
    assert running_clocks([silver], {"opened": NOON}, {}, on_the_clock, HALF) == []


def test_a_target_of_a_figure_or_of_an_issue_is_no_clock_of_a_ticket() -> None:
    csat, claim = MetricTarget("csat >= 95", "csat", Fraction(95)), target("time_to_claim", 9, None)
    assert running_clocks([csat, claim], {"opened": NOON}, {}, on_the_clock, HALF) == []


@given(st.integers(1, 10_000), st.fractions(Fraction(1, 100), Fraction(99, 100)))
def test_a_warning_comes_after_the_beginning_and_before_the_end(minutes: int, share: Fraction) -> None:
    (clock,) = running_clocks(
        [target("a..b", minutes, ("opened", "solved"))], {"opened": NOON}, {}, on_the_clock, share
    )
    assert clock.start < clock.warn_at < clock.due_at

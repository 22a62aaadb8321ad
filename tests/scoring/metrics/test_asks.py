"""Metrics of asking: how each survey status counts, and the shares over them."""

from collections.abc import Iterable
from fractions import Fraction

import pytest

from scoring.metrics.asks import ask_figure, ask_parts, disposition
from scoring.metrics.facts import AskCount
from scoring.metrics.figure import SampleSize

KEYS = {"team": "north"}


def ask(status: str, n: int = 1, reason: str = "", *, sent: int = 0, started: int = 0) -> AskCount:
    return AskCount(KEYS, status, n, reason, sent, started)


@pytest.mark.parametrize(
    ("status", "reason", "letter"),
    [
        ("completed", "", "I"),
        ("partial", "", "P"),
        ("declined", "", "R"),
        ("cancelled", "opted_out", "R"),
        ("cancelled", "reopened", "NE"),
        ("withdrawn", "reopened", "NE"),
        ("expired", "", "NC"),
        ("unreachable", "blocked", "NC"),
        ("unreachable", "no_contact", "NC"),
        ("suppressed", "quarantine", "NE"),
        ("suppressed", "sampled_out", "NE"),
        ("scheduled", "", "pending"),
        ("sent", "", "pending"),
        ("started", "", "pending"),
        ("", "", "pending"),
    ],
)
def test_every_status_has_its_place_among_the_dispositions(status: str, reason: str, letter: str) -> None:
    assert disposition(ask(status, reason=reason)) == letter


ASKS = (
    ask("completed", 50, sent=50, started=50),
    ask("partial", 10, sent=10, started=10),
    ask("declined", 5, sent=5, started=1),
    ask("expired", 30, sent=30),
    ask("unreachable", 5, "blocked"),
    ask("suppressed", 20, "quarantine"),
    ask("started", 4, sent=4, started=4),
)


@pytest.mark.parametrize(
    ("metric", "above", "below"),
    [
        ("response_rate", 50, 99),
        ("started_rate", 65, 99),
        ("completion_rate", 50, 65),
        ("coverage", 124, 124),
        ("aapor_rr1", 50, 100),
        ("aapor_rr2", 60, 100),
        ("aapor_coop1", 50, 65),
        ("aapor_ref1", 5, 100),
        ("aapor_con1", 65, 100),
    ],
)
def test_each_rate_over_the_same_asks(metric: str, above: int, below: int) -> None:
    told = ask_figure(metric, {}, ASKS)
    assert (told.numerator, told.denominator) == (Fraction(above), Fraction(below))
    assert told.value == Fraction(100 * above, below)
    parts = [ask_parts(metric, each) for each in ASKS]
    assert (sum(top for top, _ in parts), sum(bottom for _, bottom in parts)) == (above, below)


def test_what_a_rate_leaves_out_is_named_by_its_reason() -> None:
    assert ask_figure("aapor_rr1", {}, ASKS).excluded == {"quarantine": 20, "started": 4}
    assert ask_figure("response_rate", {}, ASKS).excluded == {"blocked": 5, "quarantine": 20}


def test_a_closing_without_a_record_lowers_the_coverage() -> None:
    told = ask_figure("coverage", {}, [*ASKS, ask("", 4)])
    assert (told.numerator, told.denominator) == (Fraction(124), Fraction(128))


def test_an_ask_of_a_campaign_is_no_closing() -> None:
    campaign = AskCount(KEYS, "completed", 7, sent=7, started=7, is_closing=False)
    assert ask_figure("closings", {}, [campaign]).value == 0
    assert ask_figure("asked", {}, [campaign]).value == 7


@pytest.mark.parametrize(("n", "state"), [(0, "empty"), (4, "few"), (5, "small"), (29, "small"), (30, "full")])
def test_the_number_of_cases_decides_what_may_be_concluded(n: int, state: str) -> None:
    counted: Iterable[AskCount] = [ask("completed", n, sent=n)] if n else []
    told = ask_figure("response_rate", {}, counted)
    assert told.state is SampleSize(state)
    assert (told.value is None) == (n < 5)
    assert (told.interval is None) == (n < 5)


def test_what_was_entered_unasked_is_an_answer_and_belongs_into_no_rate() -> None:
    keys = {"team": "north"}
    asked = AskCount(keys, "completed", 6, sent=6, started=6)
    entered = AskCount(keys, "entered", 4, is_closing=False)
    assert ask_figure("answered", {}, [asked, entered]).value == 10
    assert ask_figure("asked", {}, [asked, entered]).value == 6
    for metric in ("response_rate", "started_rate", "completion_rate", "coverage", "aapor_rr1", "aapor_coop1"):
        both, alone = ask_figure(metric, {}, [asked, entered]), ask_figure(metric, {}, [asked])
        assert (both.value, both.n, both.numerator) == (alone.value, alone.n, alone.numerator), metric
        assert both.excluded == {"entered": 4}
    assert disposition(entered) == "NE"

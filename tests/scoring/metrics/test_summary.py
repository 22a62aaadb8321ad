"""Summaries: every cell of a cut, what is withheld among them, and that parts add up to the whole."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.comparison import ChangeVerdict
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, MetricSource
from scoring.metrics.facts import AskCount, Facts, IssueFact, RatingCount
from scoring.metrics.figure import SampleSize
from scoring.metrics.summary import comparable, metrics_for, summarize, with_changes
from scoring.scale import FIVE
from scoring.values import replace

NO_KEYS = dict.fromkeys(METRIC_KEYS[MetricSource.RATINGS], "")
RATINGS = st.lists(
    st.builds(
        lambda team, agent, question, value, n: RatingCount(
            {**NO_KEYS, "team": team, "agent": team + agent, "question": question, "dimension": question},
            FIVE,
            value,
            n,
        ),
        st.sampled_from(["north", "south", "west"]),
        st.sampled_from(["1", "2"]),
        st.sampled_from(["attitude", "convenience"]),
        st.integers(1, 5),
        st.integers(1, 12),
    ),
    max_size=20,
)


@given(RATINGS)
def test_the_cells_of_every_cut_add_up_to_the_whole(ratings: list[RatingCount]) -> None:
    facts, metrics = Facts(tuple(ratings)), [CATALOGUE["csat"]]
    (whole,) = summarize(facts, (), metrics, is_over=True).figures
    for by in (("team",), ("agent",), ("question",), ("team", "agent"), ("team", "question"), ("dimension",)):
        figures = summarize(facts, by, metrics, is_over=True).figures
        assert sum(figure.n for figure in figures) == whole.n
        shown = [figure for figure in figures if figure.numerator is not None]
        if whole.numerator is not None and len(shown) == len(figures):
            assert sum(figure.numerator or 0 for figure in shown) == whole.numerator


@given(RATINGS)
def test_no_cell_of_fewer_than_five_people_has_a_value(ratings: list[RatingCount]) -> None:
    for by in ((), ("team",), ("agent",), ("agent", "question")):
        for figure in summarize(Facts(tuple(ratings)), by, [CATALOGUE["mean"]], is_over=True).figures:
            is_shown = figure.state in (SampleSize.SMALL, SampleSize.FULL)
            assert (figure.value is not None) == is_shown
            assert figure.people >= 5 or not is_shown


def test_what_may_still_change_is_provisional() -> None:
    asks = (AskCount(NO_KEYS, "completed", 9, sent=9, started=9),)
    waiting = (*asks, AskCount(NO_KEYS, "sent", 1, sent=1))
    for counted, is_over, expected in ((asks, True, False), (asks, False, True), (waiting, True, True)):
        (rate,) = summarize(Facts(asks=counted), (), [CATALOGUE["response_rate"]], is_over=is_over).figures
        assert rate.provisional is expected


def test_only_cuts_over_which_disclosure_is_decided_are_offered_for_ratings() -> None:
    assert CATALOGUE["csat"] in metrics_for(("question", "team"))
    assert CATALOGUE["csat"] in metrics_for(("agent", "team"))
    assert CATALOGUE["csat"] not in metrics_for(("team", "product"))
    assert CATALOGUE["response_rate"] in metrics_for(("team", "product"))
    assert CATALOGUE["time_to_claim"] not in metrics_for(("product",))


def _answers(values: list[int], question: str = "attitude") -> tuple[RatingCount, ...]:
    keys = {**NO_KEYS, "team": "north", "question": question, "dimension": question}
    return tuple(RatingCount(keys, FIVE, value, 1) for value in values)


def test_figures_are_compared_where_everybody_gave_one_answer() -> None:
    before, now = Facts(_answers([2] * 20)), Facts(_answers([5] * 20))
    metrics = [CATALOGUE["mean"], CATALOGUE["csat"]]
    earlier, later = (summarize(facts, ("team",), metrics, is_over=True) for facts in (before, now))
    compared = with_changes(comparable(later, now), {"previous": comparable(earlier, before)}).figures
    assert [one.change.verdict if one.change else None for one in compared] == [ChangeVerdict.HIGHER] * 2
    assert [one.change.before if one.change else None for one in compared] == [2, 0]


def test_answers_of_one_person_to_several_questions_are_set_side_by_side_and_not_tested() -> None:
    before = Facts((*_answers([2] * 20), *_answers([2] * 20, "convenience")))
    now = Facts((*_answers([5] * 20), *_answers([5] * 20, "convenience")))
    for by, expected in (((), [ChangeVerdict.NOT_TESTED]), (("question",), [ChangeVerdict.HIGHER] * 2)):
        earlier, later = (summarize(facts, by, [CATALOGUE["mean"]], is_over=True) for facts in (before, now))
        compared = with_changes(comparable(later, now), {"previous": comparable(earlier, before)}).figures
        assert [one.change.verdict if one.change else None for one in compared] == expected


def test_figures_of_issues_are_provisional_while_one_is_open() -> None:
    keys = dict.fromkeys(METRIC_KEYS[MetricSource.ISSUES], "")
    done = IssueFact(keys, "complaint", False, Fraction(60), Fraction(90), True, False, False)  # noqa: FBT003 (fields)
    waiting = replace(done, resolved_after=None, done=False)
    metrics = [CATALOGUE[metric] for metric in ("complaints_resolved", "complaints_judged", "complaints")]
    for issues, expected in (((done,) * 6, [False] * 3), (((done,) * 5 + (waiting,)), [True, True, False])):
        figures = summarize(Facts(issues=issues), (), metrics, is_over=True).figures
        assert [figure.provisional for figure in figures] == expected

"""Over all cuts and metrics of a random company, no two figures differ by what fewer than five customers said."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, MetricSource
from scoring.metrics.facts import Facts, RatingCount
from scoring.metrics.ratings import rating_parts
from scoring.metrics.summary import metrics_for, summarize
from scoring.scale import FIVE, Scale

FEWEST = 5
NO_KEYS = dict.fromkeys(METRIC_KEYS[MetricSource.RATINGS], "")
VARIED = ("team", "agent", "product", "channel", "question")
CUTS = [
    *((), ("team",), ("agent",), ("product",), ("channel",), ("question",), ("dimension",), ("survey",)),
    *(("team", "agent"), ("team", "question"), ("question", "product"), ("dimension", "agent")),
]
METRICS = [metric for metric in CATALOGUE.values() if metric.source is MetricSource.RATINGS]
SCALES = {"attitude": FIVE, "first_time": FIVE, "recommend": Scale(0, 10)}
RESPONSES = st.tuples(
    st.integers(0, 13),
    st.sampled_from(["north", "south"]),
    st.sampled_from(["a1", "a2"]),
    st.sampled_from(["p1", "p2"]),
    st.sampled_from(["telegram", "paper"]),
    st.frozensets(st.sampled_from(sorted(SCALES)), min_size=1),
)
Response = tuple[int, str, str, str, str, frozenset[str]]
Answer = tuple[int, int, str]
"""The number of a response, its customer, and the question."""


def counts_of(responses: list[Response]) -> Iterator[tuple[Answer, RatingCount]]:
    """Yield each answer with what it counts as."""
    for number, (customer, team, agent, product, channel, questions) in enumerate(responses):
        for question in sorted(questions):
            keys = {**NO_KEYS, "team": team, "agent": agent, "product": product, "channel": channel, "survey": "visit"}
            keys |= {"question": question, "dimension": "solved" if question == "first_time" else question}
            count = RatingCount(keys, SCALES[question], 4, 1, person=f"c{customer}")
            yield (number, customer, question), count


def facts_of(responses: list[Response]) -> Facts:
    often = Counter(customer for customer, *_ in responses)
    every = list(counts_of(responses))
    return Facts(
        tuple(count for _, count in every), repeated=tuple(count for (_, one, _), count in every if often[one] > 1)
    )


def shown(responses: list[Response]) -> dict[tuple[str, tuple[str, ...]], set[frozenset[Answer]]]:
    """Return by metric and cut, for each figure with a value, the answers that it is made of."""
    facts, every = facts_of(responses), list(counts_of(responses))
    found = defaultdict[tuple[str, tuple[str, ...]], set[frozenset[Answer]]](set)
    for by in CUTS:
        for figure in summarize(facts, by, [one for one in METRICS if one in metrics_for(by)], is_over=True).figures:
            if figure.value is not None:
                found[figure.metric, by].add(
                    frozenset(
                        answer
                        for answer, count in every
                        if all(count.keys[key] == value for key, value in figure.cut.items())
                        and rating_parts(figure.metric, count) is not None
                    )
                )
    return found


def customers(answers: frozenset[Answer]) -> int:
    return len({customer for _, customer, _ in answers})


@pytest.mark.proof
@given(st.lists(RESPONSES, max_size=45))
@settings(max_examples=25)
def test_no_figure_less_those_inside_it_is_of_fewer_than_five_customers(responses: list[Response]) -> None:
    cuts = shown(responses)
    figures = {answers for several in cuts.values() for answers in several}
    assert all(customers(answers) >= FEWEST for answers in figures)
    assert [(one, two) for one in figures for two in figures if two < one and customers(one - two) < FEWEST] == []
    for whole in figures:
        for parts in cuts.values():
            rest = whole.difference(*(part for part in parts if part <= whole))
            assert not 0 < customers(rest) < FEWEST


def nine_and(*others: tuple[str, int]) -> list[Response]:
    """Return nine customers who answered everything in the north, and others who were asked less in the south."""
    every = [(number, "north", "a1", "p1", "paper", frozenset(SCALES)) for number in range(9)]
    asked = [question for question, n in others for _ in range(n)]
    return [*every, *((20 + n, "south", "a1", "p1", "paper", frozenset({one})) for n, one in enumerate(asked))]


def test_nps_of_a_team_is_not_told_where_two_of_the_others_recommended() -> None:
    """Both teams have nine people, but all but north said only twice whether they would recommend."""
    facts = facts_of(nine_and(("attitude", 7), ("recommend", 2)))
    figures = summarize(facts, ("team",), [CATALOGUE["nps"], CATALOGUE["csat"]], is_over=True).figures
    told = {(one.metric, one.cut["team"]): one.state.value for one in figures}
    assert told["csat", "north"] == told["csat", "south"] == "small"
    assert (told["nps", "north"], told["nps", "south"]) == ("withheld", "few")
    (whole,) = summarize(facts, (), [CATALOGUE["nps"]], is_over=True).figures
    assert (whole.state.value, whole.n) == ("small", 11)


def test_the_order_in_which_keys_are_asked_for_tells_no_more() -> None:
    facts = facts_of(nine_and(("attitude", 7), ("recommend", 2)))
    for key in ("question", "dimension"):
        for metric in METRICS:
            one, other = (
                {(figure.cut["team"], figure.cut[key]): figure.state for figure in found.figures}
                for found in (
                    summarize(facts, ("team", key), [metric], is_over=True),
                    summarize(facts, (key, "team"), [metric], is_over=True),
                )
            )
            assert one == other, metric.id

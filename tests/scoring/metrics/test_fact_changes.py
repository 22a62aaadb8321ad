"""What has happened to what figures were computed from is told by kind, from counts alone."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import permutations

import pytest

from scoring.metrics.fact_changes import ChangeKind, FactTally, fact_changes, facts_digest, tally_facts
from scoring.metrics.facts import AskCount, Facts, IssueFact, RatingCount, VisitFact
from scoring.scale import FIVE
from scoring.values import replace

KEYS = ("team", "agent", "station", "area", "product", "category", "service_type", "source_channel", "tier")
EMPTY = dict.fromkeys((*KEYS, "survey", "channel", "question", "dimension"), "")
GIVEN = RatingCount(EMPTY | {"team": "north", "survey": "s", "question": "care"}, FIVE, 4, 7)
GOES_ON = replace(GIVEN, excluded="unfinished")
BAD = replace(GIVEN, excluded="malicious")
SOUTH = replace(GIVEN, keys=dict(GIVEN.keys) | {"team": "south"})
GOLD = replace(GIVEN, keys=dict(GIVEN.keys) | {"tier": "gold"})
ASK = AskCount(EMPTY, "completed", 3, sent=3, started=3)
WAITS = AskCount(EMPTY, "sent", 2, sent=2)
ISSUE = IssueFact({"team": "north"}, "low_score", True, None, None, False, False, False)  # noqa: FBT003 (as read)
VISIT = VisitFact({"team": "north"}, Fraction(60), None, Fraction(7200), on_time=True)
Told = list[tuple[str, int, str]]


def ratings(*counts: RatingCount, by: Sequence[str] = ()) -> FactTally:
    return tally_facts(Facts(counts), by)


def told(before: FactTally, now: FactTally) -> Told:
    return [(one.kind, one.n, one.reason) for one in fact_changes(before, now)]


def many(one: RatingCount, n: int, value: int = 4) -> RatingCount:
    return replace(one, n=n, value=value)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((GIVEN,), (GIVEN,), []),
        ((), (many(GIVEN, 3),), [("late", 3, "")]),
        ((GIVEN,), (many(GIVEN, 9),), [("late", 2, "")]),
        ((many(GOES_ON, 2),), (many(GIVEN, 2),), [("late", 2, "")]),
        ((many(GOES_ON, 2),), (many(GIVEN, 2, 5),), [("late", 2, "")]),
        ((), (many(GOES_ON, 2),), [("unfinished", 2, "")]),
        ((GIVEN,), (many(GIVEN, 6), many(GIVEN, 1, 5)), [("corrected", 1, "")]),
        ((many(BAD, 2),), (many(BAD, 1), many(BAD, 1, 5)), [("corrected", 1, "malicious")]),
        ((GIVEN,), (many(GIVEN, 5), many(BAD, 2)), [("excluded", 2, "malicious")]),
        ((GIVEN,), (many(GIVEN, 6), many(BAD, 1, 1)), [("excluded", 1, "malicious")]),
        ((many(GOES_ON, 1),), (many(replace(GIVEN, excluded="reopened"), 1),), [("excluded", 1, "reopened")]),
        ((GIVEN,), (GIVEN, many(BAD, 1)), [("late", 1, ""), ("excluded", 1, "malicious")]),
        ((many(BAD, 2),), (many(GIVEN, 2),), [("counted_again", 2, "")]),
        ((GIVEN,), (many(GIVEN, 6),), [("taken_back", 1, "")]),
        ((GIVEN, BAD), (), [("taken_back", 14, "")]),
        (
            (GIVEN, many(GOES_ON, 1, 1)),
            (many(GIVEN, 8), many(GIVEN, 1, 1), many(replace(GIVEN, excluded="test"), 1, 2)),
            [("late", 3, ""), ("excluded", 1, "test")],
        ),
    ],
    ids=[
        "nothing",
        "the first answers",
        "two more",
        "two interviews have ended",
        "ended with a correction",
        "two interviews have begun",
        "one is corrected",
        "one that does not count is corrected",
        "two are excluded",
        "one is corrected, then excluded",
        "one is reopened before it ended",
        "one comes and one is excluded",
        "two count again",
        "one is taken back",
        "all are taken back",
        "several at once",
    ],
)
def test_ratings_have_changed(before: Iterable[RatingCount], now: Iterable[RatingCount], expected: Told) -> None:
    assert told(ratings(*before), ratings(*now)) == expected


def test_an_erasure_is_told_where_the_tier_is_a_key_and_counts_nobody_twice() -> None:
    assert told(ratings(GOLD, by=["tier"]), ratings(GIVEN, by=["tier"])) == [("erased", 7, "")]
    assert told(ratings(GOLD), ratings(GIVEN)) == [], "no published cut tells it apart"
    assert facts_digest(Facts((GOLD,))) != facts_digest(Facts((GIVEN,))), "and the digest does"


def test_changes_in_two_cells_do_not_make_up_for_each_other() -> None:
    before, now = (many(GIVEN, 6), many(SOUTH, 2)), (many(GIVEN, 5), many(SOUTH, 3))
    assert told(ratings(*before, by=["team"]), ratings(*now, by=["team"])) == [("late", 1, ""), ("taken_back", 1, "")]


def test_surveys_closings_and_issues_have_changed() -> None:
    before = tally_facts(Facts((), (ASK, WAITS), (ISSUE,), (VISIT,)), ())
    ended = (replace(ASK, n=4), replace(WAITS, n=1), AskCount(EMPTY, "suppressed", 2, "quarantine"))
    done = replace(ISSUE, done=True, resolved_after=Fraction(60))
    assert told(before, tally_facts(Facts((), ended, (done,), (VISIT,)), ())) == [
        ("outcomes", 1, ""),
        ("closings", 2, ""),
        ("issues", 1, ""),
    ]
    assert told(before, tally_facts(Facts((), (ASK, WAITS), (ISSUE, ISSUE), (VISIT,)), ())) == [("issues", 1, "")]


def test_a_visit_that_another_follows_is_told_and_a_late_closing_is_not_one() -> None:
    again = replace(VISIT, repaired_again="desk/9", is_thing_known=True)
    before = tally_facts(Facts(visits=(VISIT, VISIT)), ())
    assert told(before, tally_facts(Facts(visits=(VISIT, again)), ())) == [("visits", 1, "")]
    assert told(before, tally_facts(Facts(visits=(VISIT, VISIT, again)), ())) == []
    assert facts_digest(Facts(visits=(VISIT,))) != facts_digest(Facts(visits=(again,)))


def test_sheets_have_come_and_have_been_corrected() -> None:
    before = FactTally(sheets=(("asm_1", 1), ("asm_2", 1)))
    now = FactTally(sheets=(("asm_1", 2), ("asm_2", 1), ("asm_3", 1)))
    assert told(before, now) == [("sheets", 1, ""), ("sheets_corrected", 1, "")]
    assert told(now, now) == []


def test_what_people_have_entered_is_told_once_for_each_entry() -> None:
    before, now = FactTally(entries=(("ent_1", 1), ("ent_2", 1))), FactTally(entries=(("ent_2", 2), ("ent_3", 1)))
    assert told(before, now) == [("entries", 3, "")]
    assert told(now, now) == []


def test_the_digest_knows_no_order_and_no_way_of_counting() -> None:
    facts = (many(GIVEN, 3), many(GIVEN, 4), SOUTH, BAD)
    digests = {facts_digest(Facts(order, (ASK, WAITS))) for order in permutations(facts)}
    parts = (replace(ASK, n=n, sent=n, started=n) for n in (1, 2))
    together = Facts((GIVEN, SOUTH, BAD), (WAITS, *parts))
    assert digests == {facts_digest(together)}


@pytest.mark.parametrize(
    "changed",
    [
        Facts((many(GIVEN, 6),), (ASK,), (ISSUE,), (VISIT,)),
        Facts((replace(GIVEN, value=5),), (ASK,), (ISSUE,), (VISIT,)),
        Facts((BAD,), (ASK,), (ISSUE,), (VISIT,)),
        Facts((GIVEN,), (replace(ASK, started=2),), (ISSUE,), (VISIT,)),
        Facts((GIVEN,), (ASK,), (replace(ISSUE, confirmed=True),), (VISIT,)),
        Facts((GIVEN,), (ASK,), (ISSUE,), (replace(VISIT, on_time=False),)),
        Facts((GIVEN,), (ASK,), (ISSUE,), (VISIT, VISIT)),
    ],
    ids=["one less", "another value", "excluded", "not begun", "confirmed", "late", "one more visit"],
)
def test_the_digest_changes_with_whatever_a_figure_is_computed_from(changed: Facts) -> None:
    assert facts_digest(changed) != facts_digest(Facts((GIVEN,), (ASK,), (ISSUE,), (VISIT,)))


def test_every_kind_has_its_words_in_every_language() -> None:
    from config.locale.phrases import load_phrases  # noqa: PLC0415 (the only one here that reads files)

    phrases = load_phrases(default="en")
    for locale in phrases.texts:
        lines = [phrases.say(locale, f"published.{kind}", n=3, reason="test") for kind in ChangeKind]
        assert len(set(lines)) == len(ChangeKind)

"""What came after a closing: the same fault of the same thing, the same problem again, or nothing of that kind."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.metrics.repeats import (
    CONTACT_AGAIN_WITHIN,
    REPAIRED_AGAIN_WITHIN,
    Sequel,
    Served,
    contacts_again,
    repairs_again,
    sequels,
    thing_of,
)
from scoring.values import replace

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def served(ticket: str, day: float = 0, number: int = 1, **said: Any) -> Served:  # noqa: ANN401 (fields of Served)
    """Return a closing of Mei's washing machine that day, asked for that day, too."""
    at = NOON + day * DAY
    about = {"customer": "mei", "thing": "SN-1", "fault": "漏水", "kind": "水路", **said}
    return Served(("desk", ticket, number), at, at, **about)


def after(*closings: Served) -> dict[str, Sequel]:
    """Return what came after each, by ticket and number."""
    return {f"{ticket}#{number}": sequel for (_, ticket, number), sequel in sequels(closings).items()}


def ticket_of(one: Served | None) -> str | None:
    return None if one is None else one.key[1]


def test_the_next_one_of_the_same_thing_and_fault_repeats_it_and_is_repeated_itself() -> None:
    found = after(served("1"), served("2", 10), served("3", 35))
    assert [ticket_of(found[name].repaired) for name in ("1#1", "2#1", "3#1")] == ["2", "3", None]
    assert [ticket_of(found[name].first) for name in ("1#1", "2#1", "3#1")] == [None, "1", "2"]


@pytest.mark.parametrize(("days", "is_repeated"), [(0.01, True), (30, True), (30.01, False)])
def test_a_repair_has_to_hold_for_thirty_days(days: float, is_repeated: bool) -> None:  # noqa: FBT001 (a row)
    assert timedelta(days=30) == REPAIRED_AGAIN_WITHIN
    assert (after(served("1"), served("2", days))["1#1"].repaired is not None) is is_repeated


@pytest.mark.parametrize(("days", "is_asked"), [(6.9, True), (7, True), (7.1, False)])
def test_contact_again_is_the_same_customers_same_problem_within_seven_days(days: float, is_asked: bool) -> None:  # noqa: FBT001 (a row)
    assert timedelta(days=7) == CONTACT_AGAIN_WITHIN
    later = served("2", days, thing="SN-2", fault="滴水")
    assert (after(served("1"), later)["1#1"].asked is not None) is is_asked


@pytest.mark.parametrize(
    ("said", "is_same"),
    [
        ({}, True),
        ({"fault": "异响"}, True),  # of the same type
        ({"kind": "电路"}, True),  # in the same words
        ({"fault": "异响", "kind": "电路"}, False),
        ({"fault": "", "kind": ""}, True),  # nothing is told but the thing
        ({"fault": "", "kind": "电路"}, False),
        ({"fault": "异响", "kind": ""}, False),
        ({"fault": "漏 水！", "kind": ""}, True),
        ({"thing": "SN-2"}, False),
        ({"thing": ""}, False),
    ],
)
def test_the_fault_is_the_same_by_its_words_or_its_type(said: dict[str, Any], is_same: bool) -> None:  # noqa: FBT001 (a row)
    assert (after(served("1"), served("2", 5, **said))["1#1"].repaired is not None) is is_same


def test_whoever_else_has_such_a_problem_does_not_ask_again() -> None:
    assert after(served("1"), served("2", 1, customer="li", thing="SN-2"))["1#1"] == Sequel()
    nameless = [served("1", kind="", thing=""), served("2", 1, kind="", thing="")]
    assert after(*nameless)["1#1"] == Sequel()


def test_two_tickets_that_were_open_at_once_do_not_repeat_each_other() -> None:
    later = replace(served("2", 3), began_at=NOON - DAY)
    assert after(served("1"), later)["1#1"] == Sequel()
    asked_later = replace(later, began_at=NOON + DAY)
    assert ticket_of(after(served("1"), asked_later)["1#1"].repaired) == "2"


def test_a_ticket_closed_twice_was_repaired_twice_whatever_is_known_of_it() -> None:
    first = served("1", thing="", kind="", fault="")
    found = after(first, served("1", 2, number=2, thing="", kind="", fault="别的"))
    assert found["1#1"].repaired is not None
    assert found["1#1"].repaired.key == ("desk", "1", 2)
    assert found["1#1"].asked is not None
    assert found["1#2"].first == first


def test_the_order_in_which_closings_are_told_changes_nothing() -> None:
    closings = [served("1"), served("2", 3), served("3", 3), served("4", 9, thing="SN-2"), served("5", 40)]
    expected = sequels(closings)
    assert all(sequels(order) == expected for order in permutations(closings))


MANY = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from("ab"), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "k"])),
    max_size=12,
)


@given(MANY)
def test_whatever_happened_a_sequel_is_later_in_time_and_points_back(
    told: list[tuple[int, str, str, str]],
) -> None:
    closings = [
        served(str(number), day, customer=who, thing=thing, kind=kind, fault="")
        for number, (day, who, thing, kind) in enumerate(told)
    ]
    by_key = {one.key: one for one in closings}
    found = sequels(closings)
    assert found.keys() == by_key.keys()
    for key, sequel in found.items():
        one = by_key[key]
        for later, within in ((sequel.repaired, REPAIRED_AGAIN_WITHIN), (sequel.asked, CONTACT_AGAIN_WITHIN)):
            if later is not None:
                assert one.closed_at <= later.closed_at <= one.closed_at + within
                assert later.key != key
        if sequel.repaired is not None:
            assert sequel.repaired.thing == one.thing != ""
        if sequel.first is not None:
            assert found[sequel.first.key].repaired == one


def test_a_thing_is_the_device_else_the_agreement_else_the_address() -> None:
    assert thing_of("mei", "SN-1", "gold", "长宁路") == thing_of("mei", "ｓｎ 1", "", "")
    assert thing_of("mei", "SN-1", "", "") != thing_of("li", "SN-1", "", "")  # a model's name is no thing
    assert thing_of("mei", "", "gold", "长宁路") == thing_of("mei", " ", "Gold", "")
    assert thing_of("mei", "", "gold", "") != thing_of("mei", "gold", "", "")
    assert thing_of("mei", "", "", "长宁路 1 号") == thing_of("li", "", "-", "长宁路1号")  # whoever lives there
    assert thing_of("mei", "", "", "") == thing_of("mei", "-", "…", " ") == ""


def test_closings_one_after_the_other_are_found_as_all_at_once() -> None:
    days = [served(str(day), day, thing=f"SN-{day % 11}", kind=str(day % 5)) for day in range(90)]
    expected = sequels(days)
    for following, name in ((repairs_again(), "repaired"), (contacts_again(), "asked")):
        found = dict[Any, Served]()
        for one in days:
            for earlier in following.next(one):
                found.setdefault(earlier.key, one)
        assert found == {key: told for key, one in expected.items() if (told := getattr(one, name)) is not None}
        assert found
    assert list(contacts_again().next(days[0])) == []


def test_a_thing_is_the_same_in_small_letters_and_in_capitals() -> None:
    assert thing_of("mei", "SN0001a", "", "") == thing_of("mei", "sn 0001-A", "", "")
    assert thing_of("mei", "SN0001a", "", "") != thing_of("mei", "SN0001b", "", "")

"""Customers of a tier with a closing, and those with complaints, are found on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.issue.model import Issue, IssueKind
from scoring.complaints import ComplaintVerdict, Judgement
from scoring.rules import Severity
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Customer
from storage.reads.customers.call_candidates import read_call_candidates
from storage.unit_of_work.changes import Record
from tests.support.database.answered import closed_visit, store_records

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def visit(number: str, at: datetime = NOON, tier: str = "", channel: str = "sandbox") -> Sequence[Record]:
    """Return a closing whose customer has a tier now."""
    records = closed_visit(number, at, {"attitude": 5}, channel=channel)
    return [replace(one, tier=tier, phone="138") if isinstance(one, Customer) else one for one in records]


def complaint(number: str, customer: str, at: datetime = NOON, verdict: ComplaintVerdict | None = None) -> Issue:
    judged = Judgement(verdict=verdict) if verdict else Judgement()
    found = Issue(f"issue-{number}", IssueKind.COMPLAINT, Severity.HIGH, at, None, customers=(customer,))
    return replace(found, judgement=judged)


async def found(store: Store, complaints: int = 2, tiers: Sequence[str] = ("vip",)) -> dict[str, int]:
    read = await read_call_candidates(store, NOON - 90 * DAY, tiers, complaints)
    return {one.customer: one.complaints for one in read}


async def test_tiers_are_found_in_any_case_with_a_closing_within_the_time(store: Store) -> None:
    await store_records(store, NOON, *visit("1", tier="VIP"), *visit("2", tier="gold"), *visit("3", tier="vip"))
    await store_records(store, NOON, *visit("4", NOON - 91 * DAY, tier="vip"))
    assert await found(store) == {"c-1": 0, "c-3": 0}
    assert await found(store, tiers=("gold", "vip")) == {"c-1": 0, "c-2": 0, "c-3": 0}
    assert await found(store, tiers=()) == {}


async def test_complaints_are_counted_by_customer_without_invalid_and_old_ones(store: Store) -> None:
    await store_records(store, NOON, *visit("1"), *visit("2"), *visit("3"), *visit("4"))
    issues = [
        complaint("a", "c-1"),
        complaint("b", "c-1", NOON - DAY, ComplaintVerdict.VALID),
        complaint("c", "c-2"),
        complaint("d", "c-2", verdict=ComplaintVerdict.INVALID),
        complaint("e", "c-3"),
        complaint("f", "c-3", NOON - 91 * DAY),
        replace(complaint("g", "c-4"), kind=IssueKind.LOW_SCORE),
        complaint("h", "c-4"),
    ]
    await store_records(store, NOON, *issues)
    assert await found(store) == {"c-1": 2}
    assert await found(store, complaints=1) == {"c-1": 2, "c-2": 1, "c-3": 1, "c-4": 1}
    assert await found(store, complaints=0) == {}


async def test_a_merged_complaint_is_one_with_the_other(store: Store) -> None:
    await store_records(store, NOON, *visit("1"))
    first = complaint("a", "c-1")
    await store_records(store, NOON, first, replace(complaint("b", "c-1"), merged_into=first.id))
    assert await found(store) == {}


@pytest.mark.parametrize(("channel", "is_called"), [("phone", True), ("sandbox", False), ("paper", False)])
async def test_what_was_answered_by_telephone_says_when_they_were_called(
    store: Store, channel: str, *, is_called: bool
) -> None:
    await store_records(store, NOON, *visit("1", tier="vip", channel=channel))
    (one,) = await read_call_candidates(store, NOON - DAY, ["vip"], 0)
    assert one.called_at == (NOON if is_called else None)
    assert (one.name, one.tier, one.has_phone, one.is_opted_out) == ("customer 1", "vip", True, False)
    assert (one.closed_at, one.complained_at) == (NOON, None)


async def test_opting_out_and_a_missing_number_are_told(store: Store) -> None:
    records = [
        replace(one, opted_out_at=NOON, phone="") if isinstance(one, Customer) else one
        for one in visit("1", tier="vip")
    ]
    await store_records(store, NOON, *records)
    (one,) = await read_call_candidates(store, NOON - DAY, ["vip"], 0)
    assert (one.has_phone, one.is_opted_out) == (False, True)

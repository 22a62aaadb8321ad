"""Findings are listed by pages with who raised them, and found when they are due, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from dialogs.improvement.model import Finding, FindingKind, FindingState, Voice
from scoring.values import replace
from storage.connection.store import Store
from storage.reads.improvement.finding_list import FindingFilter, FindingReads
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.sample_findings import full_finding
from tests.storage.samples import NOW, asked, look, person, save

MINUTE = timedelta(minutes=1)


def finding(number: int, **changed: Any) -> Finding:  # noqa: ANN401 (its fields)
    """Return a finding that was opened later than those of lower numbers."""
    made = replace(full_finding(NOW), id=f"fin_{number}", opened_at=NOW + number * MINUTE, look_at=None)
    return replace(made, **changed)


def voice(number: int, name: str = "mei", said: str = "等了两天") -> Voice:
    return Voice(f"fin_{number}", f"c-{name}", said, NOW)


@pytest.fixture(name="findings")
async def _findings(writer: Writer, store: Store) -> FindingReads:
    """Keep five findings; the first two were raised by Mei, the second by Bob, too."""
    bob = [replace(one, version=0) for one in person("bob", "43")]
    await save(
        writer,
        *person(),
        *bob,
        *asked(),
        finding(1, state=FindingState.OPEN),
        finding(2, state=FindingState.PLANNED, department="south", look_at=NOW + 2 * MINUTE),
        finding(3, state=FindingState.OVERDUE, kind=FindingKind.PHRASE, look_at=NOW + MINUTE),
        finding(4, state=FindingState.DONE, look_at=NOW + 9 * MINUTE),
        finding(5),
        voice(1),
        voice(2, "mei", "太慢"),
        voice(2, "bob", "slow"),
    )
    return FindingReads(store)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (FindingFilter(), [1, 2, 3, 4, 5]),
        (FindingFilter(states=(FindingState.OPEN,)), [1]),
        (FindingFilter(states=(FindingState.PLANNED, FindingState.OVERDUE)), [2, 3]),
        (FindingFilter(kind="phrase"), [3]),
        (FindingFilter(kind="warning", department="south"), [2]),
        (FindingFilter(department="west"), []),
    ],
)
async def test_findings_are_listed_by_what_they_are(
    findings: FindingReads, wanted: FindingFilter, found: list[int]
) -> None:
    page = await findings.page(wanted, None, 9)
    assert ([one.finding.id for one in page.items], page.next) == ([f"fin_{number}" for number in found], None)


async def test_each_page_goes_on_where_the_one_before_ended(findings: FindingReads) -> None:
    pages, cursor = [], None
    while True:
        page = await findings.page(FindingFilter(), cursor, 2)
        pages.append([one.finding.id for one in page.items])
        cursor = page.next
        if cursor is None:
            break
    assert pages == [["fin_1", "fin_2"], ["fin_3", "fin_4"], ["fin_5"]]


async def test_a_finding_comes_with_those_who_raised_it(findings: FindingReads) -> None:
    page = await findings.page(FindingFilter(), None, 9)
    assert [[(one.customer, one.said) for one in each.voices] for each in page.items] == [
        [("c-mei", "等了两天")],
        [("c-bob", "slow"), ("c-mei", "太慢")],
        [],
        [],
        [],
    ]
    found = await findings.find("fin_2")
    assert found is not None
    assert found == page.items[1]
    assert await findings.find("fin_9") is None


async def test_what_is_due_comes_first_what_fell_due_first(findings: FindingReads) -> None:
    assert [one.id for one in await findings.due(NOW)] == []
    assert [one.id for one in await findings.due(NOW + 2 * MINUTE)] == ["fin_3", "fin_2"]


async def test_who_gave_a_response_is_known(findings: FindingReads) -> None:
    assert await findings.customers_of({"int_42", "int_none"}) == {"int_42": "c-mei"}
    assert await findings.customers_of(set()) == {}


async def test_a_decision_sees_a_finding_with_its_voices(findings: FindingReads, writer: Writer) -> None:
    del findings
    seen = await look(writer, Needs(findings=frozenset({"fin_2"})))
    kept = seen.finding("fin_2")
    assert kept is not None
    assert kept == finding(2, state=FindingState.PLANNED, department="south", look_at=NOW + 2 * MINUTE, version=1)
    assert [one.customer for one in seen.voices("fin_2")] == ["c-bob", "c-mei"]
    assert (seen.finding("fin_1"), seen.voices("fin_1")) == (None, [])

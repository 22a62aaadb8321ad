"""Rules that ask different shares of their closings: figures over all of them say so, and in words."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest

from dialogs.invitation.model import Invitation, InvitationReason
from scoring.honesty.sampled_rules import SampledRule, unequal_shares
from scoring.values import replace
from storage.unit_of_work.changes import Record
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House

SUMMARY = "/api/v1/reports/summary"
NOON = datetime(2026, 10, 15, 4, tzinfo=UTC)


def _closings(rule: str, drawn: int, left_out: int, reason: InvitationReason) -> list[Record]:
    """Return closings that a rule decided: so many were asked and answered, so many not, for this reason."""
    found: list[Record] = []
    for number in range(drawn + left_out):
        at = NOON + timedelta(minutes=number)
        for one in closed_visit(f"{rule}-{number}", at, {"attitude": 4} if number < drawn else None, team=rule):
            if isinstance(one, Invitation):
                found.append(replace(one, rule=rule, reason=None if number < drawn else reason))
            else:
                found.append(one)
    return found


async def _summary(api: httpx.AsyncClient, **wanted: str) -> tuple[dict[str, int], str]:
    answer = await api.get(SUMMARY, params={"period": "2026-10", "metric": "csat", "locale": "zh-Hans", **wanted})
    told = answer.json()
    return told["sampling"], told["sampling_text"]


async def test_different_shares_are_told_with_the_figures(house: House, api: httpx.AsyncClient) -> None:
    await store_records(house.store, NOON, *_closings("north", 6, 12, InvitationReason.SAMPLED_OUT))
    await store_records(house.store, NOON, *_closings("south", 9, 0, InvitationReason.SAMPLED_OUT))
    for compare in ("", "previous"):
        sampling, text = await _summary(api, compare=compare)
        assert sampling == {"north": 3, "south": 1}
        assert text.startswith("各规则抽样比例不同：north 每 3 张问 1 张、south 全部都问。")


@pytest.mark.parametrize(
    "reason", [InvitationReason.QUARANTINE, InvitationReason.EXCLUDED, InvitationReason.NO_CONTACT]
)
async def test_who_was_not_asked_for_another_reason_was_drawn(
    house: House, api: httpx.AsyncClient, reason: InvitationReason
) -> None:
    await store_records(house.store, NOON, *_closings("north", 6, 12, reason))
    await store_records(house.store, NOON, *_closings("south", 9, 0, reason))
    assert await _summary(api) == ({}, "")


async def test_the_same_share_everywhere_is_not_worth_a_word(house: House, api: httpx.AsyncClient) -> None:
    await store_records(house.store, NOON, *_closings("north", 6, 12, InvitationReason.SAMPLED_OUT))
    await store_records(house.store, NOON, *_closings("south", 5, 11, InvitationReason.SAMPLED_OUT))
    assert await _summary(api) == ({}, "")


def test_a_rule_that_drew_nobody_yet_is_told_and_one_without_closings_is_not() -> None:
    few, none, everybody = SampledRule("few", 9, 0), SampledRule("none", 0, 0), SampledRule("all", 9, 9)
    assert unequal_shares([few, none, everybody]) == (everybody, few)
    assert [one.one_in for one in (few, everybody)] == [0, 1]
    assert unequal_shares([few, none]) == ()
    assert unequal_shares([]) == ()


@pytest.mark.proof
@pytest.mark.some(3)
@pytest.mark.parametrize("sample", [3, 5, 10])
@pytest.mark.parametrize("closings", [20, 100, 300, 3000])
def test_rules_that_draw_the_same_share_are_hardly_ever_told_to_differ(sample: int, closings: int) -> None:
    """Closings are drawn by a hash, so that the numbers drawn vary by chance."""
    wrong = sum(
        bool(unequal_shares([_drawn("north", sample, closings, number), _drawn("south", sample, closings, number)]))
        for number in range(100)
    )
    assert wrong <= 4


@pytest.mark.parametrize(("sample", "closings"), [(2, 60), (3, 40), (5, 30), (3, 3000)])
def test_a_share_beside_everybody_is_always_told(sample: int, closings: int) -> None:
    for number in range(20):
        drawn = _drawn("north", sample, closings, number)
        assert unequal_shares([drawn, SampledRule("south", 20, 20)]) != ()


def _drawn(rule: str, sample: int, closings: int, seed: int) -> SampledRule:
    keys = (f"{rule} {seed} {number}".encode() for number in range(closings))
    return SampledRule(rule, closings, sum(int.from_bytes(sha256(key).digest()[:4]) % sample == 0 for key in keys))

"""Campaigns, from the draft to the last message, by the real process: paused, killed, resumed, halted by itself."""

import asyncio
from pathlib import Path

import pytest

from tests.support.botapi import Person
from tests.support.botapi.faults import flood
from tests.support.botapi.rates import busiest
from tests.support.town.audience import Audience, audience_at
from tests.support.town.town import Json
from tests.support.town.words import said, step

BOSS = 900
PARTS = {"leave": 25, "answer": 40, "block": 50}
"""One of so many, while the campaign runs: opts out, has answered just before, has blocked us without our knowing."""
_BUNCHED = 1.2
"""So much more may arrive in a second: a commit or a machine that stalls for a fifth of it bunches what left evenly.

Exactly, single seconds are counted without a machine, where messages leave (`tests/delivery/test_campaign_pacing`).
"""


async def test_a_reminder_for_60_is_paused_killed_and_resumed_and_nobody_is_missed_or_written_to_twice(
    tmp_path: Path,
) -> None:
    async with audience_at(tmp_path, people=60) as there:
        await _paused_killed_and_resumed(there, rate=25)


@pytest.mark.proof
@pytest.mark.alone
async def test_a_reminder_for_1000_at_25_a_second_is_paused_killed_and_resumed(tmp_path: Path) -> None:
    async with audience_at(tmp_path, people=1000) as there:
        await _paused_killed_and_resumed(there, rate=25)


async def _paused_killed_and_resumed(there: Audience, rate: int) -> None:
    """Send at this rate, halt and die in the middle; then count what everybody got."""
    await there.restarted({"telegram.rate": str(rate), "telegram.admins": str(BOSS)})
    people = len(there.people)
    blocking = there.people[:: PARTS["block"]]
    for person in blocking:
        person.chat.bot = "kicked"  # and nobody told us
    boss, campaign = await _drafted_in_the_chat(there)
    preview = await there.do(campaign, "preview")
    assert (preview["audience"], preview["sends"], preview["skipped"]) == (people, people, {})
    begun = len(there.town.telegram.sends)
    await boss.taps(said("admin.campaign.button.start"))
    await there.has_sent(campaign, people // 4, within=max(20, people / rate))  # a reminder takes two calls of the rate
    await _some_have_had_enough(there)
    await _halts(there, campaign)
    await there.people[-3].says("5")  # instead of tapping, while the reminder is held back
    await there.people[-3].sees(step(2))
    await there.town.product.kill()
    await there.town.product.start()
    assert (await there.told(campaign))["status"] == "paused"
    await there.do(campaign, "resume")
    told = await there.becomes(campaign, "finished", within=120)
    await there.town.settles()
    _everybody_was_served_once(there, told, preview)
    assert told["progress"]["failed"] == len(blocking)
    assert busiest(there.town.telegram.sends[begun:]) <= rate * _BUNCHED
    again = await there.do(await there.draft(name="致歉", kind="notice", text="给您添麻烦了。"), "preview")
    assert again["skipped"]["blocked"] == len(blocking)


async def _drafted_in_the_chat(there: Audience) -> tuple[Person, str]:
    """Let an admin make the campaign by buttons; return them, and its id."""
    boss = there.town.telegram.user(BOSS, name="陈经理")
    boss.chat.bot = "member"  # pressed Start long ago
    await boss.says("/campaign")
    for label in ("button.new", "kind.reminder", "button.unfinished_7", "button.now"):
        await boss.taps(said(f"admin.campaign.{label}"))
    ((campaign,),) = there.town.ledger.rows("SELECT id FROM campaigns")
    return boss, str(campaign)


async def _some_have_had_enough(there: Audience) -> None:
    """Let some of those at the end opt out, and some answer, before the campaign comes to them."""
    for person in there.people[-1 :: -PARTS["leave"]]:
        await person.says("/stop")
    for person in there.people[-2 :: -PARTS["answer"]]:
        await person.taps("5")
        await person.answered()


async def _halts(there: Audience, campaign: str) -> None:
    """Pause it: what is under way goes, and then nothing more."""
    await there.do(campaign, "pause")
    for person in there.people[-1 :: -PARTS["leave"]]:
        await person.sees(said("notice.stopped"))
    await there.town.settles(within=15)
    before = there.received()
    await asyncio.sleep(1.5)
    assert there.received() == before
    told = await there.told(campaign)
    assert told["status"] == "paused"
    assert told["progress"]["waiting"] > 0


def _everybody_was_served_once(there: Audience, told: Json, preview: Json) -> None:
    progress = told["progress"]
    assert progress["sent"] + progress["failed"] + sum(progress["skipped"].values()) == preview["audience"]
    assert progress["waiting"] == 0
    rows = there.town.ledger.rows(
        "SELECT t.customer, t.state, t.reason, o.status FROM campaign_targets t LEFT JOIN outbox o ON o.id = t.message"
    )
    ends = {customer: status or reason for customer, _, reason, status in rows}
    assert len(ends) == len(rows) == len(there.people)
    reminded = there.reminders()
    for chat, count in reminded.items():
        assert count == (1 if ends[f"c-{chat}"] == "sent" else 0), ends[f"c-{chat}"]
    assert sum(reminded.values()) == progress["sent"]


@pytest.mark.proof
async def test_a_campaign_goes_on_exactly_wherever_a_kill_cuts_it_off(tmp_path: Path) -> None:
    async with audience_at(tmp_path, people=40) as there:
        await _killed_at(there, ["occurrence:1", "portion:1", "portion:2", "portion:3", "leased:3", "sent:8"])


async def _killed_at(there: Audience, points: list[str]) -> None:
    """Die at one point after the other while a campaign runs; what was on the wire is in doubt, and not repeated."""
    per_minute = 240
    campaign = await there.draft(name="停电", kind="notice", text="停电", per_minute=per_minute)
    product = there.town.product
    await product.kill()
    for point in points:
        await product.launch(crash_at=point)
        if point == points[0]:
            await there.is_well()
            await there.do(campaign, "start")
        await product.dies(within=60)
    await product.start()
    told = await there.becomes(campaign, "finished")
    got, states = there.got("停电"), there.town.ledger.statuses("campaign <> ''")
    in_doubt = states["unknown"]
    assert told["progress"] == {"audience": len(got), "sent": len(got) - in_doubt, "failed": in_doubt} | {
        "waiting": 0,
        "skipped": {},
    }
    assert max(got.values()) == 1
    assert busiest(there.sends_of("停电")) <= per_minute // 60 + 1  # what leaves evenly may arrive bunched
    assert sum(got.values()) >= len(got) - in_doubt


@pytest.mark.proof
async def test_a_campaign_halts_for_its_admin_and_by_itself(tmp_path: Path) -> None:
    async with audience_at(tmp_path, people=40) as there:
        await _cancelled(there)
        await _throttled(there)
        await _refused(there)


async def _cancelled(there: Audience) -> None:
    """Cancelled, it sends nothing more."""
    campaign = await there.draft(name="甲", kind="notice", text="甲：{name}您好。", per_minute=600)
    await there.do(campaign, "start")
    await there.has_sent(campaign, 5)
    await there.do(campaign, "cancel")
    await there.town.settles()
    told = await there.told(campaign)
    await asyncio.sleep(1.5)
    assert sum(there.got("甲：王女士您好。").values()) == told["progress"]["sent"] < 40
    assert told["progress"]["skipped"] == {"cancelled": 40 - told["progress"]["sent"]}


async def _throttled(there: Audience) -> None:
    """Asked for a pause three times, it halts and tells the team; resumed, it comes to its end."""
    campaign = await there.draft(name="乙", kind="notice", text="乙", per_minute=600)
    for person in there.people[:3]:
        there.town.telegram.faults.plant(flood(1), method="sendMessage", chat_id=person.chat_id)
    await there.do(campaign, "start")
    told = await there.becomes(campaign, "paused")
    assert told["why"] == "limited"
    await there.town.group.sees("自动停下了")
    ready = (await there.town.product.api.get("/readyz")).text
    assert "asked for a pause three times within five minutes; sent " in ready
    lines = [line for line in there.town.product.log.splitlines() if campaign in line and '"alarm"' in line]
    assert len(lines) == 1, lines
    await there.do(campaign, "resume")
    assert (await there.becomes(campaign, "finished"))["progress"]["sent"] == 40
    assert set(there.got("乙").values()) == {1}


async def _refused(there: Audience) -> None:
    """Refused by more than one in twenty, it halts before it has troubled everybody."""
    for person in there.people[:10]:
        person.chat.bot = "kicked"
    campaign = await there.draft(name="丙", kind="notice", text="丙", per_minute=240)  # slower than it is looked at
    await there.do(campaign, "start")
    told = await there.becomes(campaign, "paused")
    assert told["why"] == "refused"
    assert told["progress"]["waiting"] > 0

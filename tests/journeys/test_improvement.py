"""From four who wait to "you said, we did", by the real process: verified, and told to each once across a kill."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from dialogs.improvement.model import FindingState, Measure, Measured
from dialogs.time.periods import Period
from scoring.values import replace
from storage.connection.store import Store
from storage.reads.improvement.finding_list import FindingReads
from tests.support.botapi import Person
from tests.support.database.answered import closed_visit, store_records
from tests.support.town.town import Json, Town, eventually, town_at
from tests.support.town.words import said, step

DAY = timedelta(days=1)
WAITED = ("等了两天才有人来", "报修一直没人回", "约好的时间没来", "打了三次电话才接")
CHANGED = "报修后 4 小时内回电"


@pytest.mark.proof
async def test_exactly_those_who_raised_it_are_told_once_across_a_kill_and_not_who_opted_out(tmp_path: Path) -> None:
    async with town_at(tmp_path, "webhook", {"telegram.rate": "5"}, warm=True) as town:
        await town.product.start()
        people = [await town.customer(f"客户{number}") for number in range(len(WAITED))]
        stranger = await town.customer("路人")
        responses = [await _complains(town, one, words) for one, words in zip(people, WAITED, strict=True)]
        opened = {"text": "报修后等太久", "department": "北区", "by": "王芳", "kind": "recurrence"}
        finding = await town.call("POST", "/api/v1/findings", opened | {"responses": responses})
        await people[-1].says("/stop")
        await people[-1].sees(said("notice.stopped"))
        await town.settles()
        await town.product.stop()
        await _was_done_long_ago(tmp_path, str(finding["id"]))
        await town.product.launch(crash_at="portion:1")
        await eventually(lambda: _is_well(town), within=30)
        path = f"/api/v1/findings/{finding['id']}"
        verified = await eventually(lambda: _verified(town, path), within=60)
        (result,) = verified["results"]
        assert (verified["status"], result["before"]["n"], result["after"]["n"]) == ("reached", 20, 20)
        assert 0 < result["low"] < result["effect"] < result["high"]
        told = await town.call("POST", f"{path}/tell", {"by": "王经理", "words": {"zh-Hans": CHANGED}})
        await town.product.dies()
        await town.product.start()
        await eventually(lambda: _is_over(town, str(told["campaign"])))
        await town.settles()
        for person, words in zip(people[:-1], WAITED, strict=False):
            mine = [one.text for one in person.messages if CHANGED in one.text]
            assert mine == [f"您说过：“{words}”。我们改了：{CHANGED}。谢谢您。"]
        assert [one.text for one in (*people[-1].messages, *stranger.messages) if CHANGED in one.text] == []
        assert (await town.call("POST", f"{path}/tell", {"by": "王经理"}))["status"] == "told"
        await asyncio.sleep(0.5)
        assert sum(CHANGED in one.text for person in people for one in person.messages) == len(people) - 1
        await town.check()


async def _complains(town: Town, person: Person, words: str) -> str:
    ticket = f"t{person.account.id}"
    await town.put(ticket, "closed", person)
    await person.sees(step(1))
    await person.taps("1")
    await town.writes(person, words)
    await person.sees(step(2))
    return str((await town.response(ticket))["id"])


async def _is_over(town: Town, campaign: str) -> bool | None:
    return (await town.call("GET", f"/api/v1/campaigns/{campaign}"))["status"] == "finished" or None


async def _was_done_long_ago(folder: Path, finding: str) -> None:
    """Let the measure have been done a month ago, with twenty answers before it and twenty after."""
    now = datetime.now(UTC)
    measure = Measure(
        text=CHANGED,
        metric="csat",
        target="80",
        owner="李工",
        due_at=now - 40 * DAY,
        baseline=Period(now - 70 * DAY, now - 41 * DAY),
        before=Measured("25", 20),
        window=Period(now - 30 * DAY, now - 2 * DAY),
        planned_by="王经理",
        planned_at=now - 45 * DAY,
        cut=(("team", "改进"),),
    )
    before = (closed_visit(f"b{n}", now - 50 * DAY, {"attitude": 1 + 4 * (n < 5)}, team="改进") for n in range(20))
    after = (closed_visit(f"a{n}", now - 20 * DAY, {"attitude": 5 - 4 * (n < 1)}, team="改进") for n in range(20))
    async with Store.open(f"sqlite:///{folder / 'var' / 'huifang.db'}") as store:
        found = await FindingReads(store).find(finding)
        assert found is not None
        done = replace(found.finding, state=FindingState.DONE, measure=measure, done_at=now - 40 * DAY, look_at=None)
        await store_records(store, now, done, *chain.from_iterable((*before, *after)))


async def _is_well(town: Town) -> bool | None:
    return await town.product.is_well() or None


async def _verified(town: Town, path: str) -> Json | None:
    """Verify as soon as a platform has said that the clock is right."""
    answer = await town.product.api.post(f"{path}/verify", json={"by": "王经理"})
    return answer.json() if answer.is_success else None

"""From five who write of waiting to "you said, we did", through the doors of the real process under a clock that moves.

Four are in Telegram and one is in WeChat. They are warned of once, a measure is planned, reminded of and done; fourteen
answers tell nothing, more tell that it has not helped, and after the next measure that it has. Then each who had
written is told once, across a kill in the middle of it, and not who has opted out.
"""

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.botapi import Person as TelegramPerson
from tests.support.botapi.clock import wall_clock
from tests.support.time.shifted import ShiftedClock, Witness, witness_before
from tests.support.town.town import Json, Town, eventually, town_at
from tests.support.town.wechat_town import closing_in_wechat, wechat_settings
from tests.support.town.words import said, step
from tests.support.wechat import FakeWeChat
from tests.support.wechat import Person as WechatPerson

WAITED = ("等了两天才有人来", "等了三天没人上门", "等太久了，一直没人来", "等了好久才来")
IN_WECHAT = "等了一个星期才来修"
TRIED, CHANGED = "派单前先打电话", "报修后 4 小时内回电"
WARNED = "7天里，已经有"
HOME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Months:
    """A town whose months pass when a test says so; `wechat` is the other platform."""

    town: Town
    wechat: FakeWeChat
    clock: ShiftedClock
    witness: Witness
    ahead: list[float]
    begun: date

    def day(self, number: int) -> str:
        """Return the date of a day of the journey."""
        return (self.begun + timedelta(days=number)).isoformat()

    def passes(self, until: int) -> None:
        """Let time pass to a day of the journey, for the machine and everybody else."""
        self.clock.set(timedelta(days=until))
        self.witness.ahead = timedelta(days=until)
        self.ahead[0] = timedelta(days=until).total_seconds()

    async def restarts(self, until: int, **settings: str) -> None:
        """Start the product again on that day, with a clock that is known to be right: then it looks at what is due."""
        product = self.town.product
        if product.process is not None:
            await product.stop()
        self.passes(until)
        now = datetime.now(UTC) + timedelta(days=until)
        known = json.dumps({"known": now.isoformat(), "frame": now.isoformat(), "ran": 0})
        with closing(sqlite3.connect(self.town.ledger.file)) as database, database:
            database.execute("UPDATE notes SET value = ?, at = ? WHERE key = 'clock'", (known, f"{now:%FT%T.%fZ}"))
        product.settings = {**product.settings, **{key.replace("_", "."): value for key, value in settings.items()}}
        await product.start()

    async def answered(self, name: str, values: Sequence[int], on: int) -> None:
        """Enter what so many people gave on paper that day."""
        for number, value in enumerate(values):
            body = {
                "source": "paper",
                "by": "王芳",
                "number": f"{name}-{number}",
                "given_at": f"{self.day(on)}T04:00:00Z",
            }
            await self.town.call("POST", "/api/v1/responses", body | {"answers": {"response_speed": {"value": value}}})

    async def plans(
        self, path: str, measure: str, *, due: int, baseline: tuple[int, int], window: tuple[int, int]
    ) -> None:
        """Plan a measure with its periods by days of the journey."""
        await self.step(
            path,
            "measure",
            measure=measure,
            metric="csat",
            cut={"dimension": "response_speed"},
            target=80,
            owner="李工",
            due=self.day(due),
            baseline="..".join(map(self.day, baseline)),
            verify="..".join(map(self.day, window)),
        )

    async def step(self, path: str, name: str, **body: object) -> Json:
        """Take a finding a step further."""
        return await self.town.call("POST", f"{path}/{name}", {"by": "王经理", **body})

    def team_read(self, *words: str) -> list[str]:
        """Return what the team's chat has with any of these words."""
        return [one.text for one in self.town.group.messages if any(word in one.text for word in words)]


@asynccontextmanager
async def _months(folder: Path) -> AsyncIterator[Months]:
    ahead = [0.0]
    async with (
        FakeWeChat(lambda: wall_clock() + ahead[0]).serve() as wechat,
        town_at(folder, "polling", wechat_settings(wechat)) as town,
        witness_before(town.telegram.api_base, folder) as witness,
    ):
        clock, product = ShiftedClock.made_in(folder), town.product
        product.settings = {**product.settings, "telegram.api_base": witness.url}
        product.interpreter = {**clock.environment, "SSL_CERT_FILE": str(witness.certificate)}
        await product.start()
        await wechat.courier.register(f"http://127.0.0.1:{product.port}/hooks/wechat")
        yield Months(town, wechat, clock, witness, ahead, datetime.now(UTC).astimezone(HOME).date())
        assert wechat.violations == []


@pytest.mark.proof
async def test_whoever_wrote_of_waiting_is_told_once_what_was_changed_when_that_has_helped(tmp_path: Path) -> None:
    async with _months(tmp_path) as here:
        town = here.town
        people = [await town.customer(f"客户{number}") for number in range(len(WAITED))]
        mei = here.wechat.person("王女士")
        await eventually(lambda: _has_begun_to_read(here))  # and reads what is written now at its next start
        await _complains(town, people[0], WAITED[0])
        await _complains_in_wechat(town, mei)
        here.passes(3)
        for person, words in zip(people[1:], WAITED[1:], strict=True):
            await _complains(town, person, words)
        await people[-1].says("/stop")
        await people[-1].sees(said("notice.stopped"))
        await town.settles()
        path = f"/api/v1/findings/{await _is_warned_of(here)}"
        await _has_not_helped(here, path)
        await _has_helped(here, path)
        await _are_told(here, path, people, mei)
        await town.check()


async def _is_warned_of(here: Months) -> str:
    """Start until what was written is read, and again; return the finding that the warning opens."""
    await here.restarts(3)
    await eventually(lambda: _are_read(here))
    await here.restarts(3)
    (warning,) = await eventually(lambda: _read_by_team(here, WARNED))
    assert "5 位客户" in warning
    (found,) = (await here.town.call("GET", "/api/v1/findings"))["items"]
    whole = await here.town.call("GET", f"/api/v1/findings/{found['id']}")
    assert whole["text"] == "7天里有 5 位客户碰到「响应速度」"
    assert sorted(one["said"] for one in whole["voices"]) == sorted((*WAITED, IN_WECHAT))
    return str(found["id"])


async def _has_not_helped(here: Months, path: str) -> None:
    """Plan a measure, be reminded of it and do it; fourteen answers tell nothing, and twenty that it did not help."""
    await here.answered("before", [5] * 5 + [3] * 12, 1)
    await here.plans(path, TRIED, due=7, baseline=(-20, 2), window=(8, 37))
    await here.restarts(6)
    (reminder,) = await eventually(lambda: _read_by_team(here, f"「{TRIED}」请在"))
    assert reminder.startswith(f"李工，「{TRIED}」请在")
    assert len(here.team_read(WARNED)) == 1, "it recurs as before, and is told once"
    await here.step(path, "done", by="李工")
    here.passes(39)
    await here.answered("after", [5] * 4 + [3] * 10, 10)
    few = await here.step(path, "verify")
    assert (few["status"], few["results"][-1]["after"]["n"]) == ("undecided", 14)
    await _read_by_team(here, "两边都要有 15 人")
    await here.step(path, "wait", until=f"{here.day(45)}T00:00:00+08:00")
    here.passes(46)
    await here.answered("more", [5] + [3] * 5, 42)
    failed = await here.step(path, "verify")
    assert (failed["status"], failed["measure"], failed["results"][-1]["after"]["n"]) == ("open", None, 20)


async def _has_helped(here: Months, path: str) -> None:
    """Plan another measure and do it; time alone tells by the next answers that it has helped."""
    await here.plans(path, CHANGED, due=50, baseline=(8, 44), window=(51, 80))
    await here.step(path, "done", by="李工")
    here.passes(81)
    await here.answered("better", [5] * 18 + [3] * 2, 60)
    await here.restarts(82, telegram_rate="0.3")  # slow enough to be killed between one customer and the next
    (told,) = await eventually(lambda: _read_by_team(here, f"「{CHANGED}」见效了"))
    assert "从 25% 到 90%（20 人比 20 人）" in told
    assert "95% 的把握在" in told
    whole = await here.town.call("GET", path)
    result = whole["results"][-1]
    assert (whole["status"], result["before"]["n"], result["after"]["n"], result["effect"]) == ("reached", 20, 20, 65)
    assert 0 < result["low"] < 65 < result["high"]


async def _are_told(here: Months, path: str, people: Sequence[TelegramPerson], mei: WechatPerson) -> None:
    """Kill the process when the first has been told: then each has been told once, and not who has opted out.

    Not while WeChat takes its message: one that may have arrived is not sent again.
    """
    town = here.town
    await mei.types("你们好")
    told = await here.step(path, "tell", words={"zh-Hans": CHANGED})
    await mei.reads(CHANGED)
    await eventually(lambda: _any_told(people))
    await town.product.kill()
    assert sum(bool(_told_of(person)) for person in people) < len(people) - 1, "in the middle of it"
    await here.restarts(82, telegram_rate="1000000")
    await eventually(lambda: _is_over(town, str(told["campaign"])))
    await town.settles()
    for person, words in zip(people[:-1], WAITED, strict=False):
        assert _told_of(person) == [f"您说过：“{words}”。我们改了：{CHANGED}。谢谢您。"]
    assert [one.text.partition("\n")[0] for one in mei.sees if CHANGED in one.text] == [
        f"您说过：“{IN_WECHAT}”。我们改了：{CHANGED}。谢谢您。"
    ]
    assert _told_of(people[-1]) == []
    assert (await here.step(path, "tell"))["status"] == "told"
    await town.settles()
    assert sum(len(_told_of(person)) for person in people) == len(people) - 1


def _told_of(person: TelegramPerson) -> list[str]:
    return [one.text for one in person.messages if CHANGED in one.text]


async def _any_told(people: Sequence[TelegramPerson]) -> bool | None:
    return any(map(_told_of, people)) or None


async def _is_over(town: Town, campaign: str) -> bool | None:
    return (await town.call("GET", f"/api/v1/campaigns/{campaign}"))["status"] == "finished" or None


async def _has_begun_to_read(here: Months) -> bool | None:
    return bool(here.town.ledger.rows("SELECT 1 FROM notes WHERE key = 'comments.read'")) or None


async def _are_read(here: Months) -> bool | None:
    return len(here.town.ledger.rows("SELECT response FROM comment_readings")) == len(WAITED) + 1 or None


async def _read_by_team(here: Months, *words: str) -> list[str] | None:
    return here.team_read(*words) or None


async def _complains(town: Town, person: TelegramPerson, words: str) -> None:
    await town.put(f"t{person.account.id}", "closed", person)
    await person.sees(step(1))
    await person.taps("1")
    await town.writes(person, words)
    await person.sees(step(2))


async def _complains_in_wechat(town: Town, person: WechatPerson) -> None:
    await person.types("你们什么时候来修？")
    await town.call("PUT", "/api/v1/tickets/desk/tw", closing_in_wechat(person))
    await person.reads(step(1))
    await person.clicks("1")
    await person.reads("哪里让您不满意")
    town.private.append(IN_WECHAT)
    await person.types(IN_WECHAT)
    await person.reads(step(2))

"""What the team is told of alarms: once by all processes together, and again when what was over comes back."""

import ast
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.chat_migrations import Moves
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.jobs.alarm_messages import alarm_kind, alarm_sender, alarm_text
from bot.ports import Delivery, Refused, Sent
from bot.process.alarms import ActiveAlarm
from bot.receiver import Receiver
from dialogs.messages import Address
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import Unavailable
from storage.model.records import OutboxMessage
from storage.reads.reader import Reader
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Writer
from tests.dialogs.samples import PHRASES
from tests.house.tree import ROOT
from tests.support.database.migrated import copy_migrated
from tests.support.web.clockwork import Clockwork
from tests.support.web.survey_pages import LINKS

MINUTES = timedelta(minutes=1)
_RAISING = frozenset(
    {"sound", "alarm", "_alarm", "log_alarm", "_tell", "DatabaseTrouble", "StopForOperator", "QuotaUsedUp"}
)
TEAM = Address("telegram", "-5001")
WRONG = "有一处出了问题，请维护系统的人看一下。\n代号 disk，细节在 /readyz 和日志里。"
WELL = "刚才提醒的事已经恢复正常（代号 disk）。"
"""What is told of an alarm of which no more is known, in the team's language; its text is the program's own."""


class Processes:
    """Two processes, which tell of their alarms."""

    def __init__(self, writers: list[Writer], store: Store, clock: Clockwork) -> None:
        policy = Policy({}, {}, PHRASES, team=(TEAM,), links=LINKS)
        receivers = [Receiver(writer, clock, policy, Moves()) for writer in writers]
        self.first, self.second = (alarm_sender(receiver, clock) for receiver in receivers)
        self.store, self.clock = store, clock

    def raised(self) -> ActiveAlarm:
        """Return an alarm that is raised now."""
        now = self.clock.now()
        return ActiveAlarm("disk", "It is full.", now, now)

    def over(self, alarm: ActiveAlarm) -> ActiveAlarm:
        """Return the news that it is over now."""
        return replace(alarm, text="There is room.", seen=self.clock.now(), is_over=True)

    async def told(self) -> list[str]:
        """Return what the team was told, in that order."""
        async with self.store.reading() as session:
            found = await session.records(OutboxMessage, all_of(OutboxMessage))
        return [one.prompt.text.rpartition("：")[2] for one in sorted(found, key=lambda one: one.created_at)]


@pytest.fixture(params=["sqlite", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """Return where each process finds the database; on SQLite there is one only, with its two halves."""
    if request.param == "sqlite":
        return [f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}"]
    url: str = request.getfixturevalue("migrated_postgres")
    return [url, url]


@pytest.fixture
async def processes(urls: list[str]) -> AsyncIterator[Processes]:
    """Open them."""
    clock = Clockwork()
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(Store.open(url)) for url in urls]
        writers = [Writer(store, clock.now) for store in stores]
        yield Processes([writers[0], writers[-1]], stores[0], clock)
        for writer in writers:
            await writer.stop()


def test_an_alarm_of_a_campaign_names_it() -> None:
    now = Clockwork().now()
    alarm = ActiveAlarm("campaign", "It has halted.", now, now, about="十一月回访")
    context = DecisionContext(Snapshot(), Policy({}, {}, PHRASES, team=(TEAM,), links=LINKS), now)
    assert "群发「十一月回访」自动停下了" in alarm_text(context, alarm)


async def test_two_processes_tell_once_of_what_both_see(processes: Processes) -> None:
    first = processes.raised()
    await processes.first(first)
    processes.clock.passes(20 * MINUTES)
    second = processes.raised()
    await processes.second(second)
    assert await processes.told() == [WRONG]
    processes.clock.passes(MINUTES)
    await processes.first(processes.over(first))
    await processes.second(processes.over(second))
    assert await processes.told() == [WRONG, WELL]


async def test_what_comes_back_is_told_again_also_within_the_hour(processes: Processes) -> None:
    first = processes.raised()
    await processes.first(first)
    processes.clock.passes(MINUTES)
    await processes.first(processes.over(first))
    processes.clock.passes(5 * MINUTES)
    await processes.second(processes.raised())
    assert await processes.told() == [WRONG, WELL, WRONG]


async def test_what_was_told_by_a_clock_that_was_ahead_keeps_nothing_from_being_told(processes: Processes) -> None:
    for ahead in (timedelta(days=300), timedelta(days=-300)):
        processes.clock.passes(ahead)
        await processes.first(processes.raised())
    assert await processes.told() == [WRONG] * 2


async def test_what_lasts_is_told_again_after_an_hour(processes: Processes) -> None:
    first = processes.raised()
    processes.clock.passes(20 * MINUTES)  # the database that carries it was away
    await processes.first(first)
    processes.clock.passes(40 * MINUTES)
    first = replace(first, seen=processes.clock.now())
    for tell in (processes.first, processes.second):
        await tell(first)
        processes.clock.passes(60 * MINUTES)
        await tell(replace(first, seen=processes.clock.now()))
    assert await processes.told() == [WRONG] * 4


async def test_a_chat_that_refuses_lets_nobody_else_be_told_again_and_again(tmp_path: Path) -> None:
    clock, told, file = Clockwork(), list[str](), copy_migrated(tmp_path / "huifang.db")

    async def takes(message: OutboxMessage) -> Delivery:
        told.append(message.chat)
        return Sent("1")

    async def refuses(_message: OutboxMessage) -> Delivery:
        return Refused("no such robot")

    policy = Policy({}, {}, PHRASES, team=(TEAM, Address("wecom", "robot")), links=LINKS)
    async with Store.open(f"sqlite:///{file}") as away:
        await Reader(away).surveys()
        file.unlink()
        receiver = Receiver(Writer(away, clock.now), clock, policy, Moves())
        tell = alarm_sender(receiver, clock, lambda: {"telegram": takes, "wecom": refuses})
        alarm = ActiveAlarm("database", "It is full.", clock.now(), clock.now())
        for _ in range(3):
            with pytest.raises(Unavailable):
                await tell(alarm)
    assert told == [TEAM.chat]


@pytest.mark.proof
def test_every_alarm_that_the_product_raises_is_told_in_words() -> None:
    calls = list(_alarms())
    raised, named = {name for name, _ in calls}, {name for name, is_named in calls if is_named}
    assert named == {"campaign", "reports.recipients", "hook_endpoint", "hook_delivery"}
    assert {"database", "clock", "telegram.token", "wechat.credentials", "wecom.robot_url", "campaign"} <= raised
    assert {name for name in raised if alarm_kind(name) == "unknown"} == set()
    assert [alarm_kind(name) for name in ("role.poll", "notify.2", "wechat.refused", "disk", "")] == [
        "role",
        "target",
        "refused",
        "unknown",
        "unknown",
    ]
    for locale in PHRASES.texts:
        assert all(f"alarm.kind.{alarm_kind(name)}" in PHRASES.texts[locale] for name in raised)
        assert all(f"alarm.named.{alarm_kind(name)}" in PHRASES.texts[locale] for name in named)


@cache
def _alarms() -> frozenset[tuple[str, bool]]:
    """Return the names with which alarms are raised, and whether what each is about is named to the team.

    A name stands as a word, or as a constant of this module or another.
    """
    found = set[tuple[str, bool]]()
    trees = [ast.parse(file.read_text()) for file in sorted((ROOT / "bot").rglob("*.py"))]
    elsewhere = {name: value for tree in trees for name, value in _constants(tree).items()}
    for tree in trees:
        known = elsewhere | _constants(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            given = [word.value for word in call.keywords if word.arg == "alarm"]
            given += call.args[:1] if called in _RAISING else []
            names = (known.get(v.id) if isinstance(v, ast.Name) else getattr(v, "value", None) for v in given)
            is_named = called == "sound" and len(call.args) == len(("name", "text", "about"))
            found.update((name, is_named) for name in names if isinstance(name, str) and name)
    return frozenset(found)


def _constants(tree: ast.Module) -> dict[str, object]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@pytest.mark.proof
def test_the_page_of_alarms_has_each_in_the_words_that_the_team_reads() -> None:
    page = (ROOT / "docs" / "reference" / "alarms.md").read_text("utf-8")
    rows = dict(line.strip("| ").split(" | ", 1) for line in page.splitlines() if line.startswith("| `"))
    kinds = {alarm_kind(name) for name, _ in _alarms()}
    words = {kind: [PHRASES.texts[locale][f"alarm.kind.{kind}"] for locale in ("zh-Hans", "en")] for kind in kinds}
    assert {kind: " | ".join(told) for kind, told in words.items()}.items() <= {
        code.strip("`"): told for code, told in rows.items()
    }.items()

"""The team gets its digest at the times of `team.digest`: once, with the figures and what is urgent first."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.digest import DigestJob
from bot.process.alarms import Alarms
from config.settings.loading import load_settings
from dialogs.messages import Address
from dialogs.time.recurrence import Recurrence, read_recurrence_rule
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from tests.support.web.fixtures import folder, service
from tests.support.web.service import Service

__all__ = ["folder", "service"]

TEAM = Address("sandbox", "team")
WEEKLY = read_recurrence_rule("weekly mon 09:00")


def digest(service: Service, when: Recurrence = WEEKLY) -> DigestJob:
    """Return the job of a process; the team has a chat."""
    receiver, clock = service.house.web.receiver, service.house.clock
    receiver.adopt(replace(receiver.policy, team=(TEAM,)))
    return DigestJob(receiver, service.house.web.reader, clock, Alarms(clock), when, ZoneInfo("Asia/Shanghai"))


async def told(service: Service) -> list[OutboxMessage]:
    return [one for one in await service.messages(Purpose.ALERT) if "回访简报" in one.prompt.text]


async def issue(service: Service, title: str, severity: str) -> None:
    body = {"title": title, "severity": severity}
    assert (await service.api.post("/api/v1/issues", json=body)).status_code == 201


@pytest.mark.row("S0-17", "S1-26", "S1-72", "S4-29", "S4-30")
async def test_each_monday_the_team_reads_the_figures_and_what_is_urgent_first(service: Service) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    await service.closes("1")
    await issue(service, "门铃坏了", "normal")
    await issue(service, "漏电", "high")
    await service.passes(timedelta(hours=20))
    await job.look(WEEKLY)
    assert await told(service) == []
    for _ in range(2):
        await service.passes(timedelta(hours=12))
        await job.look(WEEKLY)
    (message,) = await told(service)
    assert (message.channel, message.chat) == (TEAM.channel, TEAM.chat)
    lines = message.prompt.text.splitlines()
    assert "关闭工单 1 张，问了 1 次" in lines
    urgent, other = (next(line for line in lines if title in line) for title in ("漏电", "门铃坏了"))
    assert lines.index(urgent) < lines.index(other)
    assert "还没人认领" in lines[lines.index(urgent) + 1]
    assert lines[lines.index(urgent) + 1].endswith("超时了")
    await service.passes(timedelta(days=7))
    await job.look(WEEKLY)
    assert len(await told(service)) == 2


async def test_two_processes_that_look_at_once_tell_it_once(service: Service) -> None:
    first, second = digest(service), digest(service)
    await first.look(WEEKLY)
    await service.closes("1")
    await service.passes(timedelta(days=8))
    await asyncio.gather(first.look(WEEKLY), second.look(WEEKLY))
    assert len(await told(service)) == 1


async def test_weeks_that_were_missed_are_one_digest(service: Service) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    await service.closes("1")
    await service.passes(timedelta(days=22))
    for _ in range(3):
        await job.look(WEEKLY)
    (message,) = await told(service)
    assert "回访简报：2026年11月22日 至 2026年12月13日" in message.prompt.text


async def test_that_nothing_has_come_is_told_once_until_something_does(service: Service) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    for _ in range(3):
        await service.passes(timedelta(days=7))
        await job.look(WEEKLY)
    (message,) = await told(service)
    assert message.prompt.text.splitlines()[-1].endswith("有了新的再发简报。")
    assert message.prompt.file is None
    await service.closes("1")
    await service.passes(timedelta(days=7))
    await job.look(WEEKLY)
    assert "关闭工单 1 张，问了 1 次" in (await told(service))[-1].prompt.text
    for _ in range(2):
        await service.passes(timedelta(days=35))
        await job.look(WEEKLY)
    assert len(await told(service)) == 3, "silence is told once more after there was something to tell"


async def test_a_picture_of_the_same_days_goes_with_the_words(service: Service) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    await service.closes("1")
    await service.passes(timedelta(days=8))
    await job.look(WEEKLY)
    (message,) = await told(service)
    file = message.prompt.file
    assert file is not None
    assert (file.name, file.media_type) == ("huifang-2026-11-22.png", "image/png")
    content = await service.house.web.reader.file(file.hash)
    assert content is not None
    assert (len(content), content[:4]) == (file.size, b"\x89PNG")


async def test_where_nothing_draws_pictures_the_words_come_alone(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job = digest(service)
    await job.look(WEEKLY)
    await service.closes("1")
    await service.passes(timedelta(days=8))
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    await job.look(WEEKLY)
    (message,) = await told(service)
    assert message.prompt.file is None


@pytest.mark.some(1)
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
async def test_it_is_short_enough_to_stand_below_its_picture(service: Service, language: str) -> None:
    service.house.web.receiver.speak_to_team(language)
    job = digest(service)
    await job.look(WEEKLY)
    await service.closes("1")
    for number in range(5):
        await issue(service, f"{number} 门铃坏了，要换电池，客户说已经报了两次修", "normal")
    await service.passes(timedelta(days=8))
    await job.look(WEEKLY)
    messages = [one for one in await service.messages(Purpose.ALERT) if one.prompt.file is not None]
    assert len(messages) == 1
    text = messages[0].prompt.text
    assert len(text.encode("utf-16-le")) // 2 <= 1024
    assert len([row for row in messages[0].prompt.rows for _ in row]) == 3, "the three most urgent have buttons"


@pytest.mark.row("S0-17", "S1-72")
def test_when_it_comes_is_a_setting() -> None:
    assert str(load_settings({}).team.digest) == "weekly mon 09:00"
    assert str(load_settings({"HUIFANG_TEAM__DIGEST": "monthly 1 08:30"}).team.digest) == "monthly 1 08:30"
    assert load_settings({"HUIFANG_TEAM__DIGEST": "off"}).team.digest is None

"""The team's deadlines count public holidays, and no decision waits until those are known."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.wiring.container import open_container
from bot.wiring.workdays import learn_workdays
from config.settings.loading import load_settings
from tests.support.database.migrated import copy_migrated

NATIONAL_DAY = date(2026, 10, 1)


async def test_public_holidays_are_made_beside_the_start_and_then_counted(tmp_path: Path) -> None:
    environ = {
        "HUIFANG_DATABASE__URL": f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}",
        "HUIFANG_CALENDAR__HOLIDAYS": "2026-09-29",
    }
    async with open_container(load_settings(environ, cwd=tmp_path), sandbox=True) as container:
        receiver = container.services.receiver
        async with asyncio.timeout(30):
            while receiver.policy.team_workdays.is_working(NATIONAL_DAY):  # noqa: ASYNC110 (nothing tells of it)
                await asyncio.sleep(0.01)
        due = receiver.policy.working.after(datetime(2026, 9, 28, 4, tzinfo=UTC), timedelta(hours=72))
        assert due == datetime(2026, 10, 9, 4, tzinfo=UTC)


async def test_without_a_deadline_nothing_is_made(tmp_path: Path) -> None:
    environ = {
        "HUIFANG_DATABASE__URL": f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}",
        "HUIFANG_ALERTS__RESOLVE_WITHIN": "off",
    }
    settings = load_settings(environ, cwd=tmp_path)
    async with open_container(settings, sandbox=True) as container:
        await learn_workdays(container.services.receiver, settings)
        assert container.services.receiver.policy.team_workdays.is_working(NATIONAL_DAY)

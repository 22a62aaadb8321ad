"""Uses of the database by what warns the team: charts that are drawn, and a ticket whose time is nearly over."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.jobs.team_warnings.clock_warnings import ClockWarningJob
from bot.jobs.team_warnings.control_charts import EarlyWarningJob
from bot.process.alarms import Alarms
from bot.wiring.services import Services
from config.settings.loading import load_settings
from dialogs.time.recurrence import read_recurrence_rule
from scoring.honesty.charts import SharePoint
from scoring.values import replace
from tests.support.web.clockwork import Clockwork

__all__ = ["draw_charts", "warn_of_a_ticket"]

_numbers = itertools.count(1)


async def draw_charts(services: Services) -> None:
    """Look for new points, and draw one of a chart that there is not yet."""
    clock, when = Clockwork(), read_recurrence_rule("daily 09:00")
    job = EarlyWarningJob(services.receiver, services.reader, clock, Alarms(clock), when, timedelta(days=4))
    await job.look(when)
    fresh = {("north", f"q-{next(_numbers)}"): [SharePoint("2026-01-05", "2026-01-12", 12, 1)]}
    await job._draw(fresh, job.rules)  # noqa: SLF001 (what a look does with what it finds)


async def warn_of_a_ticket(services: Services, call: Callable[[str, str, Any], Awaitable[Any]]) -> object:
    """Report a ticket that has five of thirty minutes left, and have the team warned."""
    targets = load_settings({"HUIFANG_TEAM__TARGETS": "time_to_first_reply <= 30m"}).team.targets
    services.receiver.adopt(replace(services.receiver.policy, targets=targets))
    now = services.clock.now()
    opened = {"status": "open", "opened_at": (now - timedelta(minutes=25)).isoformat(), "customer": {"id": "c-1"}}
    said = await call("PUT", f"tickets/desk/late-{next(_numbers)}", opened)
    clock = Clockwork()
    clock.passes(now - clock.now())
    await ClockWarningJob(services.receiver, services.reader, clock, Alarms(clock)).look()
    return said

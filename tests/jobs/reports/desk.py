"""A process that makes scheduled reports, on the database and the clock of a `Service`."""

import json
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.channels.sandbox.channel import BUTTON, parse_action
from bot.handlers.admin.roster import NewMember, add_member, needs
from bot.jobs.reports.scheduled_reports import ScheduledReportJob
from bot.process.alarms import Alarms
from dialogs.messages import Address
from scoring.values import replace
from storage.model.archive.report_records import ReportRun
from storage.model.records import OutboxMessage, Purpose
from tests.support.web.service import Service

__all__ = ["SHANGHAI", "TEAM", "ReportDesk", "local"]

TEAM = Address("sandbox", "team")
TITLE = "售后服务情况表"
_NUMBERS = count(1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Return the instant of a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


class ReportDesk:
    """The job of one process; the team has a chat."""

    def __init__(self, service: Service) -> None:
        self.service = service
        receiver, clock = service.house.web.receiver, service.house.clock
        receiver.adopt(replace(receiver.policy, team=(TEAM,)))
        self.alarms = Alarms(clock)
        self.job = ScheduledReportJob(receiver, service.house.web.reader, clock, self.alarms)

    async def until(self, moment: str, zone: ZoneInfo = SHANGHAI, step: timedelta = timedelta(hours=1)) -> None:
        """Let time pass until a local moment, looking every so often."""
        end = local(moment, zone)
        while self.service.now < end:
            await self.service.passes(min(step, end - self.service.now))
            await self.job.look()

    async def away(self, moment: str, zone: ZoneInfo = SHANGHAI) -> None:
        """Let time pass until a local moment while no process runs."""
        self.service.house.clock.passes(local(moment, zone) - self.service.now)

    async def joins(self, name: str, role: str, telegram: str = "", **more: str) -> None:
        """Put somebody on the roster."""
        new = NewMember(name, role, telegram, **more)
        await self.service.house.web.receiver.do(needs(), lambda context: add_member(context, new, "test"))

    async def sent(self) -> list[OutboxMessage]:
        """List the messages about reports, in the order in which they were written."""
        messages = await self.service.messages(Purpose.ALERT, Purpose.REPLY)
        return [one for one in messages if one.prompt.text.startswith(TITLE)]

    async def with_files(self) -> list[OutboxMessage]:
        """List the messages with a file, in the order in which they were written."""
        return [one for one in await self.service.messages(Purpose.ALERT) if one.prompt.file is not None]

    async def presses(self, message: OutboxMessage, person: str = "p1", name: str = "王经理") -> None:
        """Let somebody press the first button of a message."""
        action = {"id": f"pressed-{next(_NUMBERS):08}", "chat": message.chat, "person": person, "name": name}
        action |= {"tap": BUTTON.encode(message.prompt.rows[0][0].means), "message": message.receipt or message.id}
        raw, receiver = json.dumps(action).encode(), self.service.house.web.receiver
        await receiver.receive(parse_action(raw, self.service.now), f"sandbox:{message.chat}", raw)

    async def runs(self, schedule: str = "") -> list[ReportRun]:
        """List the runs of a schedule."""
        page = await self.service.house.web.reader.archive.runs(schedule, None, 100)
        return list(page.items)

    async def files(self, report: str) -> dict[str, bytes]:
        """Return what the archive has of a report, by format."""
        found = await self.service.house.web.reader.archive.find(report)
        assert found is not None
        read = self.service.house.web.reader.file
        return {one.format: await read(one.hash) or b"" for one in found.files}

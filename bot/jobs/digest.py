"""Sends the team's chats the figures and the open issues at the times of `team.digest`, once by all processes."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.issues.page_links import page_of
from bot.jobs.admin.admin_report import admin_report
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.admin.lists import AdminLocale, IssueLine, issue_list
from dialogs.admin.report import AdminReport, report_message
from dialogs.ids import derive
from dialogs.issue.model import Issue
from dialogs.messages import Address, Prompt
from dialogs.sanitize import LONGEST_MESSAGE, clipped
from dialogs.time.recurrence import Recurrence, next_run
from scoring.values import Value
from storage.model.note_keys import LAST_DIGEST
from storage.model.records import Note, OutboxMessage
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["DigestJob"]

_LOOKS_EVERY = 60.0
"""Seconds."""
_ISSUES = 50
_NEEDS = Needs(notes=frozenset({LAST_DIGEST}))


class DigestJob(Value, eq=False):
    """Writes the digest when it is due; `when` is None where the owner wants none."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms
    when: Recurrence | None
    zone: ZoneInfo

    async def run(self) -> None:
        """Run every minute until cancelled; end at once where no digest is wanted."""
        if self.when is not None:
            look = partial(self.look, self.when)
            await look_again(
                look, _LOOKS_EVERY, self.alarms, alarm="digest", why="the digest waits for the next minute"
            )

    async def look(self, when: Recurrence) -> None:
        """Write the digest if a time for it has passed since the last one; of several missed ones it is one.

        The first look notes from when on times count. Nothing is due while the time is not corroborated. Raises what
        the writer raises.
        """
        if self.clock.doubt() is not None or not await self._is_due(when):
            return
        report = await admin_report(self.reader, self.clock.now())
        issues = await self.reader.admins.issues(_ISSUES)
        subjects = await self.reader.admins.subjects(issues)
        await self.receiver.do(_NEEDS, lambda context: self._written(context, when, report, issues, subjects))

    async def _is_due(self, when: Recurrence) -> bool:
        def decide(context: DecisionContext) -> Decision[bool]:
            note = context.snapshot.note(LAST_DIGEST)
            if note is None or note.at > context.now:  # one of the future was made by a clock that was wrong
                return Decision(Changes((_note(context),)), answer=False)
            return Decision(Changes(), answer=self._passed(when, note.at, context.now))

        return await self.receiver.do(_NEEDS, decide)

    def _passed(self, when: Recurrence, since: datetime, now: datetime) -> bool:
        due = next_run(when, self.zone, since)
        return due is not None and due <= now

    def _written(
        self,
        context: DecisionContext,
        when: Recurrence,
        report: AdminReport,
        issues: list[Issue],
        subjects: Mapping[str, str],
    ) -> Decision[None]:
        """Return the messages and the note that they were written; nothing where another process has."""
        note = context.snapshot.note(LAST_DIGEST)
        if note is None or not self._passed(when, note.at, context.now):
            return Decision(Changes(), None)
        is_quiet = not issues and not any(
            period.figures[one].n for period in report.periods for one in ("closings", "asked")
        )
        places = () if is_quiet else context.policy.team
        written = (_message(context, place, report, issues, subjects) for place in places)
        return Decision(Changes((_note(context), *written)), None)


def _note(context: DecisionContext) -> Note:
    before = context.snapshot.note(LAST_DIGEST)
    return Note(LAST_DIGEST, "", context.now, before.version if before is not None else 0)


def _message(
    context: DecisionContext, place: Address, report: AdminReport, issues: list[Issue], subjects: Mapping[str, str]
) -> OutboxMessage:
    policy, locale = context.policy, context.policy.team_speaks
    surveys = {survey: policy.survey(survey) for survey in policy.current}
    has_pages = not policy.can(place.channel).buttons
    lines = [
        IssueLine(issue, subjects.get(issue.id, ""), page_of(context, issue) if has_pages else "") for issue in issues
    ]
    admin = AdminLocale(policy.phrases, locale, policy.timezone)
    figures = report_message(report, surveys, policy.phrases, locale).text
    text = clipped(f"{figures}\n\n{issue_list(lines, context.now, admin).text}", LONGEST_MESSAGE)
    message_id = derive("out", "digest", context.now.isoformat(), place.channel, place.chat)
    return message_to_team(context, place, Prompt(text), message_id)

"""Sends the team's chats the figures and the open issues at the times of `team.digest`, once by all processes."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_to_team
from bot.handlers.common.sent_files import NewFile, message_with_file
from bot.handlers.issues.page_links import page_of
from bot.jobs.admin.digest_sources import digest_period, digest_picture, read_digest
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.admin.digest_text import Digest, digest_prompt, quiet_prompt
from dialogs.admin.lists import AdminLocale
from dialogs.ids import derive
from dialogs.messages import Address
from dialogs.time.recurrence import Recurrence, next_run
from scoring.values import Value, replace
from storage.model.note_keys import LAST_DIGEST
from storage.model.records import Note, OutboxMessage, StoredFile
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["DigestJob"]

_LOOKS_EVERY = 60.0
"""Seconds."""
_TOLD, _QUIET = "", "quiet"
"""What the note of the last digest says of it."""
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
        last = await self._due_since(when) if self.clock.doubt() is None else None
        if last is None:
            return
        now, policy = self.clock.now(), self.receiver.policy
        period = digest_period(last, now, self.zone)
        digest = await read_digest(self.reader, policy, period, now)
        picture = None if digest.is_quiet else await digest_picture(self.reader, policy, period, now)
        await self.receiver.do(_NEEDS, lambda context: self._written(context, when, digest, picture))

    async def _due_since(self, when: Recurrence) -> datetime | None:
        """Return when the last digest was, where the next one is due."""

        def decide(context: DecisionContext) -> Decision[datetime | None]:
            note = context.snapshot.note(LAST_DIGEST)
            if note is None or note.at > context.now:  # one of the future was made by a clock that was wrong
                return Decision(Changes((_note(context, _TOLD),)), None)
            return Decision(Changes(), note.at if self._passed(when, note.at, context.now) else None)

        return await self.receiver.do(_NEEDS, decide)

    def _passed(self, when: Recurrence, since: datetime, now: datetime) -> bool:
        due = next_run(when, self.zone, since)
        return due is not None and due <= now

    def _written(
        self, context: DecisionContext, when: Recurrence, digest: Digest, picture: NewFile | None
    ) -> Decision[None]:
        """Return the messages and the note that they were written; nothing where another process has.

        That nothing has come is told once, until something does.
        """
        note = context.snapshot.note(LAST_DIGEST)
        if note is None or not self._passed(when, note.at, context.now):
            return Decision(Changes(), None)
        is_silent = digest.is_quiet and note.value == _QUIET
        places = () if is_silent else context.policy.team
        written = (record for place in places for record in _message(context, place, digest, picture))
        return Decision(Changes((_note(context, _QUIET if digest.is_quiet else _TOLD), *written)), None)


def _note(context: DecisionContext, value: str) -> Note:
    before = context.snapshot.note(LAST_DIGEST)
    return Note(LAST_DIGEST, value, context.now, before.version if before is not None else 0)


def _message(
    context: DecisionContext, place: Address, digest: Digest, picture: NewFile | None
) -> Sequence[OutboxMessage | StoredFile]:
    """Return the digest as it goes to a chat of the team, with its picture."""
    policy = context.policy
    admin = AdminLocale(policy.phrases, policy.team_speaks, policy.timezone)
    message_id = derive("out", "digest", context.now.isoformat(), place.channel, place.chat)
    if digest.is_quiet:
        return (message_to_team(context, place, quiet_prompt(digest, admin), message_id),)
    if not policy.can(place.channel).buttons:
        lines = tuple(replace(one, page=page_of(context, one.issue)) for one in digest.issues)
        digest = replace(digest, issues=lines)
    message = message_to_team(context, place, digest_prompt(digest, context.now, admin), message_id)
    return message_with_file(context, message, picture) if picture is not None else (message,)

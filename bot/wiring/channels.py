"""What the process gives to each channel that is connected."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.channels.descriptor import ChannelServices, MadeFile, Notes
from bot.handlers.delivery_context import needs, standing_of
from bot.jobs.data_requests import held_about, personal_file, report_reader
from bot.ports import CallWatch, DeliveryContext
from bot.process.alarms import Alarms
from bot.wiring.services import Services
from dialogs.messages import Prompt
from dialogs.personal_report import personal_report, report_summary
from scoring.values import replace
from storage.model.records import Note, OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["channel_services", "notes_in"]


def channel_services(services: Services, alarms: Alarms, failed: Callable[[str], None]) -> ChannelServices:
    """Return what the process gives to a channel; `failed` takes the code of each call to its platform that failed."""
    receiver, reader, clock = services.receiver, services.reader, services.clock

    async def context_of(message: OutboxMessage, template: str) -> DeliveryContext:
        return await receiver.do(
            needs(message), lambda context: Decision(Changes(), standing_of(context, message, template))
        )

    async def read_file(prompt: Prompt) -> MadeFile:
        if prompt.file is not None:
            content = await reader.file(prompt.file.hash)
            if content is None:
                raise LookupError(f"{prompt.file.name} is not kept any more")
            return MadeFile(prompt.file.name, content, prompt.file.media_type)
        held = await held_about(reader, prompt.attachment)
        spoken_to = report_reader(held, receiver.policy)
        name, content = personal_file(held, clock.now())
        return MadeFile(name, content, "application/json", report_summary(personal_report(held, spoken_to), spoken_to))

    async def administrators() -> Mapping[str, str]:
        roster = {member.telegram: member.role for member in await reader.admins.roster() if member.telegram}
        return {**roster, **dict.fromkeys(sorted(receiver.policy.admins), "owner")}

    return ChannelServices(
        clock=clock,
        secrets=services.secrets,
        phrases=receiver.policy.phrases,
        links=receiver.policy.links,
        alarm=alarms.sound,
        mended=alarms.mended,
        watch=CallWatch(clock.take_date, failed),
        receive=receiver.receive,
        keep_unread=receiver.keep_unread,
        answer_of=reader.answer,
        context_of=context_of,
        notes=notes_in(services.writer),
        read_file=read_file,
        administrators=administrators,
    )


def notes_in(writer: Writer) -> Notes:
    """Return where a channel keeps short texts."""

    async def load(key: str) -> str | None:
        def look(snapshot: Snapshot, _now: datetime) -> Decision[str | None]:
            note = snapshot.note(key)
            return Decision(Changes(), note.value if note is not None else None)

        return await writer.decide(Job(Needs(notes=frozenset({key})), look))

    async def save(key: str, value: str) -> None:
        def write(snapshot: Snapshot, now: datetime) -> Decision[None]:
            note = snapshot.note(key) or Note(key, value, now)
            return Decision(Changes((replace(note, value=value, at=now),)), None)

        await writer.decide(Job(Needs(notes=frozenset({key})), write))

    return Notes(load, save)

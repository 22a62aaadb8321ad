"""After a restore nothing is sent that may have been sent since the backup; what comes later goes as ever."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

from bot.jobs.backups.restored_doubts import RestoredDoubts
from bot.ports import Unknown
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.outbox.model import SendingState
from storage.backups.backup import RestoreOrder, make_backup, restore_backup
from storage.model.note_keys import LAST_DIGEST
from storage.model.records import Note, OutboxMessage, Purpose
from storage.unit_of_work.leases import Recovered, recover
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import save
from tests.support.settling import settle_now
from tests.support.web.fixtures import folder, service
from tests.support.web.house import DATABASE
from tests.support.web.service import Service, open_service

__all__ = ["folder", "service"]

HOUR = timedelta(hours=1)
GAP = 3 * HOUR
"""From the backup to the restore."""


async def backed_up(service: Service) -> Path:
    """Make a backup as of the service's own time."""
    target = service.folder / "one.backup"
    await make_backup(f"sqlite:///{service.folder / DATABASE}", target, service.now, "1")
    return target


async def restored(service: Service, backup: Path, *, stopped: timedelta = GAP) -> AbstractAsyncContextManager[Service]:
    """Restore elsewhere, three hours later; the service that was backed up stopped so long after the backup."""
    elsewhere = service.folder / "elsewhere"
    elsewhere.mkdir()
    order = RestoreOrder(backup, service.now + GAP, service.now + stopped, "1")
    await restore_backup(f"sqlite:///{elsewhere / DATABASE}", order)
    return open_service(elsewhere)


async def settled(there: Service, service: Service) -> Recovered:
    """Let the time be that of the restore, settle, and return what the sender finds at its start."""
    there.house.clock.passes(service.now + GAP - there.now)
    web = there.house.web
    await RestoredDoubts(there.house.store, web.receiver, web.reader, there.house.clock).settle()
    return await there.house.store.transaction(lambda session: recover(session, there.now, everything=True))


async def waiting(there: Service) -> Sequence[OutboxMessage]:
    return [one for one in await there.messages() if one.status in (SendingState.PENDING, SendingState.HELD)]


async def invitation(there: Service, ticket: str) -> Invitation:
    async with there.house.store.reading() as session:
        (found,) = [one for one in await session.records(Invitation, all_of(Invitation)) if one.ticket == ticket]
    return found


async def test_who_may_have_been_asked_since_is_not_asked_again_and_their_reminder_comes(service: Service) -> None:
    await service.closes("later")
    backup = await backed_up(service)
    async with await restored(service, backup) as there:
        found = await settled(there, service)
        (message,) = found.unknown
        assert (message.purpose, message.customer) == (Purpose.SURVEY, "c-later")
        assert await waiting(there) == []
        assert (await invitation(there, "later")).state is InvitationState.ASKED
        assert (await invitation(there, "later")).asked_at == service.now + HOUR / 2, "as of its own moment"
        await settle_now(there.house.web.receiver, message, Unknown("cut off"))
        assert [one.status for one in await there.messages(Purpose.SURVEY)] == [SendingState.UNKNOWN]
        survey = (await there.api.get("/api/v1/tickets/desk/later")).json()["survey"]
        assert (survey["status"], survey["reason"]) == ("sent", None)
        await there.passes(24 * HOUR)
        assert [one.status for one in await there.messages(Purpose.SURVEY)] == [SendingState.UNKNOWN]
        assert [one.status for one in await there.messages(Purpose.REMINDER)] == [SendingState.SENT]


async def test_what_comes_after_the_restore_goes_as_ever(service: Service) -> None:
    await service.closes("later")
    backup = await backed_up(service)
    async with await restored(service, backup) as there:
        await settled(there, service)
        await there.closes("fresh")
        await there.passes(HOUR)
        sent = [one for one in await there.messages(Purpose.SURVEY) if one.status is SendingState.SENT]
        assert [one.customer for one in sent] == ["c-fresh"]


async def test_where_the_service_had_stopped_before_nothing_is_in_doubt(service: Service) -> None:
    await service.closes("later")
    backup = await backed_up(service)
    async with await restored(service, backup, stopped=-HOUR) as there:
        assert await settled(there, service) == Recovered()
        assert (await invitation(there, "later")).state is InvitationState.SCHEDULED
        await there.passes(HOUR / 60)
        assert [one.status for one in await there.messages(Purpose.SURVEY)] == [SendingState.SENT]


async def test_what_waited_in_the_backup_is_in_doubt_but_for_cards_and_edits(service: Service) -> None:
    service.outcome = lambda _message: Unknown("nobody answers")  # nothing arrives for certain
    await service.closes("1")
    await service.passes(HOUR)
    issue = {"title": "漏电", "severity": "high", "customer": "c-1"}
    assert (await service.api.post("/api/v1/issues", json=issue)).is_success
    before = {one.id: one for one in await waiting(service)}
    backup = await backed_up(service)
    async with await restored(service, backup) as there:
        found = await settled(there, service)
        assert all(not one.may_repeat for one in found.unknown)
        assert all(one.may_repeat for one in await waiting(there))
        assert {one.id for one in before.values() if not one.may_repeat} <= {one.id for one in found.unknown}


async def test_what_is_due_later_than_the_restore_is_not_touched(service: Service) -> None:
    await service.closes("late", person={"timezone": "Asia/Shanghai"})
    await service.passes(HOUR)
    interview = (await service.api.get("/api/v1/responses")).json()["items"][0]
    backup = await backed_up(service)
    async with await restored(service, backup) as there:
        assert await settled(there, service) == Recovered()
        assert (await there.api.get("/api/v1/responses")).json()["items"] == [interview]
        await there.passes(24 * HOUR)
        assert [one.status for one in await there.messages(Purpose.REMINDER)] == [SendingState.SENT]


async def test_a_campaign_under_way_waits_for_a_person(service: Service) -> None:
    await service.closes("1")
    await service.passes(HOUR)
    soon, tomorrow = (f"{service.now + length:%Y-%m-%dT%H:%M:%SZ}" for length in (2 * HOUR, 48 * HOUR))
    for name, at in (("soon", soon), ("tomorrow", tomorrow)):
        body = {"name": name, "kind": "notice", "text": "该做保养了", "audience": {}, "schedule": {"at": at}}
        created = await service.api.post("/api/v1/campaigns", json=body)
        assert created.is_success, created.text
        started = await service.api.post(f"/api/v1/campaigns/{created.json()['id']}/start")
        assert started.is_success, started.text
    backup = await backed_up(service)
    async with await restored(service, backup) as there:
        await settled(there, service)
        campaigns = {one["name"]: one for one in (await there.api.get("/api/v1/campaigns")).json()["items"]}
        assert {name: one["status"] for name, one in campaigns.items()} == {"soon": "paused", "tomorrow": "scheduled"}
        audit = (await there.api.get("/api/v1/audit")).json()["items"]
        assert [line["action"] for line in audit if line["by"] == "restore"] == ["campaign.paused"]
        assert await there.messages(Purpose.CAMPAIGN) == []


async def test_it_is_settled_once_and_a_digest_of_that_time_is_not_told_again(service: Service) -> None:
    writer = Writer(service.house.store, lambda: service.now)
    await save(writer, Note(LAST_DIGEST, "", service.now))
    await writer.stop()
    backup = await backed_up(service)
    async with await restored(service, backup) as there:
        await settled(there, service)
        (digest,) = await there.house.web.reader.notes([LAST_DIGEST])
        assert digest.at == service.now + GAP
        await there.closes("after")
        await there.passes(HOUR)
        before = await there.messages()
        web = there.house.web
        await RestoredDoubts(there.house.store, web.receiver, web.reader, there.house.clock).settle()
        assert await there.messages() == before


async def test_a_database_that_was_never_restored_is_left_alone(service: Service) -> None:
    await service.closes("1")
    web = service.house.web
    await RestoredDoubts(service.house.store, web.receiver, web.reader, service.house.clock).settle()
    assert (await invitation(service, "1")).state is InvitationState.SCHEDULED
    assert await service.messages() == []

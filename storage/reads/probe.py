"""The examination of a database by `huifang doctor`: reachable, undamaged, of this version? Nothing is migrated."""

import os
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from scoring.values import Value, field, replace
from storage.connection.migrate import is_current, revision_of, revisions
from storage.connection.session import Session, StatementCache
from storage.dialects import Database, database
from storage.model.errors import NOT_SAVED, DecisionFailed, InUse, Unavailable, WriteConflict
from storage.model.note_keys import WRITE_PROBE
from storage.model.outgoing.hook_records import HookEndpoint
from storage.model.records import Member, Note, StoredSurvey
from storage.reads.data_requests import OVERDUE
from storage.reads.inbox import count_failed_in
from storage.reads.outgoing.hook_reads import ENDPOINTS
from storage.reads.traces import channels_served
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import ROSTER, all_of
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["Probe", "can_write", "probe", "write_problem"]


_SAFE = (3, 51, 3)
"""Older versions can destroy a WAL database that two connections write at once (docs/reference/hazards.md)."""


class Probe(Value):
    """What was found: damage, risks, the stored survey versions, each as JSON, and the number of overdue data requests.

    Damage and risks are sentences for the operator; `served` are the channels on which customers were served, `failed`
    is the number of deliveries that could not be decided, `roster` are the names of the team's members, `endpoints` are
    told by webhooks. Damage is not looked for while a service has the file.
    """

    damage: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    surveys: Mapping[tuple[str, int], str] = field(default_factory=dict)
    late: int = 0
    served: frozenset[str] = frozenset()
    failed: int = 0
    roster: frozenset[str] = frozenset()
    endpoints: tuple[HookEndpoint, ...] = ()


async def probe(url: str, now: datetime, platforms: Collection[str] = ()) -> Probe:
    """Examine a database; a file that the first start will create counts as healthy.

    `platforms` are the channels of which `Probe.served` shall tell.

    Raises ValueError for a wrong URL, SchemaMismatch for tables of another version, Unavailable where it cannot be
    reached.
    """
    opened = database(url)
    try:
        if _is_missing_file(opened):
            return Probe(risks=_risks(opened))
        try:
            with opened.exclusive(), opened.translated_errors():
                found = await _contents(opened, now, platforms) if await is_current(opened) else Probe()
                found = replace(found, damage=tuple(await opened.problems()))
        except InUse:
            with opened.translated_errors():
                is_ours = await opened.inspect(revision_of) == revisions()[-1]
                found = await _contents(opened, now, platforms) if is_ours else Probe()
        return replace(found, risks=_risks(opened))
    finally:
        await opened.close()


async def _contents(opened: Database, now: datetime, platforms: Collection[str]) -> Probe:
    """Return what the tables tell, through connections that cannot write."""
    async with opened.reading() as driver:
        session = Session(StatementCache(opened), driver)
        return Probe(
            surveys={row.key: row.body for row in await session.records(StoredSurvey, all_of(StoredSurvey))},
            late=int((await session.fetch(OVERDUE, now=now))[0][0]),
            served=frozenset(await channels_served(session, platforms)),
            failed=await count_failed_in(session),
            roster=frozenset(member.name for member in await session.records(Member, ROSTER) if member.role),
            endpoints=tuple(await session.records(HookEndpoint, ENDPOINTS)),
        )


def _is_missing_file(opened: Database) -> bool:
    """Return whether this is a file that the first start will create; raises Unavailable where it could not."""
    if opened.file is None or opened.file.exists():
        return False
    folder = next(parent for parent in opened.file.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise Unavailable(f"{opened.file} cannot be made: {folder} is not a folder that may be written to")
    return True


def _risks(opened: Database) -> tuple[str, ...]:
    if opened.file is None or sqlite3.sqlite_version_info >= _SAFE:
        return ()
    return (f"SQLite {sqlite3.sqlite_version} can destroy a database that two programs write (mended in 3.51.3)",)


async def can_write(writer: Writer) -> bool:
    """Return whether a write succeeds; called often, it writes once a minute."""
    return not await write_problem(writer)


async def write_problem(writer: Writer) -> str:
    """Return why a write does not succeed, empty where it does.

    Called often, it writes once a minute, and each time since a write has failed.
    """
    try:
        await writer.decide(Job(Needs(notes=frozenset({WRITE_PROBE})), partial(_noted, anew=writer.has_failed)))
    except WriteConflict:  # somebody else has written the same at this moment
        return ""
    except (*NOT_SAVED, DecisionFailed) as why:
        return str(why)
    return ""


def _noted(snapshot: Snapshot, now: datetime, *, anew: bool) -> Decision[None]:
    minute = now.isoformat(timespec="microseconds" if anew else "minutes")
    before = snapshot.note(WRITE_PROBE)
    if before is not None and before.value == minute:
        return Decision(Changes(), None)
    note = before or Note(WRITE_PROBE, minute, now)
    return Decision(Changes((replace(note, value=minute, at=now),)), None)

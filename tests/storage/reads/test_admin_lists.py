"""What admins read in their chats."""

from dialogs.issue.model import IssueKind, IssueState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Member
from storage.model.registers import AuditEntry
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, issue, person, save, soon


async def test_issues_with_the_team_come_oldest_first(store: Store, writer: Writer) -> None:
    await save(writer, *person())
    old, new = replace(issue("iss_z"), opened_at=NOW), replace(issue("iss_a"), opened_at=soon(hours=1))
    old = replace(old, kind=IssueKind.CALL)
    done = replace(issue("iss_done"), state=IssueState.CLOSED, closed_at=NOW)
    await save(writer, new, old, done)
    reads = Reader(store).admins
    assert [one.id for one in await reads.issues(10)] == ["iss_z", "iss_a"]
    assert await reads.open_issues() == {new.kind: 1, IssueKind.CALL: 1}


async def test_whoever_was_taken_off_is_no_longer_on_the_roster(store: Store, writer: Writer) -> None:
    await save(writer, Member("li", "lead", "5"), Member("gone", ""))
    assert [member.name for member in await Reader(store).admins.roster()] == ["li"]


async def test_the_audit_log_is_read_from_either_end(store: Store, writer: Writer) -> None:
    await save(writer, *(AuditEntry(f"aud_{n}", soon(minutes=n), "li", "team.added", "x") for n in range(5)))
    reads = Reader(store).admins
    assert [entry.id for entry in await reads.latest_audit_entries(2)] == ["aud_4", "aud_3"]
    first = await reads.audit_entries(soon(minutes=1), None, 3)
    second = await reads.audit_entries(soon(minutes=1), first.next, 3)
    assert [entry.id for entry in (*first.items, *second.items)] == ["aud_1", "aud_2", "aud_3", "aud_4"]
    assert second.next is None

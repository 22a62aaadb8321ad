"""Commands on deliveries that could not be decided."""

from bot.wiring.services import Services
from storage.model.records import InboxOutcome, InboxRow
from storage.unit_of_work.selects import all_of
from tests.control.conftest import Run


async def test_what_failed_is_listed_without_its_words(desk: Services, run: Run) -> None:
    key = await desk.receiver.keep_unread("fax", "太差了".encode(), "no fax")
    (listed,) = (await run("inbox list")).gave["items"]
    assert listed.pop("at") == listed.pop("last_attempt_at")
    assert listed == {
        "id": key,
        "door": "fax",
        "outcome": "failed",
        "why": "no fax",
        "size": 9,
        "attempts": 1,
        "raw": None,
    }
    (named,) = (await run("inbox list", id=key, raw=True)).gave["items"]
    assert named["raw"] == {"encoding": "utf-8", "body": "太差了"}


async def test_what_is_dropped_is_emptied_known_for_good_and_in_the_audit_log(desk: Services, run: Run) -> None:
    key = await desk.receiver.keep_unread("fax", b"1", "no fax")
    assert (await run("inbox drop", id=key)).gave == {"id": key, "dropped": True}
    assert (await run("inbox list")).gave == {"items": [], "next": None}
    async with desk.store.reading() as session:
        rows = await session.records(InboxRow, all_of(InboxRow))
    assert [(row.key, row.raw, row.outcome) for row in rows] == [(key, b"", InboxOutcome.DONE)]
    (entry,) = await desk.reader.admins.latest_audit_entries(9)
    assert (entry.action, entry.subject) == ("inbox.dropped", key)
    assert await desk.receiver.keep_unread("fax", b"1", "no fax") == key
    assert (await run("inbox list")).gave["items"] == []
    assert (await run("inbox drop", id=key)).gave == {"id": key, "dropped": False}
    assert len(await desk.reader.admins.latest_audit_entries(9)) == 1


async def test_what_did_not_fail_cannot_be_dropped(run: Run) -> None:
    assert (await run("inbox drop", id="none")).problem == "there is no failed delivery none"

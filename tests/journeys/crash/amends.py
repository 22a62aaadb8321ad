"""After the last kill: everything that was said beside everything that is kept, and everybody was asked and told."""

from collections import Counter
from datetime import UTC, datetime

from storage.verification.verify import verify_database
from tests.journeys.crash.crowd import QUESTIONS, Told
from tests.journeys.crash.wreckage import Wreckage
from tests.support.town.town import Json, Town

__all__ = ["made_good"]

_LOGGED = """
SELECT v.ticket, l.question, l.value, l.text FROM answer_logs l
JOIN interviews i ON i.id = l.response JOIN invitations v ON v.id = i.invitation
"""
_FIRST = """
SELECT v.ticket, o.id FROM outbox o
JOIN interviews i ON i.id = o.about JOIN invitations v ON v.id = i.invitation WHERE o.purpose = ?
"""
_BELOW = """
SELECT v.ticket, count(*) FROM outbox o
JOIN interviews i ON i.id = o.about JOIN invitations v ON v.id = i.invitation
WHERE purpose = 'reply' AND edits IS NULL
AND about NOT IN (SELECT about FROM outbox WHERE purpose = 'reminder') GROUP BY v.ticket
"""
"""New messages below the question, which follow typed words, and nothing else but the first answer after a reminder."""
_LAST_EDITS = """
SELECT id FROM outbox o WHERE edits IS NOT NULL AND status <> 'sent' AND why <> 'there is nothing to edit'
AND NOT EXISTS (SELECT 1 FROM outbox later WHERE later.edits = o.edits AND later.seq > o.seq)
"""


async def made_good(town: Town, told: list[Told], wreckage: Wreckage) -> str:
    """Hold all promises of the crash journey; gives the figures. An answer is a rating, a remark or the comment."""
    await town.settles(within=180)  # the group's limit is twenty a minute
    wreckage.hold("the end")
    verified = await verify_database(
        f"sqlite:///{town.ledger.file}", datetime.now(UTC)
    )  # the service goes on beside it
    assert [str(one) for one in verified.violations] == []
    said = Counter(line for one in told for line in _lines(one))
    kept = Counter(town.ledger.rows(_LOGGED))
    lost, doubled = (said - kept).total(), (kept - said).total()
    assert (lost, doubled) == (0, 0), f"lost {said - kept}, doubled {kept - said}"
    shown = {item["ticket"]: _content(item) for item in await _responses(town)}
    assert shown == {f"desk/{one.ticket}": _expected(one) for one in told}
    _hold_messages(town, told)
    reminded = _hold_prompts(town, wreckage)
    repeated = _hold_repeats(town, wreckage)
    await _hold_issues(town, told)
    return (
        f"{len(told)} interviews, {said.total()} answers, {lost} lost, {doubled} doubled; {wreckage}; "
        f"{reminded} of the first questions in doubt had not arrived and were followed by their reminder; "
        f"{repeated} edits and cards in doubt repeated"
    )


def _lines(told: Told) -> list[tuple[object, ...]]:
    """Return the lines of the answer log that this must have made; a remark is logged with its rating."""
    ratings = [(told.ticket, question, rating, None) for question, rating in zip(QUESTIONS, told.ratings, strict=True)]
    remark = [(told.ticket, QUESTIONS[0], told.ratings[0], told.remark)] if told.remark else []
    return [*ratings, *remark, (told.ticket, "comment", None, told.comment)]


async def _responses(town: Town) -> list[Json]:
    items: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await town.call("GET", f"/api/v1/responses?limit=100{cursor}")
        items += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    return items


def _content(item: Json) -> object:
    answers = [(answer["question"], answer["value"], answer["text"]) for answer in item["answers"]]
    return item["status"], answers, item["comment"]


def _expected(told: Told) -> object:
    remarks = (told.remark, None, None, None, None)
    return "completed", list(zip(QUESTIONS, told.ratings, remarks, strict=True)), told.comment


def _hold_messages(town: Town, told: list[Told]) -> None:
    """Everything was decided and sent, by Telegram's rules, and without a word to the log."""
    assert town.ledger.rows("SELECT key, why FROM inbox WHERE outcome <> 'done'") == []
    others = "purpose <> 'reminder' AND why <> 'there is nothing to edit'"
    assert town.ledger.statuses(others).keys() <= {"sent", "unknown", "superseded"}
    # A reminder that still waits when the customer answers is not sent any more.
    assert town.ledger.statuses("purpose = 'reminder'").keys() <= {"sent", "unknown", "cancelled"}
    assert town.ledger.rows("SELECT id FROM invitations WHERE state <> 'asked' OR sent_at IS NULL") == []
    assert town.ledger.rows("SELECT id FROM interviews WHERE misses > 0") == [], "heard twice, or not understood"
    below, written = dict(town.ledger.rows(_BELOW)), {one.ticket: one.written for one in told}
    assert {ticket for ticket, count in below.items() if count > written[ticket]} == set(), "out of place"
    assert town.telegram.violations == []
    log = town.product.log
    assert [words for words in town.private if words in log] == []
    assert "Traceback" not in log, log


def _hold_prompts(town: Town, wreckage: Wreckage) -> int:
    """Every first question was sent; one in doubt that never arrived was followed by its reminder: gives how many."""
    questions, reminders = town.ledger.rows(_FIRST, "survey"), town.ledger.rows(_FIRST, "reminder")
    assert Counter(ticket for ticket, _ in questions) == dict.fromkeys(wreckage.closed, 1), "not asked once each"
    assert set(Counter(ticket for ticket, _ in reminders).values()) <= {1}, "reminded twice of one interview"
    never_came = [pair for pair in questions if pair[0] not in wreckage.invited]
    assert {key for _, key in never_came} <= wreckage.doubted, "never arrived, and was never in doubt"
    assert {ticket for ticket, _ in never_came} <= {ticket for ticket, _ in reminders}, "not reminded"
    dropped = {key for (key,) in town.ledger.rows("SELECT id FROM outbox WHERE status = 'cancelled'")}
    unreminded = {key for ticket, key in reminders if ticket not in wreckage.reminded} - dropped
    assert unreminded <= wreckage.doubted, "a reminder never arrived, and was never in doubt"
    return len(never_came)


def _hold_repeats(town: Town, wreckage: Wreckage) -> int:
    """What may be repeated was, or gave way to a later edit; the last edit of each message went: gives how many."""
    assert town.ledger.rows(_LAST_EDITS) == [], "an edit was never sent"
    left = {key for (key,) in town.ledger.rows("SELECT id FROM outbox")}
    assert wreckage.repeated - left == set(), "in flight at a kill, and taken for delivered at the first try"
    repeated = wreckage.repeated & {key for (key,) in town.ledger.rows("SELECT id FROM outbox WHERE status = 'sent'")}
    once = [row for row in town.ledger.rows("SELECT * FROM outbox WHERE attempts < 2") if row[0] in repeated]
    assert once == [], "in flight at a kill, and not repeated"
    return len(repeated)


async def _hold_issues(town: Town, told: list[Told]) -> None:
    """A low score raised exactly one issue, and its card stands in the group."""
    unhappy = sorted(one.ticket for one in told if one.remark is not None)
    assert [ticket for (ticket,) in town.ledger.rows("SELECT ticket FROM issue_tickets ORDER BY ticket")] == unhappy
    cards = "\n".join(message.text for message in town.group.messages)
    assert [ticket for ticket in unhappy if f"desk/{ticket}「" not in cards] == []

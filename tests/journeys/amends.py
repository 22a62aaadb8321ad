"""After the last kill: everything that was said beside everything that is kept, and everybody was asked and told."""

from collections import Counter

from tests.journeys.crowd import QUESTIONS, Told
from tests.journeys.town import Json, Town
from tests.journeys.wreckage import Wreckage

__all__ = ["made_good"]

_LOGGED = """
SELECT v.ticket, l.question, l.value, l.text FROM answer_logs l
JOIN interviews i ON i.id = l.response JOIN invitations v ON v.id = i.invitation
"""
_REMINDERS = "SELECT about, chat FROM outbox WHERE purpose = 'reminder'"
_DOUBTED = "SELECT about, chat FROM outbox WHERE purpose = 'survey' AND status = 'unknown'"


async def made_good(town: Town, told: list[Told], wreckage: Wreckage) -> str:
    """Hold all promises of the crash journey; gives the figures. An answer is a rating, a remark or the comment."""
    await town.settles()
    said = Counter(line for one in told for line in _lines(one))
    kept = Counter(town.ledger.rows(_LOGGED))
    lost, doubled = (said - kept).total(), (kept - said).total()
    assert (lost, doubled) == (0, 0), f"lost {said - kept}, doubled {kept - said}"
    shown = {item["ticket"]: _content(item) for item in await _responses(town)}
    assert shown == {f"desk/{one.ticket}": _expected(one) for one in told}
    _hold_messages(town, wreckage)
    await _hold_issues(town, told)
    kills = ", ".join(f"{count} {how}" for how, count in sorted(wreckage.kills.items()))
    flight = f"taken by Telegram {wreckage.handled}, unsent {wreckage.unsent}"
    wreckage.look("the end")
    return (
        f"{wreckage.kills.total() - 1} kills ({kills}); {len(told)} interviews, {said.total()} answers, {lost} lost, "
        f"{doubled} doubled; new messages in flight at the kills: {flight}; in doubt {wreckage.in_doubt}"
    )


def _lines(told: Told) -> list[tuple[object, ...]]:
    """Give the lines of the answer log that this must have made; a remark is logged with its rating."""
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


def _hold_messages(town: Town, wreckage: Wreckage) -> None:
    """Everything was decided and sent; a first question in doubt that never arrived was followed by its reminder."""
    assert town.ledger.rows("SELECT key, why FROM inbox WHERE outcome <> 'done'") == []
    assert town.ledger.statuses().keys() <= {"sent", "unknown", "superseded"}
    assert town.ledger.rows("SELECT id FROM invitations WHERE state <> 'asked' OR sent_at IS NULL") == []
    reminders, doubted = Counter(town.ledger.rows(_REMINDERS)), Counter(town.ledger.rows(_DOUBTED))
    assert set(reminders.values()) <= {1}, "somebody was reminded twice of one interview"
    unseen = Counter(chat for _, chat in doubted) - wreckage.unmarked()
    assert set(+unseen) - {chat for _, chat in reminders} == set(), "somebody in doubt was not reminded"
    assert "Traceback" not in town.product.log, town.product.log


async def _hold_issues(town: Town, told: list[Told]) -> None:
    """A low score raised exactly one issue, and its card stands in the group."""
    unhappy = sorted(one.ticket for one in told if one.remark is not None)
    assert [ticket for (ticket,) in town.ledger.rows("SELECT ticket FROM issue_tickets ORDER BY ticket")] == unhappy
    cards = "\n".join(message.text for message in town.group.messages)
    assert [ticket for ticket in unhappy if f"desk/{ticket}「" not in cards] == []

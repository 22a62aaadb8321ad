"""With each decision the books are kept: what may be sent, what has waited, and what answers a message at once."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.wechat.inbound.passive_reply import HAND_OVER, PassiveReply, decode_reply, encode_reply
from bot.channels.wechat.outbound.message_quota import DOUBTED, INLINE, WechatQuota
from bot.handlers import deliveries
from bot.handlers.common.context import DecisionContext
from bot.ports import Attempt, Blocked, Delivery, Gone, Held, Moved, Retry, Sent, Unknown
from bot.wiring.policy import make_policy
from config.settings.settings import Settings
from dialogs.ids import ref_of
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue, IssueKind
from dialogs.issue.reasons import TwiceNotUnderstood
from dialogs.messages import Address, Granted, Inbound, Joined, Left, Person, Prompt, Said, Tap, Text, Verb
from dialogs.outbox.machine import MessageDelivered, MessagePostponed
from dialogs.outbox.model import SendingState
from scoring.rules import Severity
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Customer, Grant, InboxRow, OutboxMessage, Purpose, Window
from storage.unit_of_work.changes import Cancel, Changes, Record, Settle
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Committed, Decision, Job, Writer
from tests.channels.wechat.messages import CLOSURE, INTERVIEW, ISSUE, NOW, RATING, closure, message
from tests.support.database.migrated import copy_migrated
from tests.support.web.house import shipped

PLACE = Address("wechat", "oMei")
KEY = "wechat:77"
HEARD = InboxRow(KEY, "wechat", b"<xml/>", NOW)
TAP = Tap(Verb.RATE, INTERVIEW, "response_speed", 4)
BOOKS = WechatQuota("SUB")
REPLY = message(RATING)
WAITING = replace(
    message(CLOSURE, Purpose.CLOSURE, id_="out_0"), status=SendingState.HELD, created_at=NOW - timedelta(days=1)
)
WINDOW = Window("wechat", "oMei", NOW, 1, NOW, 1, version=3)
TALK = Interview(
    INTERVIEW, "inv_1", "c-mei", "wechat", "oMei", ("after_service", 1), "zh-Hans", NOW, NOW + timedelta(days=3)
)
ASKED = Invitation("inv_1", "desk", "42", 1, "c-mei", "after_service", NOW, NOW + timedelta(days=1), NOW)
PROBLEM = Issue(ISSUE, IssueKind.MANUAL, Severity.NORMAL, NOW, None, reasons=(TwiceNotUnderstood(),))


def heard(said: Said, answer_by: datetime | None = None) -> Inbound:
    number = "77" if isinstance(said, Text) else ""
    return Inbound(KEY, PLACE, Person("oMei"), NOW, said, message=number, answer_by=answer_by)


def booked(said: Said, *decided: Record, before: tuple[Record, ...] = (), cancels: tuple[Cancel, ...] = ()) -> Changes:
    """Keep the books of a decision whose answers go out by themselves."""
    return BOOKS.received(Snapshot(before), heard(said), Changes((HEARD, *decided), cancels=cancels), NOW)


def inline(said: Said, *decided: Record, before: tuple[Record, ...] = (), cancels: tuple[Cancel, ...] = ()) -> Changes:
    """Keep the books of a decision whose answer may ride on the reply."""
    by = NOW + timedelta(seconds=4)
    return BOOKS.received(Snapshot(before), heard(said, by), Changes((HEARD, *decided), cancels=cancels), NOW)


def answer(changes: Changes) -> PassiveReply | None:
    """Return what is replied."""
    (row,) = [record for record in changes.records if isinstance(record, InboxRow)]
    return decode_reply(row.answer)


def sent(changes: Changes) -> dict[str, tuple[SendingState, str]]:
    """Return how the messages stand, as records say it last."""
    return {r.id: (r.status, r.receipt) for r in changes.records if isinstance(r, OutboxMessage)}


def records(changes: Changes, kind: type) -> list[Record]:
    return [record for record in changes.records if isinstance(record, kind)]


SAID = (SendingState.SENT, INLINE)
FREE = (SendingState.PENDING, "")
SHUT = Held(None, "window_closed")

# -- what is heard opens windows, and lets go what has waited -----------------------------------------------------


@pytest.mark.parametrize(
    ("said", "window"),
    [
        (Text("4"), Window("wechat", "oMei", typed_at=NOW)),
        (TAP, Window("wechat", "oMei", clicked_at=NOW)),
        (Joined("token"), Window("wechat", "oMei", clicked_at=NOW)),
    ],
    ids=["words", "a click", "a scan"],
)
def test_what_is_heard_opens_its_window_in_the_same_decision(said: Said, window: Window) -> None:
    changes = booked(said, REPLY)
    assert records(changes, Window) == [window]
    assert sent(changes) == {"out_1": FREE}
    assert answer(changes) is None


def test_whoever_leaves_shuts_both_and_what_waits_goes_on_waiting() -> None:
    changes = booked(Left(), before=(WINDOW, WAITING))
    assert records(changes, Window) == [Window("wechat", "oMei", version=3)]
    assert (changes.settles, sent(changes)) == ((), {})


@pytest.mark.parametrize("said", [Text("好"), TAP, Joined()], ids=["words", "a click", "a scan"])
def test_what_was_held_goes_as_soon_as_the_customer_is_heard_of(said: Said) -> None:
    changes = booked(said, REPLY, before=(WAITING,))
    assert changes.settles == (Settle("out_0", MessagePostponed(NOW), NOW),)
    assert sent(changes) == {"out_1": FREE, "out_0": FREE}


def test_what_is_cancelled_by_the_same_decision_does_not_go() -> None:
    question = replace(message(id_="out_2"), about=ref_of(INTERVIEW), status=SendingState.HELD)
    cancels = (Cancel((Purpose.REPLY,), about=ref_of(INTERVIEW)),)
    for books in (booked, inline):
        changes = books(TAP, REPLY, before=(question,), cancels=cancels)
        assert (changes.settles, list(sent(changes))) == ((), ["out_1"])


def test_a_grant_is_kept_and_lets_closures_go_but_nothing_else() -> None:
    question = replace(message(id_="out_2"), status=SendingState.HELD)
    changes = booked(Granted("SUB"), before=(WAITING, question, Grant("wechat", "oMei", "SUB", 1, version=2)))
    assert records(changes, Grant) == [Grant("wechat", "oMei", "SUB", 2, version=2)]
    assert (records(changes, Window), list(sent(changes))) == ([], ["out_0"])


def test_a_grant_taken_back_is_none_left() -> None:
    changes = booked(Granted("SUB", is_given=False), before=(Grant("wechat", "oMei", "SUB", 2),))
    assert records(changes, Grant) == [Grant("wechat", "oMei", "SUB", 0)]


# -- the answer that rides on the reply ---------------------------------------------------------------------------


def test_the_next_question_is_the_reply_and_no_message() -> None:
    changes = inline(TAP, REPLY, TALK)
    assert answer(changes) == PassiveReply(f"{RATING.text}\n\n{RATING.typed}")
    assert sent(changes) == {"out_1": SAID}
    assert changes.settles == ()


def test_what_was_held_rides_along_and_what_does_not_fit_goes_by_itself() -> None:
    long = replace(WAITING, id="out_2", prompt=closure("换" * 600), created_at=NOW)
    changes = inline(TAP, REPLY, TALK, before=(long, WAITING))
    reply = answer(changes)
    assert reply is not None
    assert reply.text == f"{RATING.text}\n\n{RATING.typed}\n\n{CLOSURE.text}\n\n{CLOSURE.typed}"
    assert sent(changes) == {"out_1": SAID, "out_0": SAID, "out_2": FREE}
    assert changes.settles == (
        Settle("out_0", MessageDelivered(INLINE), NOW),
        Settle("out_2", MessagePostponed(NOW), NOW),
    )


def test_what_is_meant_for_later_for_others_or_too_late_is_not_replied() -> None:
    others = replace(message(id_="out_2"), channel="telegram", chat="1", purpose=Purpose.ALERT)
    later = replace(message(id_="out_3"), not_before=NOW + timedelta(hours=1))
    expired = replace(message(id_="out_4"), expires_at=NOW)
    changes = inline(TAP, others, later, expired, TALK)
    assert answer(changes) is None
    assert set(sent(changes).values()) == {FREE}


def test_an_opt_out_holds_for_replies_too() -> None:
    mei = Customer("c-mei", opted_out_at=NOW)
    mine = replace(REPLY, customer="c-mei")
    assert sent(inline(TAP, mine, TALK, before=(mei,))) == {"out_1": FREE}
    assert sent(inline(TAP, replace(mine, obeys_opt_out=False), TALK, before=(mei,))) == {"out_1": SAID}


@pytest.mark.parametrize("purpose", [Purpose.SURVEY, Purpose.REMINDER])
def test_whoever_is_asked_in_the_reply_has_been_asked(purpose: Purpose) -> None:
    first = replace(message(purpose=purpose), about=ref_of(INTERVIEW))
    changes = inline(Joined("token"), first, replace(ASKED, version=1), TALK)
    assert records(changes, Invitation)[-1] == replace(ASKED, version=1, sent_at=NOW)
    again = inline(Joined("token"), first, TALK, before=(replace(ASKED, sent_at=NOW),))
    assert records(again, Invitation) == []


def test_a_decision_that_came_too_late_for_the_reply_sends_messages() -> None:
    late = BOOKS.received(Snapshot(), heard(TAP, NOW), Changes((HEARD, REPLY, TALK)), NOW)
    assert (answer(late), sent(late)) == (None, {"out_1": FREE})


# -- what is none of ours goes to the account's people ------------------------------------------------------------


@pytest.mark.parametrize("books", [booked, inline])
def test_words_that_nobody_here_answers_go_to_the_account_s_people(books: Callable[..., Changes]) -> None:
    changes = books(Text("空调又坏了"), before=(WAITING,))
    assert answer(changes) == HAND_OVER
    assert sent(changes) == {"out_0": FREE}


@pytest.mark.parametrize("books", [booked, inline])
def test_words_not_understood_twice_go_to_the_account_s_people_as_well(books: Callable[..., Changes]) -> None:
    changes = books(Text("啊"), REPLY, TALK, PROBLEM)
    assert (answer(changes), sent(changes)) == (HAND_OVER, {"out_1": FREE})
    again = books(Text("啊"), REPLY, TALK, PROBLEM, before=(PROBLEM,))
    assert answer(again) != HAND_OVER


def test_an_answer_to_a_question_is_kept_from_them() -> None:
    assert answer(booked(Text("4"), REPLY, TALK)) is None
    assert answer(booked(Text("4"), TALK)) is None
    assert answer(booked(TAP)) is None


def test_what_is_replied_is_kept_as_json() -> None:
    assert [encode_reply(PassiveReply("好")), encode_reply(HAND_OVER)] == ['{"text":"好"}', '{"transfer":true}']
    assert decode_reply("") is None


# -- what a sending uses up ---------------------------------------------------------------------------------------


def settled(outcome: Delivery, *before: Record, prompt: Prompt = RATING) -> list[Record]:
    changes = BOOKS.settled(Snapshot(before), message(prompt, Purpose.CLOSURE), outcome, NOW)
    assert not changes.settles
    return list(changes.records)


def tried(*codes: str, step: str = "menu") -> tuple[Attempt, ...]:
    return tuple(Attempt(step, code) for code in codes)


@pytest.mark.parametrize(
    ("outcome", "window"),
    [
        (Sent("out_1", tried("0")), replace(WINDOW, typed_used=2, clicked_used=2)),
        (Sent("out_1", (*tried("40200"), *tried("0", step="text"))), replace(WINDOW, typed_used=2, clicked_used=2)),
        (Sent("out_1", tried("0", "0")), replace(WINDOW, typed_used=3, clicked_used=3)),
        (Unknown("Timeout", tried(DOUBTED)), replace(WINDOW, typed_used=2, clicked_used=2)),
        (Held(None, "", tried("45015")), Window("wechat", "oMei", version=3)),
        (Held(None, "", tried("45047")), replace(WINDOW, typed_used=5, clicked_used=3)),
        (Retry(1, "", attempts=tried("0", "-1")), replace(WINDOW, typed_used=2, clicked_used=2)),
        (Unknown("cut off"), replace(WINDOW, typed_used=2, clicked_used=2)),
    ],
    ids=["sent", "sent as text", "in two parts", "in doubt", "closed", "used up", "half sent", "cut off by a crash"],
)
def test_what_was_tried_is_booked(outcome: Delivery, window: Window) -> None:
    assert settled(outcome, WINDOW) == [window]


@pytest.mark.parametrize(
    "outcome",
    [
        Retry(1, "", attempts=tried("-1", "never_left", "gateway")),
        Blocked("blocked", "", tried("43004")),
        Sent("17", tried("0", step="template")),
        Gone(""),
        Moved("x"),
    ],
    ids=["never left", "refused", "by template", "gone", "moved"],
)
def test_what_used_nothing_is_not_booked(outcome: Delivery) -> None:
    assert settled(outcome, WINDOW) == []


@pytest.mark.parametrize(("code", "left"), [("0", 1), (DOUBTED, 1), ("43101", 0)])
def test_a_grant_is_spent_by_what_went_or_may_have_gone_and_void_where_there_is_none(code: str, left: int) -> None:
    grant = Grant("wechat", "oMei", "SUB", 2, version=1)
    assert settled(Held(None, "", tried(code, step="grant")), grant) == [replace(grant, left=left)]
    assert settled(Held(None, "", tried("-1", step="grant")), grant) == []
    assert settled(Held(None, "", tried(code, step="grant"))) == []


def test_of_a_long_closure_cut_off_by_a_crash_every_part_counts() -> None:
    assert settled(Unknown("cut off"), WINDOW, prompt=closure("换" * 1000)) == [
        replace(WINDOW, typed_used=3, clicked_used=3)
    ]


# -- in the database ----------------------------------------------------------------------------------------------


async def test_what_was_held_is_released_in_the_database_and_the_sender_hears_of_it(tmp_path: Path) -> None:
    committed: list[Committed] = []
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        writer = Writer(store, lambda: NOW, on_commit=committed.append)
        held = replace(WAITING, status=SendingState.HELD)
        await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes((held,)), None)))
        needs = Needs(windows=frozenset({PLACE}))

        def hear(rows: Snapshot, now: datetime) -> Decision[None]:
            return Decision(BOOKS.received(rows, heard(TAP), Changes((HEARD,)), now), None)

        await writer.decide(Job(needs, hear))
        async with store.reading() as session:
            stored = await session.records(OutboxMessage, all_of(OutboxMessage))
            windows = await session.records(Window, all_of(Window))
        await writer.stop()
    assert [(row.id, row.status, row.not_before) for row in stored] == [("out_0", SendingState.PENDING, NOW)]
    assert [(row.clicked_at, row.clicked_used) for row in windows] == [(NOW, 0)]
    poked = [r for changes in committed[-1].decided for r in changes.records if isinstance(r, OutboxMessage)]
    assert [(row.id, row.status) for row in poked] == [("out_0", SendingState.PENDING)]


async def test_what_is_held_and_released_in_one_commit_goes(tmp_path: Path) -> None:
    surveys, phrases = shipped()
    policy = make_policy(Settings(), surveys, {}, phrases)
    needs = Needs(windows=frozenset({PLACE}))

    def hold(rows: Snapshot, now: datetime) -> Decision[None]:
        context = DecisionContext(rows, policy, now)
        return Decision(deliveries.settle(context, replace(REPLY, status=SendingState.LEASED), SHUT), None)

    def hear(rows: Snapshot, now: datetime) -> Decision[None]:
        return Decision(BOOKS.received(rows, heard(TAP), Changes((HEARD,)), now), None)

    committed: list[Committed] = []
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        writer = Writer(store, lambda: NOW, on_commit=committed.append)
        leased = replace(REPLY, status=SendingState.LEASED, leased_until=NOW + timedelta(minutes=1))
        await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes((leased,)), None)))
        await asyncio.gather(writer.decide(Job(needs, hold)), writer.decide(Job(needs, hear)))
        async with store.reading() as session:
            (stored,) = await session.records(OutboxMessage, all_of(OutboxMessage))
        await writer.stop()
    assert len(committed[-1].decided) == 2, "they did not share a commit"
    assert (stored.status, stored.not_before) == (SendingState.PENDING, NOW)

"""Whatever the chat has allowed and whatever was sent: the way that is chosen is one that WeChat lets us go."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import pytest

from bot.channels.wechat.descriptor import WECHAT
from bot.channels.wechat.outbound.allowed_methods import Abilities, allowed_methods
from bot.channels.wechat.outbound.present import messages_by
from bot.channels.wechat.outbound.reply_window import (
    message_spent,
    messages_left,
    window_closed,
    window_opened,
    window_used_up,
)
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import DeliveryContext
from dialogs.messages import Address, Granted, Inbound, Joined, Left, Person, Said, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose, Window
from tests.channels.wechat.messages import (
    CLOSURE,
    COMMENT,
    FACTS,
    GRANTED,
    INVITING,
    NOW,
    PAGE,
    RATING,
    closure,
    message,
)
from tests.support.wechat.rules.allowances import Allowances, Spending

ABLE = Abilities(template=INVITING, subscription=GRANTED)
LONG = "换了压缩机，清洗了滤网。" * 60  # two messages' worth
TYPED_AGO = [timedelta(0), timedelta(hours=47, minutes=49, seconds=59), timedelta(hours=47, minutes=50)]
CLICKED_AGO = [timedelta(0), timedelta(seconds=49), timedelta(seconds=50)]
ENDED = [timedelta(hours=48)]
SPENDINGS: list[Spending] = ["text first", "click first", "both"]
KINDS = {
    "a question": message(RATING),
    "a word of thanks": message(COMMENT),
    "an invitation": message(RATING, Purpose.SURVEY),
    "an invitation with the page": message(replace(RATING, link=PAGE), Purpose.SURVEY),
    "a reminder": message(replace(RATING, link=PAGE), Purpose.REMINDER),
    "a closure": message(CLOSURE, Purpose.CLOSURE),
    "a long closure": message(closure(LONG), Purpose.CLOSURE),
    "a long closure with the page": message(closure(LONG, PAGE), Purpose.CLOSURE),
    "a campaign": message(COMMENT, Purpose.CAMPAIGN),
}


def windows() -> Iterator[Window]:
    """Return every state of both allowances."""
    typed = [(None, 0), *product([*TYPED_AGO, *ENDED], range(6))]
    clicked = [(None, 0), *product([*CLICKED_AGO, *ENDED], range(4))]
    for (typed_ago, typed_used), (clicked_ago, clicked_used) in product(typed, clicked):
        yield Window(
            "wechat",
            "oMei",
            None if typed_ago is None else NOW - typed_ago,
            typed_used,
            None if clicked_ago is None else NOW - clicked_ago,
            clicked_used,
        )


def platform(window: Window) -> Allowances:
    """Return the platform's own account of the same chat."""
    allowances = Allowances()
    if window.typed_at is not None:
        allowances.text.opened_at, allowances.text.used = window.typed_at.timestamp(), window.typed_used
    if window.clicked_at is not None:
        allowances.click.opened_at, allowances.click.used = window.clicked_at.timestamp(), window.clicked_used
    return allowances


def parts(sent: OutboxMessage, step: SendMethod) -> int:
    """Count the messages that it takes."""
    return len(messages_by(sent, step, None, {}))


def standing(window: Window, grants: int = 1, note: str = FACTS["note"]) -> DeliveryContext:
    return DeliveryContext(window, {"SUB": grants}, FACTS | {"note": note})


@pytest.mark.parametrize("sent", KINDS.values(), ids=KINDS)
def test_in_every_state_every_custom_message_that_is_planned_is_taken(sent: OutboxMessage) -> None:
    takes = {step: parts(sent, step) for step in CUSTOM}
    for window in windows():
        planned = [step for step in allowed_methods(sent, standing(window), ABLE, NOW) if step in CUSTOM]
        for step, spending in product(planned, SPENDINGS):
            allowances = platform(window)
            for _ in range(takes[step]):
                allowances.spend(NOW.timestamp(), spending)


@pytest.mark.parametrize("sent", KINDS.values(), ids=KINDS)
def test_in_every_state_what_may_well_go_as_a_custom_message_does(sent: OutboxMessage) -> None:
    takes = {step: parts(sent, step) for step in CUSTOM if step is SendMethod.TEXT or sent.prompt.rows}
    for window in windows():
        is_typed = window.typed_at is not None and NOW - window.typed_at < timedelta(hours=47, minutes=50)
        is_clicked = window.clicked_at is not None and NOW - window.clicked_at < timedelta(seconds=50)
        free = max((5 - window.typed_used) * is_typed, (3 - window.clicked_used) * is_clicked)
        assert messages_left(window, NOW) == free
        planned = [step for step in allowed_methods(sent, standing(window), ABLE, NOW) if step in CUSTOM]
        assert planned == [form for form, needed in takes.items() if needed <= free]


@pytest.mark.parametrize(
    ("sent", "account", "grants", "steps"),
    [
        (message(replace(RATING, link=PAGE), Purpose.SURVEY), ABLE, 1, [SendMethod.TEMPLATE]),
        (message(RATING, Purpose.SURVEY), ABLE, 1, []),
        (message(replace(RATING, link=PAGE), Purpose.SURVEY), replace(ABLE, template=None), 1, []),
        (message(replace(RATING, link=PAGE), Purpose.REMINDER), ABLE, 1, []),
        (message(RATING), ABLE, 1, []),
        (message(COMMENT, Purpose.CAMPAIGN), ABLE, 1, []),
        (message(CLOSURE, Purpose.CLOSURE), ABLE, 1, [SendMethod.GRANT]),
        (message(CLOSURE, Purpose.CLOSURE), ABLE, 0, []),
        (message(CLOSURE, Purpose.CLOSURE), replace(ABLE, subscription=None), 1, []),
    ],
    ids=[
        "an invitation by template",
        "no template without the page",
        "no template for the account",
        "no template for a reminder",
        "no notice for an answer",
        "no notice for a campaign",
        "a closure by grant",
        "no grant given",
        "no subscription for the account",
    ],
)
def test_with_every_window_shut_a_notice_goes_where_it_may(
    sent: OutboxMessage, account: Abilities, grants: int, steps: list[SendMethod]
) -> None:
    assert list(allowed_methods(sent, standing(Window("wechat", "oMei"), grants), account, NOW)) == steps


def test_a_grant_is_spent_only_where_the_note_arrives_whole() -> None:
    nothing = Window("wechat", "oMei")
    shown = [
        allowed_methods(message(closure(note, link), Purpose.CLOSURE), standing(nothing, note=note), ABLE, NOW)
        for note, link in [("换了压缩机", None), (LONG, None), (LONG, PAGE)]
    ]
    assert shown == [(SendMethod.GRANT,), (), (SendMethod.GRANT,)]


def test_the_best_way_comes_first_and_what_the_account_cannot_do_is_left_out() -> None:
    sent, typed = message(CLOSURE, Purpose.CLOSURE), Window("wechat", "oMei", typed_at=NOW)
    accounts = [ABLE, replace(ABLE, menus=False), replace(ABLE, custom=False), Abilities()]
    assert [allowed_methods(sent, standing(typed), account, NOW) for account in accounts] == [
        (SendMethod.MENU, SendMethod.TEXT, SendMethod.GRANT),
        (SendMethod.TEXT, SendMethod.GRANT),
        (SendMethod.GRANT,),
        (SendMethod.MENU, SendMethod.TEXT),
    ]


# -- what opens and closes ----------------------------------------------------------------------------------------


def heard(said: Said, seconds: float = 0, number: str = "") -> Inbound:
    at = NOW + timedelta(seconds=seconds)
    return Inbound("wechat:1", Address("wechat", "oMei"), Person("oMei"), at, said, message=number)


BOTH = Window("wechat", "oMei", NOW, 4, NOW, 2)
LATER = NOW + timedelta(seconds=20)


def test_words_open_two_days_and_a_click_a_minute() -> None:
    at = NOW + timedelta(seconds=9)
    assert window_opened(BOTH, heard(Text("4"), 9, "77"), LATER) == replace(BOTH, typed_at=at, typed_used=0)
    click = replace(BOTH, clicked_at=at, clicked_used=0)
    assert window_opened(BOTH, heard(Tap(Verb.SKIP, "int_1"), 9), LATER) == click
    assert window_opened(BOTH, heard(Joined(), 9), LATER) == click
    assert window_opened(BOTH, heard(Text("帮助"), 9), LATER) == click  # the account's own menu: it has no number


def test_leaving_shuts_both_and_a_grant_opens_none() -> None:
    assert window_opened(BOTH, heard(Left(), 9), LATER) == window_closed(BOTH) == Window("wechat", "oMei")
    assert window_opened(BOTH, heard(Granted("SUB"), 9), LATER) == BOTH


def test_what_comes_late_or_twice_gives_nothing_back() -> None:
    for said, number in ((Text("4"), "77"), (Tap(Verb.SKIP, "int_1"), "")):
        assert window_opened(BOTH, heard(said, 0, number), LATER) == BOTH
        assert window_opened(BOTH, heard(said, -60, number), LATER) == BOTH


def test_a_clock_that_is_ahead_opens_nothing_in_the_future() -> None:
    assert window_opened(BOTH, heard(Text("4"), 500, "77"), LATER).typed_at == LATER


def test_a_message_counts_against_all_that_is_open() -> None:
    assert message_spent(BOTH, NOW) == replace(BOTH, typed_used=5, clicked_used=3)
    assert message_spent(BOTH, NOW + timedelta(minutes=1)) == replace(BOTH, typed_used=5)
    assert message_spent(BOTH, NOW + timedelta(days=2)) == BOTH


def test_used_up_leaves_nothing_of_what_is_open() -> None:
    one = Window("wechat", "oMei", NOW, 1, NOW, 1)
    assert messages_left(window_used_up(one, NOW), NOW) == 0
    assert window_used_up(one, NOW + timedelta(minutes=1)) == replace(one, typed_used=5)


def test_what_is_scheduled_by_the_window_ends_when_sending_does() -> None:
    lasts = WECHAT.capabilities.reply_window
    assert lasts == timedelta(hours=47, minutes=50)
    open_window = Window("wechat", "oMei", typed_at=NOW)
    assert messages_left(open_window, NOW + lasts - timedelta(seconds=1)) == 5
    assert messages_left(open_window, NOW + lasts) == 0

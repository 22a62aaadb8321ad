"""Buttons stay in chats for months: what was written once is read for ever, to the byte."""

import pytest

from bot.channels.button_data import ButtonCodec
from bot.channels.sandbox.channel import BUTTON
from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from dialogs.messages import Tap, Verb

RATE = Tap(Verb.RATE, "int_4xkq7m2p5w3z6y8b", "attitude", 5)
BACK = Tap(Verb.BACK, "iss_a", "", -1)


@pytest.mark.parametrize(
    ("codec", "tap", "data"),
    [
        (CALLBACK_DATA, RATE, "ra|int_4xkq7m2p5w3z6y8b|attitude|5"),
        (CALLBACK_DATA, BACK, "ba|iss_a||-1"),
        (MENU_ITEM_ID, RATE, "ra|int_4xkq7m2p5w3z6y8b|attitude|5"),
        (BUTTON, RATE, '["ra","int_4xkq7m2p5w3z6y8b","attitude",5]'),
        (BUTTON, BACK, '["ba","iss_a","",-1]'),
    ],
    ids=["telegram", "telegram, below zero", "wechat", "sandbox", "sandbox, below zero"],
)
def test_the_bytes_of_a_button_are_the_same_as_ever(codec: ButtonCodec, tap: Tap, data: str) -> None:
    assert codec.encode(tap) == data
    assert codec.decode(data) == tap


@pytest.mark.parametrize(
    "data", ["ra|int_a\0|q|1", "ra|int_a|q\u2028|1", "ra|int_a|\ud83d|1", "ra|int_a|q|99999999999"]
)
def test_a_forged_button_brings_nothing_that_a_database_refuses(data: str) -> None:
    assert CALLBACK_DATA.decode(data) is None
    assert MENU_ITEM_ID.decode(data) is None

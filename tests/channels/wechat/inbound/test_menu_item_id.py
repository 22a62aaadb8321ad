"""Every tap we make fits an item's id and comes back whole; whatever else is clicked is nothing, never an error."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from dialogs.ids import derive
from dialogs.messages import Tap, Verb

QUESTIONS = st.text(string.ascii_lowercase + string.digits + "_-", min_size=1, max_size=24)
STEPS = st.just("") | QUESTIONS | QUESTIONS.map("remark:{}".format)
SUBJECTS = st.builds(derive, st.sampled_from(["int", "iss", "inv", "camp"]), st.text(max_size=8))
TAPS = st.builds(Tap, st.sampled_from(Verb), SUBJECTS, STEPS, st.integers(-9999, 99999))


@given(TAPS)
def test_a_tap_comes_back_as_it_went(tap: Tap) -> None:
    data = MENU_ITEM_ID.encode(tap)
    assert 1 <= len(data.encode()) <= MENU_ITEM_ID.most
    assert MENU_ITEM_ID.decode(data) == tap


@given(st.text() | st.from_regex(r"(ra|sk|xx)\|[a-z]*\|[a-z:]*\|[-0-9٤４ +]*", fullmatch=True))
@example("ra|int|q|04")
@example("ra|int|q|４")
@example("\ud83d|||")
@example("ra|" + "a" * 70 + "||0")
def test_no_id_makes_decoding_raise_and_only_our_own_writing_is_read(data: str) -> None:
    tap = MENU_ITEM_ID.decode(data)
    assert tap is None or MENU_ITEM_ID.encode(tap) == data


@pytest.mark.parametrize(
    "tap",
    [
        Tap(Verb.RATE, "int_a", "q" * 70, 1),
        Tap(Verb.RATE, "int_a", "问" * 20, 1),
        Tap(Verb.RATE, "int|a", "q", 1),
        Tap(Verb.RATE, "int_a", "q|r", 1),
        Tap(Verb.RATE, "int_a", "q", 10**11),
    ],
    ids=["too long", "too many bytes", "bar in the subject", "bar in the step", "too big a number"],
)
def test_a_tap_that_no_item_can_carry_is_refused_with_the_reason(tap: Tap) -> None:
    with pytest.raises(ValueError, match="within 64 bytes"):
        MENU_ITEM_ID.encode(tap)

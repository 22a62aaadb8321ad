"""Whatever a customer, a team, a help desk and the calendar do in any order, the promises to people hold."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import tries
from tests.support.stage.walk import Deed, Walk

_OFTEN = (Deed.TAP, Deed.TAP, Deed.SAY, Deed.PRESS, Deed.PRESS, Deed.REPLY, Deed.WAIT)
_STEPS = st.tuples(st.sampled_from((*_OFTEN, *_OFTEN, *_OFTEN, *Deed)), st.integers(0, 5000))


@tries(50, derandomize=True)
@given(st.lists(_STEPS, min_size=40, max_size=100))
def test_no_order_of_events_breaks_a_promise(steps: list[tuple[Deed, int]]) -> None:
    walk = Walk()
    for deed, number in steps:
        walk.step(deed, number)

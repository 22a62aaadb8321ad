from hypothesis import given, settings, strategies as st
from tests.support.stage.walk import Deed, Walk
_OFTEN = (Deed.TAP, Deed.SAY, Deed.SAY, Deed.PRESS, Deed.PRESS, Deed.PRESS, Deed.REPLY, Deed.WAIT, Deed.CALL)
_STEPS = st.tuples(st.sampled_from((*_OFTEN, *_OFTEN, *_OFTEN, *Deed)), st.integers(0, 5000))
@settings(max_examples=350, deadline=None, derandomize=False, database=None)
@given(st.lists(_STEPS, min_size=60, max_size=150))
def test_x(steps):
    walk = Walk()
    for deed, number in steps:
        walk.step(deed, number)

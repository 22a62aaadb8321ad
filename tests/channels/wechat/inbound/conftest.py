"""A desk with one customer, before which WeChat pushes."""

import pytest

from tests.channels.wechat.inbound.post import OPENID, Post
from tests.support.web.clockwork import Clockwork
from tests.support.wechat import Customer


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
def post(clock: Clockwork) -> Post:
    made = Post(clock)
    made.account.customers[OPENID] = Customer(OPENID, "王女士", "u")
    return made

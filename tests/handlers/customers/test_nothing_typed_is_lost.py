"""Whatever a customer types, at whatever step: it is in the response, in an issue, or in the file of their data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sandbox.channel import PHONE
from dialogs.interview.events import Back, Rated, RatedAll, Skipped, Undone
from dialogs.interview.model import OPEN, Interview
from dialogs.interview.understand import understand
from dialogs.messages import Person, Text
from dialogs.understanding.commands import command, storable
from scoring.values import replace
from storage.model.records import InboxRow, IssueEvent
from tests.support.examples import tries
from tests.support.stage.company import Company

CHANNELS: dict[str, dict[str, Any]] = {
    "telegram": {"edits": True, "staffed": False},
    "wechat": {"edits": False, "buttons": False, "staffed": True},
    "sandbox": {},
}
"""The capabilities that tell the chats apart; a real channel keeps no deliveries to draw."""
MEI = Person("p1", "王女士")
_PHRASES = st.sampled_from(
    [
        *("还没好", "2分，等了半天", "都是1分", "8/10", "5分👎", "谢谢", "你们谁啊", "转人工", "算了", "别再发了"),
        *("恢复", "我要投诉", "你们太不像话了", "退款", "发票怎么开", "还没解决", "跳过", "上一步", "撤销", "4"),
        *("很差", "没有", "5", "ok", "nobody came", "师傅很好很耐心", "不知道，没用过", "very good service"),
    ]
)
_TEXTS = st.lists(st.one_of(_PHRASES, st.text(min_size=1, max_size=30)), min_size=3, max_size=12)


def _company(channel: str) -> Company:
    company = Company("09:00", survey__quarantine="0s")
    can = company.stage.policy.capabilities
    here = replace(can[PHONE.channel], **CHANNELS[channel], simulated=channel == "sandbox")
    company.stage.adopt(replace(company.stage.policy, capabilities={**can, PHONE.channel: here}))
    company.closes()
    company.waits(minutes=31)
    return company


def _to_be_found(company: Company, text: str) -> str:
    """Return what has to be kept of a text, nothing where it is a command or an answer stored as what it means."""
    if not storable(text) or command(text) is not None:
        return ""
    open_now = [one for one in company.stage.rows.listed(Interview) if one.state in OPEN]
    if not open_now:
        return storable(text)
    survey, lexicon = company.stage.policy.survey_version(open_now[-1].survey), company.stage.policy.lexicon
    event = understand(text, open_now[-1], survey, lexicon)
    if isinstance(event, Rated | RatedAll):
        return event.remark
    if isinstance(event, Skipped):
        return event.text
    return "" if isinstance(event, Back | Undone) else storable(text)


def _kept(company: Company) -> str:
    rows = company.stage.rows
    texts = [text for one in rows.listed(Interview) for text in one.texts]
    return "\n".join((*texts, *(line.text or "" for line in rows.listed(IssueEvent))))


@pytest.mark.parametrize("channel", CHANNELS)
@tries(60)
@given(texts=_TEXTS)
@pytest.mark.row("S1-20")
def test_every_text_is_found(channel: str, texts: list[str]) -> None:
    company = _company(channel)
    for text in texts:
        wanted = _to_be_found(company, text)
        company.stage.hear(PHONE, MEI, Text(text))
        delivery = company.stage.rows.listed(InboxRow)[-1]
        assert wanted in _kept(company) or delivery.raw, text

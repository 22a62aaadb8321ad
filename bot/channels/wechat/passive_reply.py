"""The passive reply: what is answered to a push in its own HTTP answer, and costs no message."""

import re

from bot.channels.wechat.parse import Push
from bot.channels.wechat.stored_reply import decode

__all__ = ["reply_to"]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def reply_to(push: Push, stored: str, seconds: int) -> str:
    """Write the reply that was decided (`InboxRow.answer`), as of these Unix seconds; empty where there is none."""
    from bot.channels.wechat.wechatpy_adapter import TextReply, TransferCustomerServiceReply  # noqa: PLC0415 (slow, rarely needed)

    answer = decode(stored) if push.is_answerable else None
    if answer is None:
        return ""
    ends = {"source": push.account, "target": push.openid, "time": seconds}
    reply = TransferCustomerServiceReply(**ends) if answer.transfer else TextReply(**ends, content=_inside(answer.text))
    return str(reply.render())


def _inside(text: str) -> str:
    """Return a text that stays inside its CDATA, which wechatpy writes around it unseen."""
    return _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")

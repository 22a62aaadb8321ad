"""The passive reply: what is answered to a push in its own HTTP answer, and costs no message of the quota.

It is decided with the inbound and stored in `InboxRow.answer`, so that WeChat, which pushes again where no answer came
within five seconds, gets the same one.
"""

import msgspec

from bot.channels.wechat.inbound.parse import Push
from bot.channels.wechat.inbound.repair import without_forbidden
from scoring.values import Value

__all__ = ["HAND_OVER", "PassiveReply", "decode_reply", "encode_reply", "reply_to"]


class PassiveReply(Value, omit_defaults=True):
    """What is replied: a text, or (`transfer`) nothing, and the account's own staff takes over."""

    text: str = ""
    transfer: bool = False


HAND_OVER = PassiveReply(transfer=True)
_DECODER = msgspec.json.Decoder(PassiveReply)


def encode_reply(reply: PassiveReply) -> str:
    """Return the reply as JSON for `InboxRow.answer`: `{"text": "…"}` or `{"transfer": true}`."""
    return msgspec.json.encode(reply).decode()


def decode_reply(stored: str) -> PassiveReply | None:
    """Return the reply that was stored; None where nothing is replied."""
    return _DECODER.decode(stored) if stored else None


def reply_to(push: Push, stored: str, seconds: int) -> str:
    """Return the stored reply as XML, as of these Unix seconds; empty where nothing is replied."""
    from bot.channels.wechat.api.wechatpy_adapter import TextReply, TransferCustomerServiceReply  # noqa: PLC0415 (slow, rarely needed)

    decided = decode_reply(stored) if push.is_answerable else None
    if decided is None:
        return ""
    ends = {"source": push.account, "target": push.openid, "time": seconds}
    reply = (
        TransferCustomerServiceReply(**ends) if decided.transfer else TextReply(**ends, content=_inside(decided.text))
    )
    return str(reply.render())


def _inside(text: str) -> str:
    """Return a text that stays inside its CDATA, which wechatpy writes around it unescaped."""
    return without_forbidden(text).replace("]]>", "]]]]><![CDATA[>")

"""What the doctor asks WeChat: whether it gives the account a token, the same as to everybody; nothing is changed."""

from collections.abc import AsyncIterator

from bot.channels.wechat.api.account import Keys
from bot.channels.wechat.api.connection import Connection
from bot.channels.wechat.api.credentials import Complaint, complaint
from bot.channels.wechat.api.requests import Builder
from bot.channels.wechat.api.transport_errors import ApiError, WechatError

__all__ = ["examine"]


async def examine(keys: Keys) -> AsyncIterator[Complaint]:
    """Return what keeps this account from working."""
    connection = Connection(keys.api_base)
    try:
        answer = await connection.ask(Builder(keys.app_id).stable_token(keys.app_secret))
        if isinstance(answer, ApiError):
            yield complaint(answer)
        elif isinstance(answer, WechatError):
            yield "wechat.api_base", f"WeChat cannot be reached: {answer}.", "Check the address and the network."
        elif "access_token" not in answer:
            yield "wechat.api_base", "What answers there is not WeChat.", "Check the address."
    finally:
        await connection.close()

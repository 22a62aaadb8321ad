"""What the doctor asks WeChat: whether it gives the account a token, the same as to everybody; nothing is changed."""

from collections.abc import AsyncIterator

from bot.channels.descriptor import SettingProblem
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.wechat.api.account import AccountKeys
from bot.channels.wechat.api.credentials import problem_of
from bot.channels.wechat.api.requests import RequestWriter
from bot.channels.wechat.api.server import ApiServer

__all__ = ["examine"]


async def examine(keys: AccountKeys) -> AsyncIterator[SettingProblem]:
    """Yield what keeps this account from working."""
    server = ApiServer(keys.api_base)
    try:
        answer = await server.ask(RequestWriter(keys.app_id).stable_token(keys.app_secret))
        if isinstance(answer, ApiError):
            yield problem_of(answer)
        elif isinstance(answer, CallError):
            what = f"WeChat cannot be reached: {answer}."
            yield SettingProblem("wechat.api_base", what, "Check the address and the network.")
        elif "access_token" not in answer:
            yield SettingProblem("wechat.api_base", "What answers there is not WeChat.", "Check the address.")
    finally:
        await server.close()

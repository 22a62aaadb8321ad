"""What the doctor asks WeCom: whether the group robot is still there. Nothing appears in the group."""

from collections.abc import AsyncIterator

from bot.channels.descriptor import SettingProblem
from bot.channels.http_client.errors import ApiError
from bot.channels.wecom.errors import OF_THE_CONTENT, ROBOT_URL
from bot.channels.wecom.robot_api import RobotApi

__all__ = ["examine"]

_NOTHING = {"msgtype": "text", "text": {"content": ""}}
"""An empty text, which WeCom refuses for being empty only where it knows the key."""


async def examine(url: str) -> AsyncIterator[SettingProblem]:
    """Yield what keeps the robot from speaking."""
    api = RobotApi(url)
    try:
        error = await api.post(_NOTHING)
    finally:
        await api.close()
    if isinstance(error, ApiError):
        if error.code not in OF_THE_CONTENT:
            what = f"WeCom does not take the robot's key: {error}."
            yield SettingProblem(ROBOT_URL, what, "Copy the robot's address from the WeCom group again.")
    elif error is not None:
        yield SettingProblem(ROBOT_URL, f"WeCom cannot be reached: {error}.", "Check the address and the network.")

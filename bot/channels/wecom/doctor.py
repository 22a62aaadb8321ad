"""What the doctor asks WeCom: whether the group robot is still there. Nothing appears in the group."""

from collections.abc import AsyncIterator

from bot.channels.wecom.errors import ALARM, OF_THE_CONTENT
from bot.channels.wecom.wire import Answered, Wire

__all__ = ["Complaint", "examine"]

Complaint = tuple[str, str, str]
"""The setting, what is wrong with it, the fix."""

_NOTHING = {"msgtype": "text", "text": {"content": ""}}
"""An empty text, which WeCom refuses for being empty only where it knows the key."""


async def examine(url: str) -> AsyncIterator[Complaint]:
    """Return what keeps the robot from speaking."""
    wire = Wire(url)
    try:
        answer = await wire.post(_NOTHING)
    finally:
        await wire.close()
    if not isinstance(answer, Answered):
        yield ALARM, f"WeCom cannot be reached: {answer.why}.", "Check the address and the network."
    elif answer.code and answer.code not in OF_THE_CONTENT:
        what = f"WeCom does not take the robot's key: {answer.code} {answer.text}."
        yield ALARM, what, "Copy the robot's address from the WeCom group again."

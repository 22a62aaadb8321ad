"""The calls of a group robot (developer.work.weixin.qq.com, group robots): a message is posted, a file is uploaded."""

import msgspec

from bot.channels.http_client.client import FileForm, HttpCall, HttpClient, HttpLimits, JsonPayload, PostedFile
from bot.channels.http_client.errors import ApiError, CallError, foreign_answer
from bot.ports import CallWatch

__all__ = ["RobotApi"]

# A lease lasts long enough for several calls of fifteen seconds each. The messages of a group go one after another, so
# a few connections are plenty.
_LIMITS = HttpLimits(connections=4, connect=5.0, answer=10.0)
_LONGEST = 200
"""Characters kept of WeCom's explanation, which may quote the message."""


class _Answer(msgspec.Struct):
    errcode: int
    errmsg: str = ""
    media_id: str = ""


_DECODER = msgspec.json.Decoder(_Answer)


class RobotApi:
    """A robot at its address. Nothing else holds the address, because its key lets anybody post into the group."""

    def __init__(self, url: str, limits: HttpLimits = _LIMITS, watch: CallWatch | None = None) -> None:
        self._client = HttpClient(limits, watch)
        self._url = url

    async def post(self, body: object) -> CallError | None:
        """Post one message, as JSON; return what went wrong, None where WeCom took it."""
        answer = await self._client.exchange(HttpCall(self._url, JsonPayload(msgspec.json.encode(body))), _read)
        return answer if isinstance(answer, CallError) else None

    async def upload(self, file: PostedFile) -> str | CallError:
        """Return the id of a file, uploaded now, shown nowhere yet and good for three days, or what went wrong."""
        address = self._url.replace("/webhook/send", "/webhook/upload_media", 1)
        answer = await self._client.exchange(HttpCall(f"{address}&type=file", FileForm({}, file)), _read)
        return answer if isinstance(answer, CallError) else answer.media_id

    async def close(self) -> None:
        """Close the connections; later calls end in NeverLeftError."""
        await self._client.close()


def _read(status: int, body: bytes) -> _Answer | CallError:
    """Read an answer, whatever its status: WeCom's own are JSON objects with `errcode`, 0 for success."""
    try:
        answer = _DECODER.decode(body)
    except msgspec.MsgspecError:
        return foreign_answer(status, "WeCom")
    return ApiError(answer.errcode, answer.errmsg[:_LONGEST]) if answer.errcode else answer

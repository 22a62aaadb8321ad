"""The channel of a WeCom group robot: it sends, and receives nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial

from bot.channels.descriptor import MadeFile, ReadFile, SettingProblem
from bot.channels.http_client.client import PostedFile
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.http_client.reachability import why_unreached
from bot.channels.wecom.errors import OF_THE_CONTENT, ROBOT_URL, robot_delivery
from bot.channels.wecom.present import (
    Mentions,
    RobotMessage,
    Say,
    file_message,
    is_carried,
    picture_message,
    robot_messages,
    text_only,
)
from bot.channels.wecom.rate_limits import RobotRateLimit
from bot.channels.wecom.robot_api import RobotApi
from bot.ports import Binding, CallWatch, Clock, Delivery, Refused, Retry, Sent, Unknown
from dialogs.messages import FileRef, Prompt
from dialogs.phrases import Phrases
from scoring.values import replace
from storage.model.records import OutboxMessage

__all__ = ["RobotChannel", "examine_robot", "open_robot"]

_PAUSE = 60.0
"""Seconds before a message is tried again that an unexpected exception kept from being sent."""
_NOTHING = {"msgtype": "text", "text": {"content": ""}}
"""An empty text, which WeCom refuses for being empty only where it knows the key."""
logger = logging.getLogger(__name__)

_Gathered = list[tuple[OutboxMessage, asyncio.Future[Delivery]]]


class RobotChannel:
    """Sends to one group. Messages given at the same moment are sent as one and have the same outcome.

    `rate_limit` is its pace, for the send queue.
    """

    name = "wecom"

    def __init__(
        self, api: RobotApi, mentions: Mentions, say: Say, clock: Clock, read_file: ReadFile | None = None
    ) -> None:
        """Post by `api`; without `read_file` files go as links."""
        self.rate_limit = RobotRateLimit(wanted=1 if mentions == Mentions() else 2)
        self._api = api
        self._mentions = mentions
        self._say = say
        self._clock = clock
        self._read_file = read_file
        self._gathering: _Gathered = []
        self._told: set[str] = set()
        """Messages of which the words have arrived and the file has not."""

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Send a message; a robot cannot edit, so it is always new. Never raises; cancelled, it is in doubt."""
        del edits
        file = message.prompt.file
        if file is not None and self._read_file is not None and is_carried(file):
            return await self._with_file(message, file, self._read_file)
        return await self._gathered(replace(message, prompt=message.prompt.without_file))

    async def _gathered(self, message: OutboxMessage) -> Delivery:
        outcome = asyncio.get_running_loop().create_future()
        self._gathering.append((message, outcome))
        if len(self._gathering) == 1:
            await asyncio.sleep(0)  # messages that go together are given before the loop's next turn
            gathered, self._gathering = self._gathering, []
            await self._settle(gathered)
        delivery: Delivery = await outcome
        return delivery

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Ignore it: a robot has no buttons."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Raise LookupError: customers cannot open a chat with a robot."""
        del token, expires_at
        raise LookupError("a WeCom group robot is for the team; customers cannot open a chat with it")

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _with_file(self, message: OutboxMessage, file: FileRef, read_file: ReadFile) -> Delivery:
        """Post the words, then the file; once the words are in the group, only the file is tried again."""
        try:
            made = await read_file(message.prompt)
        except LookupError:
            return await self._gathered(replace(message, prompt=message.prompt.without_file))
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing has left
            return Retry(_PAUSE, f"the file cannot be read now: {type(error).__name__}")
        if message.id not in self._told:
            outcome = await self._gathered(replace(message, prompt=replace(message.prompt, file=None)))
            if not isinstance(outcome, Sent):
                return outcome
            self._told.add(message.id)
        outcome = await self._post_file(message, file, made)
        if isinstance(outcome, Refused) and not outcome.alarm and file.page is not None:
            logger.warning("WeCom refuses the file of %s, so a link goes: %s", message.id, outcome.why)
            link = replace(message, prompt=Prompt(f"{file.page.label}\n{file.page.url}"))
            outcome = await self._post(text_only([link], Mentions()), message)
        if not isinstance(outcome, Retry):
            self._told.discard(message.id)
        return outcome

    async def _post_file(self, message: OutboxMessage, file: FileRef, made: MadeFile) -> Delivery:
        post = picture_message(file, made.content)
        if post is None:
            media = await self._api.upload(PostedFile("media", made.name, made.media_type, made.content))
            if isinstance(media, CallError):
                outcome = robot_delivery(media, message.id, message.attempts)
                return Retry(_PAUSE, outcome.why) if isinstance(outcome, Unknown) else outcome  # it shows nowhere yet
            post = file_message(media)
        return await self._post([post], message)

    async def _settle(self, gathered: _Gathered) -> None:
        try:
            outcome = await self._deliver([message for message, _ in gathered])
        except Exception as error:  # whatever it is, the alert is not lost
            logger.exception("sending %s failed in a way that is not foreseen", gathered[0][0].id)
            outcome = Retry(_PAUSE, type(error).__name__)
        for _, waiting in gathered:
            if not waiting.done():
                waiting.set_result(outcome)

    async def _deliver(self, messages: Sequence[OutboxMessage]) -> Delivery:
        outcome = await self._post(robot_messages(messages, self._mentions, self._say), messages[0])
        if isinstance(outcome, Refused) and not outcome.alarm:
            logger.warning("WeCom refuses the card of %s, so it goes as text: %s", messages[0].id, outcome.why)
            return await self._post(text_only(messages, self._mentions), messages[0])
        return outcome

    async def _post(self, posts: Sequence[RobotMessage], message: OutboxMessage) -> Delivery:
        """Post one after another. A post that fails ends it, except one that only mentions people."""
        for post in posts:
            self.rate_limit.spend(self._clock.monotonic())
            outcome = robot_delivery(await self._api.post(post.body), message.id, message.attempts)
            if not isinstance(outcome, Sent):
                return outcome if post.has_news else self._unmentioned(message, outcome)
        return Sent(message.id)

    def _unmentioned(self, message: OutboxMessage, outcome: Delivery) -> Delivery:
        """Return that the message was sent: the card is in the group, only the mention is missing."""
        logger.warning("the card of %s arrived, the text that mentions people did not: %s", message.id, outcome)
        if isinstance(outcome, Retry) and outcome.pauses_all:
            self.rate_limit.pause(self._clock.monotonic() + outcome.after)
        return Sent(message.id)


def open_robot(  # noqa: PLR0913 (each is needed, and none belongs to another)
    url: str,
    on_call: Sequence[str],
    phrases: Phrases,
    locale: str,
    clock: Clock,
    *,
    watch: CallWatch | None = None,
    read_file: ReadFile | None = None,
) -> RobotChannel:
    """Return the channel of one robot; nothing is sent before the first message.

    `on_call` are user ids, and mobile numbers of eleven digits.
    """
    say = partial(phrases.say, phrases.locale(locale))
    return RobotChannel(RobotApi(url, watch=watch), Mentions.of(on_call), say, clock, read_file)


async def examine_robot(url: str) -> AsyncIterator[SettingProblem]:
    """Yield what keeps the robot from sending, for `huifang doctor`; nothing appears in the group."""
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
        what = f"WeCom cannot be reached: {await why_unreached(url, error)}."
        yield SettingProblem(ROBOT_URL, what, "Check the address and the network.")

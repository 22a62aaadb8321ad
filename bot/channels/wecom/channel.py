"""The group robot as one of the product's channels: it speaks, and hears nothing."""

import asyncio
import logging
import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.channels.wecom.errors import delivery_of
from bot.channels.wecom.present import Call, Piece, Say, in_words, pieces
from bot.channels.wecom.rate_limit import Allowance
from bot.channels.wecom.robot_api import RobotApi
from bot.ports import Binding, Clock, Delivery, Refused, Retry, Sent
from dialogs.phrases import Phrases
from storage.model.records import OutboxMessage

__all__ = ["RobotChannel", "open_robot"]

_MOBILE = re.compile(r"1\d{10}")
_PAUSE = 60.0
"""Seconds before a message is tried again with which a mistake of ours got in the way."""
logger = logging.getLogger(__name__)

Together = list[tuple[OutboxMessage, asyncio.Future[Delivery]]]


class RobotChannel:
    """Speaks into one group. What it is given at the same moment goes as one message and shares its fate.

    `allowance` is its rate limit, for the queue.
    """

    name = "wecom"

    def __init__(self, api: RobotApi, call: Call, say: Say, clock: Clock) -> None:
        self.allowance = Allowance(wanted=1 if call == Call() else 2)
        self._api = api
        self._call = call
        self._say = say
        self._clock = clock
        self._gathering: Together = []

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Say a message; a robot cannot edit, so it is always a new one. Never raises; cancelled, it is in doubt."""
        del edits
        told = asyncio.get_running_loop().create_future()
        self._gathering.append((message, told))
        if len(self._gathering) == 1:
            await asyncio.sleep(0)  # whoever goes together starts in the same moment
            gathered, self._gathering = self._gathering, []
            await self._tell(gathered)
        delivery: Delivery = await told
        return delivery

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Do nothing: a robot has no buttons."""

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Refuse: nobody opens a chat with a robot."""
        del token, expires_at
        raise LookupError("a WeCom group robot is for the team; customers cannot open a chat with it")

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _tell(self, gathered: Together) -> None:
        try:
            outcome = await self._deliver([message for message, _ in gathered])
        except Exception as error:  # a mistake of ours loses no alert
            logger.exception("sending %s failed in a way that is not foreseen", gathered[0][0].id)
            outcome = Retry(_PAUSE, type(error).__name__)
        for _, told in gathered:
            if not told.done():
                told.set_result(outcome)

    async def _deliver(self, messages: Sequence[OutboxMessage]) -> Delivery:
        outcome = await self._post(pieces(messages, self._call, self._say), messages[0])
        if isinstance(outcome, Refused) and not outcome.alarm:
            logger.warning("WeCom takes no card of %s, so it goes in words: %s", messages[0].id, outcome.why)
            return await self._post(in_words(messages, self._call), messages[0])
        return outcome

    async def _post(self, parcel: Sequence[Piece], message: OutboxMessage) -> Delivery:
        """Post one after another; only what calls people may be lost without all being said again."""
        for piece in parcel:
            self.allowance.spend(self._clock.monotonic())
            outcome = delivery_of(await self._api.post(piece.body), message.id, message.attempts)
            if not isinstance(outcome, Sent):
                return outcome if piece.news else self._uncalled(message, outcome)
        return Sent(message.id)

    def _uncalled(self, message: OutboxMessage, outcome: Delivery) -> Delivery:
        """Let it be: the card stands in the group, nobody was mentioned."""
        logger.warning("the card of %s arrived, the text that mentions people did not: %s", message.id, outcome)
        if isinstance(outcome, Retry) and outcome.pauses_all:
            self.allowance.pause(self._clock.monotonic() + outcome.after)
        return Sent(message.id)


def open_robot(url: str, on_call: Sequence[str], phrases: Phrases, locale: str, clock: Clock) -> RobotChannel:
    """Return the channel of one robot; nothing is sent before the first message.

    `on_call` are user ids, and mobile numbers of eleven digits.
    """
    mobiles = tuple(one for one in on_call if _MOBILE.fullmatch(one))
    call = Call(tuple(one for one in on_call if one not in mobiles), mobiles)
    return RobotChannel(RobotApi(url), call, partial(phrases.say, phrases.locale(locale)), clock)

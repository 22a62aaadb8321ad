"""The groups that the bot is in: the team's, and others, in which it keeps silent and which it may leave."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot

from bot.channels.http_client.errors import CallError
from bot.channels.telegram.api.errors import TEAM_CHAT
from bot.channels.telegram.api.typed_bot import typed_call
from bot.channels.telegram.inbound.updates import read_update
from bot.ports import InboundResult, RaiseAlarm
from dialogs.messages import Inbound, Joined, Left
from dialogs.sanitize import one_line
from storage.model.errors import NOT_SAVED, DecisionFailed

__all__ = ["Groups"]

_LONGEST_TITLE = 60
_LEAVES_AFTER = 30.0
Again = Callable[[], Awaitable[InboundResult]]
logger = logging.getLogger(__name__)


class Groups:
    """Notes in the log what happens to the bot in groups: one line for each group that is not the team's.

    Those are left where `leaves` says so, `waits` seconds later, unless they prove to be the team's: updates of the
    supergroup that a group has become may come before the one that tells it. A process notes a group once, and again
    when the bot is added to it anew.
    """

    def __init__(self, bot: Bot, alarm: RaiseAlarm, *, leaves: bool, waits: float = _LEAVES_AFTER) -> None:
        self._bot = bot
        self._alarm = alarm
        self._leaves = leaves
        self._waits = waits
        self._known: set[str] = set()
        self._leaving: set[asyncio.Task[None]] = set()

    def note(self, inbound: Inbound, raw: bytes, result: InboundResult, again: Again) -> None:
        """Note what was said or done in a group: `raw` is the update, and `result` tells whose the group is.

        `again` has the product look at it once more.
        """
        if result is InboundResult.ELSEWHERE:
            self._note_other(inbound, raw, again)
        elif result is InboundResult.NEW:
            self._note_own(inbound)

    def _note_own(self, inbound: Inbound) -> None:
        chat = inbound.place.chat
        match inbound.said:
            case Left():
                why = f"The bot was removed from the team's chat {chat}: alerts wait until it is there again"
                self._alarm(TEAM_CHAT, f"{why}, or telegram.team_chat names another group.")
            case Joined():
                logger.info("the bot was added to the team's chat %s", chat)
            case _:
                if inbound.moved_to:
                    logger.info("the group %s is a supergroup now, with the id %s", chat, inbound.moved_to)

    def _note_other(self, inbound: Inbound, raw: bytes, again: Again) -> None:
        chat = inbound.place.chat
        if isinstance(inbound.said, Left):
            self._known.discard(chat)
            logger.info("the bot is no longer in the group %s", chat)
        elif chat not in self._known or isinstance(inbound.said, Joined):
            self._known.add(chat)
            what = "leaves it" if self._leaves else "says nothing there; telegram.leave_other_groups lets it leave"
            told = "the bot is in the group %s %r, which is not the team's (telegram.team_chat), and %s"
            logger.warning(told, chat, _title(raw), what)
            if self._leaves:
                task = asyncio.ensure_future(self._leave(chat, again))
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)

    async def _leave(self, chat: str, again: Again) -> None:
        await asyncio.sleep(self._waits)
        try:
            if await again() is not InboundResult.ELSEWHERE:
                logger.info("the group %s is the team's, so the bot stays", chat)
                return
            await typed_call(self._bot.leave_chat(chat))
        except (CallError, DecisionFailed, *NOT_SAVED) as error:
            logger.warning("the bot could not leave the group %s; at the next start it tries again: %s", chat, error)


def _title(raw: bytes) -> str:
    update = read_update(raw)
    happened = update.message or update.edited_message or update.my_chat_member
    return one_line(happened.chat.title, _LONGEST_TITLE) if happened is not None else ""

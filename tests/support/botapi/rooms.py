"""A chat seen from outside, and one person in it: they write, press, reply, edit, and look."""

from dataclasses import dataclass
from typing import Literal

from tests.support.botapi.bot import Bot
from tests.support.botapi.messages import payloads
from tests.support.botapi.messages.entities import commands_in
from tests.support.botapi.world import BOT_NAME, Account, Answer, Chat, Message, Tap
from tests.support.time.patience import PATIENCE

__all__ = ["Room", "Speaker"]


@dataclass(slots=True)
class Room:
    """A chat seen from outside: what stands in it, and waiting for it to change."""

    bot: Bot
    chat_id: int

    @property
    def chat(self) -> Chat:
        """Return the chat that people write in now, also after a migration."""
        return self.bot.world.successor(self.bot.world.chats[self.chat_id])

    @property
    def messages(self) -> list[Message]:
        """List what the bot has in the chat as it reads now, the oldest first."""
        return [message for message in reversed(self.chat.newest()) if message.by_bot]

    @property
    def last(self) -> Message:
        """Return the bot's newest message; raises AssertionError when there is none."""
        assert self.messages, f"the bot has written nothing in {self.chat.title}"
        return self.messages[-1]

    async def sees(self, fragment: str, *, after: Message | None = None, within: float = PATIENCE) -> Message:
        """Wait for a message of the bot that contains this, newer than `after`; gives the newest such one."""
        oldest = after.id if after is not None else 0

        def look() -> Message | None:
            return next((m for m in reversed(self.messages) if fragment in m.text and m.id > oldest), None)

        return await self.chat.bell.until(look, within, lambda: f"{fragment!r} in {self.picture()}")

    async def sees_button(self, label: str, *, within: float = PATIENCE) -> Message:
        """Wait for a message of the bot with a button that reads or begins like this; gives the newest one."""

        def look() -> Message | None:
            return next((m for m in reversed(self.messages) if m.button(label)), None)

        return await self.chat.bell.until(look, within, lambda: f"button {label!r} in {self.picture()}")

    def picture(self) -> str:
        """Draw the chat as text, for the message of a failed test."""
        lines = [
            f"{m.id} {'bot' if m.by_bot else m.author}: {m.text!r} {m.buttons}" for m in self.chat.messages.values()
        ]
        return "\n".join([self.chat.title, *lines])


@dataclass(slots=True)
class Speaker(Room):
    """One person in one chat."""

    account: Account

    async def says(self, text: str, *, reply_to: Message | None = None, topic: int | None = None) -> Message:
        """Write a text, in a topic where one is named or replied to; gives the message.

        In a group the bot hears only what privacy mode lets through.
        """
        self._may_write()
        message = Message(
            self.bot.world.next_message_id(self.chat),
            self.chat.id,
            self.account.id,
            text,
            self.bot.now(),
            entities=commands_in(text),
            reply_to=reply_to.id if reply_to else None,
            topic=topic or (reply_to.topic if reply_to else None),
        )
        self.bot.world.store(self.chat, message)
        if self._bot_hears(message):
            self._tell("message", message)
        return message

    async def replies_to(self, message: Message, text: str) -> Message:
        """Write a text as a reply to a message of this chat; gives the reply."""
        return await self.says(text, reply_to=message)

    async def edits(self, message: Message, text: str) -> None:
        """Change the text of a message that this person has written."""
        assert message.author == self.account.id, "people edit only what they wrote"
        message.text, message.entities = text, commands_in(text)
        message.edits += 1
        message.edited_at = self.bot.now()
        if self._bot_hears(message):
            self._tell("edited_message", message)

    async def taps(self, label: str, *, message: Message | None = None, within: float = PATIENCE) -> Tap:
        """Press the button that reads or begins like this; gives the press.

        Waits for such a button on any message and takes the newest, or takes the `message` as it stands now.
        A keyboard that the bot has edited away since is pressed by `taps_data`.
        """
        found = message if message is not None else await self.sees_button(label, within=within)
        button = found.button(label)
        assert button is not None, f"no button {label!r}, only {found.buttons}"
        assert "callback_data" in button, f"{label!r} tells the bot nothing: {button}"
        return await self.taps_data(button["callback_data"], message=found)

    async def taps_data(self, data: str, *, message: Message | None = None) -> Tap:
        """Press a button with this data, whether or not the message has such a one (forged, or edited away)."""
        self._may_write()
        target = message if message is not None else self.last
        world = self.bot.world
        tap = Tap(
            str(4_000_000_000 + len(world.taps)), self.account.id, self.chat.id, target.id, data, self.bot.clock()
        )
        world.taps[tap.id] = tap
        content = payloads.callback(world, tap)
        tap.update_id = self.bot.updates.put("callback_query", content, f"user:{self.account.id}")
        return tap

    async def answered(self, *, within: float = PATIENCE) -> Answer:
        """Wait until this person's newest press in this chat is answered; gives what the bot showed."""
        mine = [t for t in self.bot.world.taps.values() if (t.user_id, t.chat_id) == (self.account.id, self.chat.id)]
        assert mine, f"{self.account.name} has pressed nothing"
        return await self.chat.bell.until(lambda: mine[-1].answer, within, lambda: f"an answer to {mine[-1]}")

    def _may_write(self) -> None:
        assert self.account.id in self.chat.members, f"{self.account.name} is not in {self.chat.title}"
        assert self.chat.kind != "private" or self.chat.bot == "member", f"{self.account.name} must press Start first"

    def _bot_hears(self, message: Message) -> bool:
        """Apply privacy mode: commands, replies to the bot, everything in private or as an admin."""
        chat = self.chat
        if chat.bot not in {"member", "administrator"}:
            return False
        if chat.kind == "private" or chat.bot == "administrator":
            return True
        original = chat.messages.get(message.reply_to or 0)
        if original is not None and original.by_bot:
            return True
        return message.text.startswith("/") and self._is_for_this_bot(message.text.split()[0])

    def _is_for_this_bot(self, command: str) -> bool:
        """Plain commands come through when the bot was the last bot to write; here it is the only one."""
        return command.endswith(f"@{BOT_NAME}") or ("@" not in command and bool(self.messages))

    def _tell(self, kind: Literal["message", "edited_message"], message: Message) -> None:
        self.bot.updates.put(kind, payloads.message(self.bot.world, message), f"chat:{self.chat.id}")

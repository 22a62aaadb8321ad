"""Who surrounds the bot: a person in their private chat, and a group."""

from dataclasses import dataclass
from typing import Literal

from tests.support.botapi.bot import Bot
from tests.support.botapi.messages import payloads
from tests.support.botapi.rooms import Room, Speaker
from tests.support.botapi.world import BOT_ID, Account, Chat, Message, Standing

__all__ = ["Group", "Person", "Speaker"]


def _set_standing(bot: Bot, chat: Chat, by: Account, standing: Standing) -> None:
    """Change how the bot stands in a chat and tell the bot."""
    before = "left" if chat.bot == "stranger" else chat.bot
    chat.bot = standing
    change = payloads.standing_change(chat, by, before, standing, bot.now())
    bot.updates.put("my_chat_member", change, f"standing:{chat.id}")


@dataclass(slots=True)
class Person(Speaker):
    """Somebody in their private chat with the bot."""

    @classmethod
    def known(cls, bot: Bot, number: int, name: str, language: str | None) -> "Person":
        """Return the person with this id, brought into the world if new; they have not pressed Start yet."""
        account = bot.world.accounts.setdefault(number, Account(number, name, language))
        chat = Chat(number, "private", account.name, members={number: "member"})
        bot.world.chats.setdefault(number, chat)
        return cls(bot, number, account)

    async def start(self, payload: str | None = None) -> Message:
        """Press Start, from a deep link when there is a payload; lifts a block first."""
        await self.unblocks()
        self.chat.bot = "member"
        return await self.says(f"/start {payload}" if payload else "/start")

    async def blocks(self) -> None:
        """Block the bot: it is told, and cannot write any more."""
        _set_standing(self.bot, self.chat, self.account, "kicked")

    async def unblocks(self) -> None:
        """Lift the block, if there is one: the bot is told."""
        if self.chat.bot == "kicked":
            _set_standing(self.bot, self.chat, self.account, "member")

    async def deactivates(self) -> None:
        """Delete the account; nobody tells the bot."""
        self.account.deactivated = True


@dataclass(slots=True)
class Group(Room):
    """A group or supergroup that the bot is in."""

    @classmethod
    def founded(
        cls, bot: Bot, number: int, title: str, members: list[Account], *, bot_is_admin: bool = False
    ) -> "Group":
        """Bring a group into the world; nobody tells the bot."""
        kind: Literal["group", "supergroup"] = "supergroup" if str(number).startswith("-100") else "group"
        standing: Standing = "administrator" if bot_is_admin else "member"
        ranks = {member.id: "creator" if place == 0 else "member" for place, member in enumerate(members)}
        bot.world.chats[number] = Chat(number, kind, title, standing, ranks)
        return cls(bot, number)

    def member(self, person: Speaker) -> Speaker:
        """Return this person as they act in this group."""
        return Speaker(self.bot, self.chat.id, person.account)

    def joins(self, person: Speaker, rank: str = "member") -> None:
        """Let a person into the group."""
        self.chat.members[person.account.id] = rank

    def removes_bot(self, by: Speaker) -> None:
        """Throw the bot out: it is told, and cannot write any more."""
        _set_standing(self.bot, self.chat, by.account, "kicked")

    def adds_bot(self, by: Speaker, standing: Standing = "member") -> None:
        """Let the bot in, or change its rank: it is told."""
        _set_standing(self.bot, self.chat, by.account, standing)

    def migrate(self, new_id: int | None = None) -> Chat:
        """Turn the group into a supergroup, as Telegram does when it grows; gives the new chat."""
        old = self.chat
        assert old.kind == "group", "only a basic group can become a supergroup"
        number = new_id if new_id is not None else -1_000_000_000_000 + old.id
        new = Chat(number, "supergroup", old.title, old.bot, dict(old.members), migrated_from=old.id)
        self.bot.world.chats[number] = new
        self._announce(old, {"migrate_to_chat_id": number})
        old.migrated_to = number
        self._announce(new, {"migrate_from_chat_id": old.id})
        self.chat_id = number
        return new

    def _announce(self, chat: Chat, service: dict[str, int]) -> None:
        owner = next(iter(chat.members), BOT_ID)
        world = self.bot.world
        notice = Message(world.next_message_id(chat), chat.id, owner, "", self.bot.now(), service=dict(service))
        world.store(chat, notice)
        self.bot.updates.put("message", payloads.message(world, notice), f"chat:{chat.id}")

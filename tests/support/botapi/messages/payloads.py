"""The JSON shapes in which the bot is told about people, chats and messages."""

from typing import Any

from tests.support.botapi.world import BOT_ID, BOT_NAME, Account, Chat, Message, Tap, World

__all__ = ["bot", "callback", "chat", "chat_member", "message", "standing_change", "user"]

Json = dict[str, Any]
ADMIN_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages "
    "can_manage_video_chats can_restrict_members can_promote_members can_change_info "
    "can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()


def bot() -> Json:
    """Describe the bot as a User."""
    return {
        "id": BOT_ID,
        "is_bot": True,
        "first_name": "回访",
        "username": BOT_NAME,
    }


def user(account: Account) -> Json:
    """Describe a person as a User."""
    shape: Json = {"id": account.id, "is_bot": False, "first_name": account.name}
    return shape | ({"language_code": account.language} if account.language else {})


def chat(room: Chat) -> Json:
    """Describe a chat as a Chat."""
    name = "first_name" if room.kind == "private" else "title"
    return {"id": room.id, "type": room.kind, name: room.title}


def message(world: World, said: Message, *, with_reply: bool = True) -> Json:
    """Describe a message as a Message; the message it replies to is one level deep."""
    room = world.chats[said.chat_id]
    author = bot() if said.by_bot else user(world.accounts[said.author])
    shape: Json = {
        "message_id": said.id,
        "from": author,
        "chat": chat(room),
        "date": said.date,
    }
    has_file = bool(said.document or said.photo)
    shape |= {"caption" if has_file else "text": said.text} if said.text else {}
    shape |= {"caption_entities" if has_file else "entities": said.entities} if said.entities else {}
    shape |= {"document": said.document} if said.document else {}
    shape |= {"photo": said.photo} if said.photo else {}
    shape |= {"edit_date": said.edited_at} if said.edited_at else {}
    shape |= {"reply_markup": {"inline_keyboard": said.keyboard}} if said.keyboard else {}
    shape |= {"message_thread_id": said.topic, "is_topic_message": True} if said.topic else {}
    original = room.messages.get(said.reply_to or 0)
    if with_reply and original is not None:
        shape["reply_to_message"] = message(world, original, with_reply=False)
    return shape | said.service


def callback(world: World, tap: Tap) -> Json:
    """Describe a press as a CallbackQuery; a deleted message is inaccessible."""
    room = world.chats[tap.chat_id]
    pressed = room.messages.get(tap.message_id)
    gone = {"chat": chat(room), "message_id": tap.message_id, "date": 0}
    return {
        "id": tap.id,
        "from": user(world.accounts[tap.user_id]),
        "message": gone if not pressed or pressed.deleted else message(world, pressed),
        "chat_instance": str(room.id * 7919),
        "data": tap.data,
    }


def chat_member(who: Json, status: str) -> Json:
    """Describe somebody's standing in a chat as one of the ChatMember types."""
    shape: Json = {"status": status, "user": who}
    if status == "administrator":
        return shape | dict.fromkeys(ADMIN_RIGHTS, False) | {"can_manage_chat": True}
    if status == "creator":
        return shape | {"is_anonymous": False}
    return shape | ({"until_date": 0} if status == "kicked" else {})


def standing_change(room: Chat, by: Account, old: str, new: str, date: int) -> Json:
    """Describe a change of the bot's own standing as a ChatMemberUpdated."""
    return {
        "chat": chat(room),
        "from": user(by),
        "date": date,
        "old_chat_member": chat_member(bot(), old),
        "new_chat_member": chat_member(bot(), new),
    }

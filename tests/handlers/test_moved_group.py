"""A group that became a supergroup: Telegram tells it twice, in the old group and in the new one."""

import json
from pathlib import Path

from bot.channels.telegram.inbound.parse import parse_update
from bot.handlers.inbound import InboundResult
from dialogs.messages import Address
from storage.model.note_keys import migration_key
from storage.model.records import Note
from storage.unit_of_work.selects import all_of
from tests.support.web.house import House, open_house

OLD, NEW = -4001234, -1000004001234


async def test_a_move_that_is_told_twice_in_commits_of_their_own_is_taken_twice(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert await _hears(house, 1, OLD, "group", migrate_to_chat_id=NEW) is InboundResult.NEW
        assert await _hears(house, 2, NEW, "supergroup", migrate_from_chat_id=OLD) is InboundResult.NEW
        async with house.store.reading() as session:
            notes = await session.records(Note, all_of(Note))
    key = migration_key(Address("telegram", str(OLD)))
    assert [(note.key, note.value) for note in notes if note.key == key] == [(key, str(NEW))]


async def _hears(house: House, number: int, chat: int, kind: str, **service: int) -> InboundResult:
    message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": kind, "title": "A"}, **service}
    raw = json.dumps({"update_id": number, "message": message}).encode()
    return await house.web.receiver.receive(parse_update(raw, house.clock.now(), "bot"), "telegram", raw)

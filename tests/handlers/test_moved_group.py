"""A group that became a supergroup: Telegram tells it twice, in the old group and in the new one."""

import json
from pathlib import Path

from bot.channels.telegram.inbound.parse import parse_update
from bot.chat_migrations import Moves
from bot.ports import InboundResult
from bot.receiver import Receiver
from dialogs.messages import Address
from scoring.values import replace
from storage.model.note_keys import migration_key
from storage.model.records import Note
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW
from tests.support.web.house import open_house

OLD, NEW = -4001234, -1000004001234


async def test_a_move_that_is_told_twice_in_commits_of_their_own_is_taken_twice(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert await _hears(house.web.receiver, 1, OLD, "group", migrate_to_chat_id=NEW) is InboundResult.NEW
        assert await _hears(house.web.receiver, 2, NEW, "supergroup", migrate_from_chat_id=OLD) is InboundResult.NEW
        async with house.store.reading() as session:
            notes = await session.records(Note, all_of(Note))
    key = migration_key(Address("telegram", str(OLD)))
    assert [(note.key, note.value) for note in notes if note.key == key] == [(key, str(NEW))]


async def _hears(receiver: Receiver, number: int, chat: int, kind: str, **service: int | str) -> InboundResult:
    message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": kind, "title": "A"}, **service}
    raw = json.dumps({"update_id": number, "message": message}).encode()
    return await receiver.receive(parse_update(raw, NOW, "bot"), "telegram", raw)


async def test_the_new_id_of_a_group_may_be_written_into_the_settings(tmp_path: Path) -> None:
    moves, place = Moves(), Address("telegram", str(OLD))
    async with open_house(tmp_path) as house:
        moves.learn([Note(migration_key(place), str(NEW), house.clock.now())])
        for team in (OLD, NEW):
            policy = replace(house.web.receiver.policy, team=(Address("telegram", str(team)),))
            receiver = Receiver(Writer(house.store, house.clock.now), house.clock, policy, moves)
            heard = [await _hears(receiver, team - chat, chat, "supergroup", text="hello") for chat in (NEW, NEW - 1)]
            assert heard == [InboundResult.NEW, InboundResult.ELSEWHERE]

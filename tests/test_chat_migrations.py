"""A group that moved keeps its id in our rows, and is written to by its present one."""

import pytest

from bot.chat_migrations import Moves
from dialogs.messages import Address, Inbound, Person, Text
from scoring.values import replace
from storage.model.note_keys import campaign_chat_key, migration_key
from storage.model.records import Note
from tests.storage.samples import NOW, message

GROUP, MOVED, ELSEWHERE = Address("telegram", "-4001"), Address("telegram", "-100777"), Address("wecom", "-4001")


def _learned(*notes: Note) -> Moves:
    moves = Moves()
    moves.learn(notes)
    return moves


def _said(place: Address) -> Inbound:
    return Inbound("telegram:1", place, Person("42", "李工"), NOW, Text("hello"))


MOVES = _learned(Note(migration_key(GROUP), MOVED.chat, NOW))


@pytest.mark.parametrize(
    ("written_to", "sent_to"),
    [(GROUP, MOVED.chat), (MOVED, MOVED.chat), (ELSEWHERE, "-4001"), (Address("telegram", "42"), "42")],
)
def test_what_is_written_to_a_group_goes_where_it_is_now(written_to: Address, sent_to: str) -> None:
    written = replace(message(), channel=written_to.channel, chat=written_to.chat)
    assert MOVES.outward(written) == replace(written, chat=sent_to)


@pytest.mark.parametrize(
    ("said_in", "heard_in"),
    [(MOVED, GROUP), (GROUP, GROUP), (ELSEWHERE, ELSEWHERE), (Address("wecom", "-100777"),) * 2],
)
def test_what_is_said_in_a_group_is_heard_under_the_id_of_our_rows(said_in: Address, heard_in: Address) -> None:
    assert MOVES.inward(_said(said_in)) == _said(heard_in)


def test_a_group_that_moved_again_is_found_at_its_last_place_and_heard_from_both() -> None:
    moves = _learned(Note(migration_key(GROUP), "-100777", NOW), Note(migration_key(GROUP), "-100888", NOW))
    written = replace(message(), channel="telegram", chat=GROUP.chat)
    assert moves.outward(written).chat == "-100888"
    assert [moves.inward(_said(Address("telegram", chat))).place for chat in ("-100777", "-100888")] == [GROUP, GROUP]


def test_notes_about_other_things_move_nothing() -> None:
    moves = _learned(Note(campaign_chat_key("cam_1"), "-100777", NOW), Note("links", "x", NOW))
    assert moves.inward(_said(MOVED)) == _said(MOVED)

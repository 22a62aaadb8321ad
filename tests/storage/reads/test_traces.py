"""What tells that customers were served on a channel: its note, or what only a channel that is on leaves behind."""

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.note_keys import CHANNELS_SERVED
from storage.model.records import Note, OutboxMessage
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Record
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, inbox_row, message, person, save

PLATFORMS = ("telegram", "wechat")
CUSTOMER, BOUND, TICKET = person()
TOLD = replace(BOUND, bound_at=None)
"""A chat of which the help desk has told, and nobody else."""


@pytest.mark.parametrize(
    ("rows", "served"),
    [
        ((), set()),
        ((CUSTOMER, TOLD, TICKET), set()),
        ((CUSTOMER, BOUND), {"telegram"}),
        ((CUSTOMER, message()), {"telegram"}),
        ((CUSTOMER, replace(message(), channel="sandbox")), set()),
        ((inbox_row(),), {"telegram"}),
        ((replace(inbox_row(), door="sandbox:phone"),), set()),
        ((Note(CHANNELS_SERVED, "telegram,wechat", NOW),), {"telegram", "wechat"}),
        ((Note(CHANNELS_SERVED, "pager", NOW),), set()),
        ((Note(CHANNELS_SERVED, "wechat", NOW), inbox_row()), {"telegram", "wechat"}),
    ],
    ids=["nothing", "told", "bound", "written", "played", "heard", "typed", "noted", "unknown", "both"],
)
async def test_a_channel_that_was_on_is_known_by_what_it_has_left(
    store: Store, writer: Writer, rows: tuple[Record, ...], served: set[str]
) -> None:
    messages = tuple(row for row in rows if isinstance(row, OutboxMessage))
    await save(writer, *(row for row in rows if row not in messages))
    await save(writer, *messages)
    assert await Reader(store).channels_served(PLATFORMS) == served

"""Files are stored compressed, the same content as the same bytes, and come back to the byte on both databases."""

from gzip import decompress
from hashlib import sha256

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from storage.connection.store import Store
from storage.model.records import StoredFile
from storage.reads.reader import Reader
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save, soon

RAW = select(type_coerce(t.files.c.content, LargeBinary()), t.files.c.stored_at)
PAGE = b"<!doctype html>" + "<p>满意率 92%</p>".encode() * 200


@pytest.mark.parametrize("content", [b"", b"\x00", bytes(range(256)), PAGE])
async def test_a_file_comes_back_to_the_byte(writer: Writer, store: Store, content: bytes) -> None:
    file = StoredFile.of(content, NOW)
    await save(writer, file)
    assert file.hash == sha256(content).hexdigest()
    assert await Reader(store).file(file.hash) == content
    async with store.reading() as session:
        ((raw, _),) = await session.fetch(RAW)
    assert decompress(raw) == content


async def test_what_is_stored_of_a_page_is_small_and_always_the_same(writer: Writer, store: Store) -> None:
    stored = list[tuple[bytes, object]]()
    for moment in (NOW, soon(days=1)):
        await save(writer, StoredFile.of(PAGE, moment))
        async with store.reading() as session:
            stored += [(bytes(raw), at) for raw, at in await session.fetch(RAW)]
    (first, _), (second, at) = stored
    assert first == second
    assert at == soon(days=1)  # it is kept from the last time on
    assert len(first) < len(PAGE) / 6

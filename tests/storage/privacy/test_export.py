"""A copy of everything: whatever the database says of a person is in it, and nothing of anybody else."""

import msgspec
from sqlalchemy import select

from bot.jobs.data_requests import export_person
from dialogs.ids import ref_of
from dialogs.messages import Prompt
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import InboxOutcome, InboxRow, IssueEvent
from storage.reads.reader import Reader
from storage.schema.tables import METADATA
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, everything, issue, look, message, person, save


async def test_every_row_that_names_a_person_is_in_their_copy(writer: Writer, store: Store) -> None:
    for record in everything():
        await save(writer, record)
    answered = InboxRow("hook:1", "/hooks/tickets", b"", NOW, InboxOutcome.DONE, '200 {"customer":{"id":"c-mei"}}')
    await save(writer, answered, replace(message("out_card", None), prompt=Prompt("王女士"), about=ref_of("iss_1")))
    told = (await export_person(Reader(store), "c-mei", NOW)).decode()
    copy = msgspec.json.decode(told)
    held = {value for rows in copy.values() for value in _values(rows)}
    missing = []
    async with store.reading() as session:
        for table in METADATA.sorted_tables:
            for row in await session.fetch(select(*table.columns)):
                named = any("c-mei" in str(value) or "chat-mei" in str(value) for value in row)
                keys = [value for column, value in zip(table.columns, row, strict=True) if column.name in ("id", "key")]
                if named and table.name != "issue_customers" and not {str(key) for key in keys} <= held:
                    missing.append((table.name, row))
    assert missing == []


async def test_a_copy_holds_every_field_of_what_is_theirs(writer: Writer, store: Store) -> None:
    for record in everything():
        await save(writer, record)
    copy = msgspec.json.decode(await export_person(Reader(store), "c-mei", NOW))
    told = {str(value) for rows in copy.values() for value in _values(rows)}
    assert {
        "空调不制冷",
        "很慢",
        "谢谢 🙂",
        "gold",
        "chat-mei",
        "我来",
        "漏水",
        "十二楼",
        "快不快？",
        "快",
        "req_1",
        "cam_1",
    } <= told


async def test_others_are_left_out_of_the_copy(writer: Writer, store: Store) -> None:
    await save(
        writer,
        *person("mei"),
        *asked("mei"),
        *person("liu", "43"),
        *asked("liu", "43"),
        replace(
            issue("iss_1", "mei"), customers=("c-mei", "c-liu"), text="刘先生很生气", responses=("int_42", "int_43")
        ),
        IssueEvent("iss_1", 0, NOW, "customer_wrote", "liu", "快点来修"),
        IssueEvent("iss_1", 1, NOW, "customer_wrote", "mei", "我这里也坏了"),
        InboxRow("api:1", "/api/v1/issues/iss_1/claim", b"", NOW, answer='200 {"id":"iss_1","text":"刘先生很生气"}'),
        InboxRow("api:2", "/api/v1/campaigns", b"", NOW, answer='201 {"audience":{"customers":["c-mei","c-liu"]}}'),
    )
    told = (await export_person(Reader(store), "c-mei", NOW)).decode()
    assert "我这里也坏了" in told
    assert [word for word in ("c-liu", "刘先生", "快点来修", "int_43", "chat-liu") if word in told] == []


async def test_a_copy_changes_nothing(writer: Writer, store: Store) -> None:
    await save(writer, *person("mei"))
    before = (await look(writer, Needs(customers=frozenset({"c-mei"})))).customer("c-mei")
    await export_person(Reader(store), "c-mei", NOW)
    assert (await look(writer, Needs(customers=frozenset({"c-mei"})))).customer("c-mei") == before


def _values(thing: object) -> set[str]:
    if isinstance(thing, dict):
        return {value for each in thing.values() for value in _values(each)}
    if isinstance(thing, list):
        return {value for each in thing for value in _values(each)}
    return {str(thing)}

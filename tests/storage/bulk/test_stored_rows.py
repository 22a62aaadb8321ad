"""What is stored of that which rows are about is found by key, and what a row becomes is seen by those behind it."""

from datetime import timedelta

from scoring.values import replace
from storage.bulk.stored_rows import RowKeys, StoredRows, load_stored
from storage.connection.store import Store
from storage.model.fact_records import Closing
from storage.model.records import Contact, Customer, StoredSurvey
from storage.model.registers import Tombstone
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, person, save
from tests.support.database.answered import closed_visit

CLOSING = Closing("desk", "1", 1, "c-1", NOW)


async def loaded(store: Store, keys: RowKeys) -> StoredRows:
    async with store.reading() as session:
        return await load_stored(session, keys, "hash of {}".format)


async def test_nothing_is_read_where_nothing_is_asked_for(store: Store, writer: Writer) -> None:
    await save(writer, *person())
    assert await loaded(store, RowKeys()) == StoredRows()


async def test_each_kind_is_found_by_its_keys(store: Store, writer: Writer) -> None:
    await save(writer, *closed_visit("1", NOW, {"attitude": 4}), *closed_visit("2", NOW, {"attitude": 5}))
    await save(writer, Contact("c-1", "sandbox", "phone"))
    keys = RowKeys(
        tickets={("desk", "1"), ("desk", "none")},
        customers={"c-1", "c-none"},
        responses={"int_2", "int_none"},
        closings={("desk", "2")},
        contacts={"c-1", "c-2"},
        people={"c-1"},
    )
    found = await loaded(store, keys)
    assert set(found.tickets) == {("desk", "1")}
    assert set(found.customers) == {"c-1"}
    assert set(found.responses) == {"int_2"}
    assert set(found.closings) == {("desk", "2")}
    assert set(found.contacts) == {("c-1", "sandbox", "phone")}
    assert found.erased == set()


async def test_who_was_erased_is_known_by_the_hash_of_their_id_alone(store: Store, writer: Writer) -> None:
    await save(writer, *(Tombstone(f"hash of {each}", "gone_x", NOW) for each in ("c-1", "c-2", "c-9")))
    assert (await loaded(store, RowKeys(people={"c-1", "c-2", "c-3"}))).erased == {"c-1", "c-2"}
    assert (await loaded(store, RowKeys(customers={"c-1"}))).erased == set()


async def test_versions_of_surveys_are_found_by_id_and_number(store: Store, writer: Writer) -> None:
    await save(writer, *(StoredSurvey("paper", number, f"{number}", NOW) for number in (1, 2)))
    found = await loaded(store, RowKeys(surveys={("paper", 2), ("paper", 3), ("other", 1)}))
    assert found.surveys == {("paper", 2): StoredSurvey("paper", 2, "2", NOW)}


async def test_of_several_closings_the_latest_is_found(store: Store, writer: Writer) -> None:
    await save(writer, Customer("c-1"), *(replace(CLOSING, number=number) for number in (2, 3, 1)))
    found = await loaded(store, RowKeys(closings={("desk", "1")}))
    assert found.closings["desk", "1"].number == 3


def test_what_a_row_becomes_is_known_to_those_behind_it() -> None:
    stored = StoredRows()
    stored.add([Customer("c-1"), Contact("c-1", "sandbox", "1"), CLOSING])
    stored.add([replace(CLOSING, number=2), replace(CLOSING, closed_at=NOW + timedelta(days=9))])
    assert stored.customers == {"c-1": Customer("c-1")}
    assert set(stored.contacts) == {("c-1", "sandbox", "1")}
    assert stored.closings["desk", "1"].number == 2

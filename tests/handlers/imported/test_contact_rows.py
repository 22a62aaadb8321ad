"""A row of contacts becomes a customer with chats, fills what is empty of one who is there, and overwrites nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.handlers.imported.contact_rows import contact_keys, judge_contact
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, TakenRow
from dialogs.messages import Address
from scoring.values import replace
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.records import Contact, ContactState, Customer
from tests.support.stage.scene import NOW, POLICY

TERMS = ImportTerms("imp_1", POLICY, NOW, "李工")
EARLIER = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
ROW: dict[str, Any] = {"customer": "c-1", "name": "王女士", "phone": "13800138000", "locale": "zh-Hans"}
WANG = Customer("c-1", "王女士", version=3)


def outcome(stored: StoredRows, cells: dict[str, object], terms: ImportTerms = TERMS) -> TakenRow | RefusedRow:
    return judge_contact(terms, {name: value for name, value in (ROW | cells).items() if value is not None}, stored)


def taken(stored: StoredRows | None = None, /, **cells: object) -> TakenRow:
    found = outcome(stored or StoredRows(), cells)
    assert isinstance(found, TakenRow), found
    return found


def mistakes(stored: StoredRows | None = None, /, **cells: object) -> list[tuple[str, str]]:
    found = outcome(stored or StoredRows(), cells)
    assert isinstance(found, RefusedRow), found
    return [(one.column, one.problem) for one in found.mistakes]


def known(customer: Customer = WANG, *contacts: Contact) -> StoredRows:
    stored = StoredRows()
    stored.add([customer, *contacts])
    return stored


def test_a_customer_comes_with_everything_that_is_told_of_them() -> None:
    cells: dict[str, Any] = {
        "timezone": "Asia/Tokyo",
        "tier": "vip",
        "email": "w@example.com",
        "postal_address": "北京路 1 号",
    }
    (customer,) = taken(**cells).records
    assert customer == Customer("c-1", "王女士", "zh-Hans", phone="13800138000", **cells)


def test_chats_come_in_a_list_or_one_a_row() -> None:
    listed = taken(contacts=(("telegram", "10001"), ("wechat", "oAbcdefghijklmnopqrstuvwxyz0")))
    assert [(one.channel, one.chat) for one in listed.records[1:]] == [
        ("telegram", "10001"),
        ("wechat", "oAbcdefghijklmnopqrstuvwxyz0"),
    ]
    alone = taken(channel="telegram", address="10001", state="blocked", bound_at=EARLIER, last_received_at=EARLIER)
    assert alone.records[1] == Contact("c-1", "telegram", "10001", ContactState.BLOCKED, EARLIER, EARLIER)


def test_a_chat_that_is_told_twice_comes_once_and_one_that_is_there_stays_as_it_is() -> None:
    twice = taken(channel="telegram", address="10001", state="blocked", contacts=(("telegram", "10001"),))
    assert twice.records[1:] == (Contact("c-1", "telegram", "10001", ContactState.BLOCKED),)
    there = known(replace(WANG, phone="13800138000", locale="zh-Hans"), Contact("c-1", "telegram", "10001"))
    named = ((Customer, ("c-1",), ("name", "locale", "phone")), (Contact, ("c-1", "telegram", "10001"), ()))
    again = taken(there, channel="telegram", address="10001", state="blocked")
    assert (again.records, again.changes) == ((), ())
    assert {(kind, key, frozenset(told)) for kind, key, told in again.named} == {
        (kind, key, frozenset(told)) for kind, key, told in named
    }


def test_what_is_empty_of_a_customer_who_is_there_is_filled() -> None:
    found = taken(known(), channel="telegram", address="10001")
    assert found.records == (Contact("c-1", "telegram", "10001"),)
    assert found.changes == ((WANG, replace(WANG, phone="13800138000", locale="zh-Hans")),)


def test_the_same_row_again_changes_nothing() -> None:
    before = replace(WANG, phone="13800138000", locale="zh-Hans", opted_out_at=EARLIER)
    for told in ({"opted_out": True}, {"opted_out_at": EARLIER - timedelta(days=1)}):
        again = taken(known(before), **told)
        assert (again.records, again.changes) == ((), ())
        assert "opted_out_at" in again.named[0][2]


@pytest.mark.parametrize(
    ("cells", "moment"), [({"opted_out": True}, NOW), ({"opted_out_at": EARLIER, "opted_out": True}, EARLIER)]
)
def test_who_has_opted_out_elsewhere_has_opted_out_here(cells: dict[str, object], moment: datetime) -> None:
    (customer,) = taken(**cells).records
    assert customer.opted_out_at == moment
    ((_, after),) = taken(known(), **cells).changes
    assert after.opted_out_at == moment


def test_nobody_takes_an_opt_out_back_but_the_customer() -> None:
    out = known(replace(WANG, opted_out_at=EARLIER))
    told = [("opted_out", "is no, and this customer has opted out")]
    assert mistakes(out, opted_out=False) == told
    assert mistakes(opted_out=False, opted_out_at=EARLIER) == told
    assert taken(known(), opted_out=False).changes[0][1].opted_out_at is None


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"name": "李女士"}, ("name", "this customer is stored with 王女士 there")),
        ({"channel": "fax", "address": "1"}, ("contacts", "is no channel")),
        ({"channel": "telegram"}, ("address", "is empty, and there is a channel")),
        ({"address": "10001"}, ("channel", "is empty, and there is a address")),
        ({"opted_out_at": NOW + timedelta(days=1)}, ("opted_out_at", "lies ahead")),
        ({"channel": "telegram", "address": "1", "bound_at": NOW + timedelta(1)}, ("bound_at", "lies ahead")),
        ({"channel": "telegram", "address": "-100"}, ("contacts", "must be a private chat's positive number")),
    ],
    ids=["name", "channel", "no address", "no channel", "opted out", "bound", "group"],
)
def test_what_is_wrong_is_told(cells: dict[str, object], told: tuple[str, str]) -> None:
    found = mistakes(known(), **cells)
    assert [column for column, _ in found] == [told[0]]
    if "positive" not in told[1]:
        assert found == [told]


def test_a_chat_of_the_team_is_nobodys() -> None:
    terms = replace(TERMS, policy=replace(POLICY, team=(Address("telegram", "10001"),)))
    found = outcome(StoredRows(), {"channel": "telegram", "address": "10001"}, terms)
    assert isinstance(found, RefusedRow)
    assert found.mistakes[0].problem == "is a chat of the team, where no customer is asked"


def test_who_was_erased_does_not_come_back() -> None:
    erased = StoredRows(erased={"c-1"})
    assert mistakes(erased) == [("customer", "was erased, and nothing of them is kept")]


def test_a_row_is_about_its_customer_and_about_chats_only_where_it_names_some() -> None:
    keys = RowKeys()
    contact_keys(TERMS, ROW, keys)
    assert keys == RowKeys(customers={"c-1"}, people={"c-1"})
    contact_keys(TERMS, ROW | {"channel": "telegram", "address": "1"}, keys)
    assert keys.contacts == {"c-1"}

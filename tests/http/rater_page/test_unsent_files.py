"""Files that a customer uploads for a sheet and never sends: theirs, forgotten with them, and gone after a week."""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from config.forms.load import read_forms
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.model.records import StoredFile
from tests.storage.sample_evidence import PDF
from tests.support.rights import fulfil, hands_of
from tests.support.traces import traces
from tests.support.web.house import House
from tests.support.web.rater_pages import RaterPhone, rater_link
from tests.support.web.survey_pages import open_house_with_pages
from tests.support.web.tickets import TICKET

CUSTOMER = TICKET["customer"]["id"]
FIELD = {"f.manner": ("回访单.pdf", PDF)}
FORM = """
id = "visit"
version = 1
title = { zh-Hans = "上门服务" }
subject = "agent"
raters = ["customer"]

[[sections]]
id = "visit"
name = { zh-Hans = "上门" }
weight = 100

[[sections.items]]
id = "manner"
name = { zh-Hans = "态度" }
points = 10
evidence = true
"""


@pytest.fixture
async def house(folder: Path) -> AsyncIterator[House]:
    """Open a house with a form that asks customers for evidence."""
    (folder / "forms").mkdir()
    (folder / "forms" / "visit.toml").write_text(FORM)
    async with open_house_with_pages(folder, forms=read_forms(folder)) as opened:
        yield opened


async def customers_phone(api: httpx.AsyncClient) -> RaterPhone:
    """Return the page on which a customer rates, with a file that they have chosen and looked at."""
    await api.put("/api/v1/tickets/desk/1", json=TICKET)
    phone = await RaterPhone.at(api, await rater_link(api, "customer", form="visit", customer=CUSTOMER))
    await phone.attach("review", FIELD, **{"v.manner": "9"})
    assert (phone.status, "回访单.pdf" in phone.text) == (200, True)
    return phone


async def own_files(api: httpx.AsyncClient) -> list[tuple[str, bytes]]:
    """Return the files in a customer's copy of their data."""
    held = (await api.get(f"/api/v1/customers/{CUSTOMER}")).json()
    return [(one["name"], b64decode(one["content"])) for one in held["sheet_files"]]


async def forgotten(api: httpx.AsyncClient, house: House) -> None:
    """Forget the customer, and expect nothing of the file."""
    assert (await api.delete(f"/api/v1/customers/{CUSTOMER}")).is_success
    await fulfil(house)
    assert await traces(house.store, "回访单") == []
    assert await house.web.reader.file(StoredFile.of(PDF, house.web.clock.now()).hash) is None


async def test_a_file_that_is_never_sent_is_in_the_customers_copy_and_forgotten_with_them(
    api: httpx.AsyncClient, house: House
) -> None:
    phone = await customers_phone(api)
    assert await own_files(api) == [("回访单.pdf", PDF)]
    file = phone.held["g.manner.1"]
    await forgotten(api, house)
    assert (await api.get(f"{phone.link}/files/{file}")).status_code == 404


async def test_who_was_forgotten_uploads_nothing_any_more(api: httpx.AsyncClient, house: House) -> None:
    phone = await customers_phone(api)
    await forgotten(api, house)
    await phone.press("edit")
    await phone.attach("edit", {"f.manner": ("again.pdf", PDF)})
    assert (phone.status, "这一份现在收不了" in phone.text) == (409, True)
    assert await house.web.reader.file(StoredFile.of(PDF, house.web.clock.now()).hash) is None


async def test_a_file_goes_after_a_week_and_the_page_asks_for_it_again(api: httpx.AsyncClient, house: House) -> None:
    phone = await customers_phone(api)
    for hours, left in ((-1, 1), (1, 0)):
        then = house.web.clock.now() + timedelta(days=7, hours=hours)
        async with hands_of(house) as hands:
            await keep_house(house.store, hands.writer, HousekeepingPeriods(), then)
        assert len(await own_files(api)) == left
    await phone.press("send")
    assert (phone.status, "这个文件放得太久，已经删掉了，请重新选" in phone.text) == (422, True)
    await phone.attach("review", FIELD)
    await phone.press("send")
    assert (phone.status, await own_files(api)) == (200, [("回访单.pdf", PDF)])

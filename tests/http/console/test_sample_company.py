"""The sandbox's button for the sample company: loads it bit by bit, shows its report, and takes it out again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import httpx
import pytest

from bot.http.app import create_app
from bot.jobs.sample.sample_database import CompanySize
from bot.ports import Clock
from scoring.values import replace as changed
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.web.house import URL, House

HERE = "/console/sandbox"
SMALL = CompanySize(customers=40)


@pytest.fixture
async def page(house: House, api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser that has come in."""
    api.headers["origin"] = URL
    await api.post("/console/enter", data={"key": house.web.console.invite()})
    return api


async def loaded(house: House) -> None:
    """Load a small company, as the button loads a large one."""
    assert house.web.sample is not None
    assert (await house.web.sample.load(SMALL, timedelta(minutes=5))).is_whole


@pytest.mark.proof
async def test_the_page_offers_to_load_it_and_then_to_read_it(house: House, page: httpx.AsyncClient) -> None:
    before = (await page.get(f"{HERE}?lang=zh-Hans")).text
    assert "看一个月的样子" in before
    assert '<a class="read" href="/console/sandbox/sample/report?lang=zh-Hans" hidden>' in before
    await loaded(house)
    after = (await page.get(f"{HERE}?lang=zh-Hans")).text
    assert '<a class="read" href="/console/sandbox/sample/report?lang=zh-Hans">' in after
    assert '<button class="load" type="button" hidden>' in after
    assert 'data-month="2026-10"' in after


@pytest.mark.proof
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", ("看一个月的样子", "清掉样例")),
        ("zh-Hant", ("看一個月的樣子", "清掉範例")),
        ("en", ("See a month&#39;s worth", "Take it out again")),
    ],
)
async def test_the_buttons_are_named_in_three_languages(
    page: httpx.AsyncClient, language: str, words: tuple[str, ...]
) -> None:
    shown = (await page.get(f"{HERE}?lang={language}")).text
    assert all(word in shown for word in words)


class Hurried:
    """A clock on which a minute passes with every look."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._looks = clock, 0

    def now(self) -> datetime:
        self._looks += 1
        return self._clock.now() + timedelta(minutes=self._looks)


@pytest.mark.proof
async def test_a_press_loads_some_and_says_how_far_it_is(house: House) -> None:
    assert house.web.sample is not None
    hurried = cast("Clock", Hurried(house.clock))
    app = create_app(replace(house.web, sample=changed(house.web.sample, clock=hurried)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL, headers={"origin": URL}) as page:
        await page.post("/console/enter", data={"key": house.web.console.invite()})
        told = [(await page.post(f"{HERE}/sample?lang=en")).json() for _ in range(3)]
        assert told == [{"month": "2026-10", "done": done, "of": 82, "whole": False} for done in (1, 2, 3)]
        assert '<button class="load" type="button">' in (await page.get(HERE)).text
        assert (await page.post(f"{HERE}/sample/remove")).status_code == 204
        assert await house.web.sample.standing() is None


@pytest.mark.proof
async def test_the_report_of_its_last_month_is_a_page_without_a_script(house: House, page: httpx.AsyncClient) -> None:
    await loaded(house)
    answer = await page.get(f"{HERE}/sample/report?lang=zh-Hans")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "一眼看懂" in answer.text
    assert "2026年10月1日" in answer.text


@pytest.mark.proof
@pytest.mark.parametrize(("language", "title"), [("zh-Hant", "服務品質分析"), ("en", "Service quality review")])
async def test_the_report_is_in_the_language_of_the_page(
    house: House, page: httpx.AsyncClient, language: str, title: str
) -> None:
    await loaded(house)
    assert title in (await page.get(f"{HERE}/sample/report?lang={language}")).text


@pytest.mark.proof
async def test_without_the_company_there_is_no_report_but_the_sandbox(page: httpx.AsyncClient) -> None:
    answer = await page.get(f"{HERE}/sample/report")
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)


@pytest.mark.proof
async def test_taken_out_it_can_be_loaded_again(house: House, page: httpx.AsyncClient) -> None:
    await loaded(house)
    assert (await page.post(f"{HERE}/sample/remove")).status_code == 204
    assert '<button class="load" type="button">' in (await page.get(HERE)).text
    assert (await page.post(f"{HERE}/sample/remove")).status_code == 204
    await loaded(house)


@pytest.mark.proof
async def test_among_customers_of_the_owner_it_is_refused(house: House, page: httpx.AsyncClient) -> None:
    def decide(_context: object) -> Decision[None]:
        return Decision(Changes((Customer("c-1", "王梅"),)), None)

    await house.web.receiver.do(Needs(), decide)
    answer = await page.post(f"{HERE}/sample")
    assert answer.status_code == 409
    assert "customers of your own" in answer.json()["detail"]


@pytest.mark.proof
@pytest.mark.parametrize("address", ["sample", "sample/remove"])
async def test_another_site_cannot_press_the_buttons(page: httpx.AsyncClient, address: str) -> None:
    answer = await page.post(f"{HERE}/{address}", headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.proof
@pytest.mark.parametrize(
    ("method", "address"), [("POST", "sample"), ("POST", "sample/remove"), ("GET", "sample/report")]
)
async def test_nobody_without_a_session_sees_or_changes_it(api: httpx.AsyncClient, method: str, address: str) -> None:
    answer = await api.request(method, f"{HERE}/{address}", headers={"origin": URL})
    assert answer.status_code == 401


@pytest.mark.proof
async def test_what_is_played_beside_it_goes_on(house: House, page: httpx.AsyncClient) -> None:
    form = {"id": "0123456789abcdef", "name": "王女士", "subject": "空调不制冷", "agent": "李工"}
    assert (await page.post(f"{HERE}/close?lang=zh-Hans", json=form)).json()["asked"]
    await loaded(house)
    ticket = "/api/v1/tickets/sandbox/T-012345"
    assert (await page.get(ticket)).json()["ticket"]["subject"] == "空调不制冷"
    await page.post(f"{HERE}/sample/remove")
    assert (await page.get(ticket)).json()["ticket"]["subject"] == "空调不制冷"
    (response,) = (await page.get("/api/v1/responses")).json()["items"]
    assert response["ticket"] == "sandbox/T-012345"


@pytest.mark.proof
def test_the_size_that_the_button_loads_is_that_of_the_command() -> None:
    assert CompanySize() == CompanySize(seed=7, customers=2000, months=13)

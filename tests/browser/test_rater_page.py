"""The raters' page in a real browser at a phone's width: filled, looked over, sent; joined with customers, told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.cli import main
from config.forms.load import SHIPPED_FORMS, read_form, read_forms
from storage.schema.tables import assessment_files
from tests.browser.serving import served
from tests.browser.tab import Tab, open_tab
from tests.browser.test_survey_page import look
from tests.storage.sample_evidence import JPEG
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import House
from tests.support.web.rater_pages import rater_link
from tests.support.web.survey_pages import open_house_with_pages

pytestmark = pytest.mark.proof

QUARTER = "2026-Q3"
AUGUST = datetime(2026, 8, 15, 4, tzinfo=UTC)
ITEMS = "[...new Set([...document.querySelectorAll('.pick input')].map((one) => one.name))]"
MIXES = """[[mixes]]
superior = 60
peer = 40

[[mixes]]
superior = 100

[customers]
share = 30
"""


def own_form(folder: Path) -> Path:
    """Write the company's own form as the guide says: a copy of the shipped one, with peers and customers."""
    text = (SHIPPED_FORMS / "performance_60_40.toml").read_text("utf-8")
    text = text.replace('id = "performance_60_40"', 'id = "performance_all"')
    text = text.replace('raters = ["superior", "self"]', 'raters = ["superior", "peer", "self"]')
    file = folder / "performance_all.toml"
    file.write_text(text.replace("[[mixes]]\nsuperior = 100\n", MIXES), "utf-8")
    return file


async def opens(tab: Tab, url: str) -> None:
    """Open a link in a browser that prefers Chinese."""
    await tab.call("Network.setExtraHTTPHeaders", headers={"accept-language": "zh-CN"})
    await tab.goto(url)


async def fills(tab: Tab, rating: int) -> None:
    """Tap the same rating for each item, and say who they are."""
    for item in await tab.asks(ITEMS):
        await tab.tap(f"[for='{item}.{rating}']")
    await tab.write("[name='w.position']", "安装工")


async def sends(tab: Tab) -> None:
    """Look it over, and send it."""
    await tab.tap("[value=review]")
    await tab.sees("请再看一遍，没问题就提交。")
    await tab.tap("[value=send]")
    await tab.sees("收到了，谢谢！")


async def joined(api: httpx.AsyncClient) -> dict[str, Any]:
    """Return the result about 李工."""
    wanted = {"form": "performance_all", "subject": "a17", "period": QUARTER}
    found: dict[str, Any] = (await api.get("/api/v1/assessments/results", params=wanted)).json()
    return found


async def test_superior_peers_and_self_fill_a_sheet_on_their_phones(chromium: str, tmp_path: Path) -> None:
    file = own_form(tmp_path)
    assert main(["survey", "check", str(file)]) == 0
    forms = read_forms() | {"performance_all": read_form(file)}
    async with (
        open_house_with_pages(tmp_path, forms=forms) as house,
        house.client() as api,
        served(house) as address,
    ):
        await _everybody(house, api, address, chromium, tmp_path)


async def _everybody(house: House, api: httpx.AsyncClient, address: str, chromium: str, pictures: Path) -> None:
    async def link(role: str, rater: str) -> str:
        made = await rater_link(api, role, rater, form="performance_all", subject_name="李工", period=QUARTER)
        return f"{address}/f/{made.rpartition('/')[2]}"

    async with open_tab(chromium, 320, 568) as tab:
        await opens(tab, await link("superior", "王经理"))
        await tab.sees("给李工打分")
        await look(tab, pictures, "empty")
        await tab.tap("[value=review]")
        await tab.sees("还有 13 处要补一下，都标出来了。")
        await look(tab, pictures, "missing")
        await fills(tab, 5)
        await tab.write("[name='w.improve']", "多听客户说完")
        await look(tab, pictures, "filled")
        await opens(tab, await link("superior", "王经理"))
        await tab.until("document.querySelector('[name=\"w.improve\"]').value === '多听客户说完'")
        await tab.tap("[value=review]")
        await tab.sees("请再看一遍，没问题就提交。")
        await look(tab, pictures, "review")
        await tab.tap("[value=send]")
        await tab.sees("收到了，谢谢！")
        await look(tab, pictures, "thanks")
        assert await tab.asks("Object.keys(localStorage).join()") == ""
        assert [one for one in tab.complaints if "422" not in one] == []
    for number, rater in enumerate(("小张", "小李", "小赵")):
        async with open_tab(chromium, 390, 844, scripts=number > 0) as tab:
            await opens(tab, await link("peer", rater))
            await tab.sees("不记名：满 3 位才合起来算平均分")
            await fills(tab, 4)
            await sends(tab)
        found = await joined(api)
        assert (found["total"], found["withheld"]) == ((None, True) if number < 2 else (92.0, False))
        assert [one["role"] for one in found["roles"]] == ["superior"] + ["peer"] * (number == 2)
    async with open_tab(chromium, 375, 667) as tab:
        await opens(tab, await link("self", "a17"))
        await tab.sees("给自己打分")
        await fills(tab, 5)
        await sends(tab)
    visits = [closed_visit(f"{n}", AUGUST, {"q": value}, agent="a17") for n, value in enumerate((5, 5, 5, 5, 4))]
    await store_records(house.store, AUGUST, *(record for visit in visits for record in visit))
    found = await joined(api)
    assert (found["inside"], round(found["total"], 2)) == (92.0, 93.2)
    assert found["formula"] == "(superior 100 × 60 % + peer 80 × 40 %) × 70 % + customers' ratings 96 × 30 %"
    await _published(api, address, chromium, await link("superior", "王经理"))


async def _published(api: httpx.AsyncClient, address: str, chromium: str, link: str) -> None:
    """Publish the quarter: it tells what it rests on, stays as it is, and closes the sheets."""
    about = f"/api/v1/periods/{QUARTER}/performance_all"
    assert (await api.post(about, json={"by": "陈总", "revision": 1})).status_code == 201
    told = (await api.get(about)).json()
    (result,) = told["content"]
    assert (told["verified"], told["by"], told["revision"]) == (True, "陈总", 1)
    assert result == await joined(api)
    assert (result["grade"], result["provisional"]) == ("优秀", False)
    assert result["customers"] == {"share": 30.0, "score": 96.0, "people": 5, "ratings": 5, "state": "small"}
    explained = (await api.get("/api/v1/reports/explain", params={"figure": f"score_rate:{QUARTER}:agent=a17"})).json()
    assert sorted(one["ticket"] for one in explained["inputs"]) == [f"desk/{number}" for number in range(5)]
    async with open_tab(chromium, 320, 568) as tab:
        await opens(tab, f"{address}/f/{link.rpartition('/')[2]}?edit=1")
        await tab.sees("这一期已经公布，不能再改了。")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
async def test_a_photo_is_shown_as_evidence_on_a_phone(chromium: str, tmp_path: Path, *, scripts: bool) -> None:
    photo = tmp_path / "现场 照片.jpg"
    photo.write_bytes(JPEG)
    async with open_house_with_pages(tmp_path) as house, house.client() as api, served(house) as address:
        made = await rater_link(api, "auditor", "老周", form="gbt_27922_part")
        async with open_tab(chromium, 390, 844, scripts=scripts) as tab:
            await opens(tab, f"{address}/f/{made.rpartition('/')[2]}")
            await tab.write("[name='v.c_5_1_7_2']", "4")
            await tab.choose("[name='f.c_5_1_7_2']", photo)
            await tab.tap("[value=review]")
            await tab.sees("都标出来了。")
            await tab.sees("现场 照片.jpg")
            if scripts:
                await look(tab, tmp_path, "attached")
        (told,) = await house.web.reader.assessments.files(*await sheets_with_files(house))
        assert (told.name, told.item, told.by) == ("现场 照片.jpg", "c_5_1_7_2", "老周")


async def sheets_with_files(house: House) -> list[str]:
    """Return the sheets that files are for."""
    async with house.store.reading() as session:
        return [sheet for (sheet,) in await session.fetch(select(assessment_files.c.assessment).distinct())]

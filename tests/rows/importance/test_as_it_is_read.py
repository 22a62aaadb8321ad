"""What customers read where importance is asked: in WeChat as a menu and as text, and on the page; written as text.

`REWRITE=1 .venv/bin/pytest -m "not proof" PATH` writes the files beside this one anew;
read what people will read before you keep it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rows.importance.test_asking import CONTACT, ITEMS, MATRIX, says
from tests.support.channels import able
from tests.support.web.house import House
from tests.support.web.read_texts import below, hold, new_lines
from tests.support.web.survey_pages import Page, Phone, asked, open_house_with_pages, survey_link

HERE = Path(__file__).parent
SAID = ("5", "重要", "2", "来得太晚", "5", "4", "都不选", "5", "跳过")
"""A rating and its importance; a low one with its reason; then none of it any more, one more rating, no comment."""


@pytest.mark.row("S0-13")
@pytest.mark.parametrize("way", ["menu", "text"])
async def test_the_conversation_in_wechat_reads_as_it_is_written(way: str, house: House) -> None:
    house.web.receiver.adopt(able(house.web.receiver.policy, "sandbox", edits=False))
    async with house.client() as api:
        await asked(api, MATRIX, contacts=[CONTACT])
        lines, seen = list[str](), set[str]()
        for words in ("", *SAID):
            if words:
                await says(house, words)
                lines.append(f"王女士> {words}")
            lines += await new_lines(house, seen, is_menu=way == "menu")
        (told,) = (await api.get("/api/v1/responses")).json()["items"]
    given = [f"{one['question']} {one['value']} {one['importance']}" for one in told["answers"]]
    hold(HERE / f"wechat_{way}.zh-Hans.txt", [*lines, f"= {told['status']}: {', '.join(given)}"])


def read(page: Page) -> Iterator[str]:
    """Yield what stands on a page, and its buttons that go with what is chosen."""
    yield from below("\n".join(page.lines))


@pytest.mark.row("S0-13")
async def test_the_page_reads_as_it_is_written(folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        phone = await Phone.at(api, survey_link(house, await asked(api, MATRIX)))
        lines = list(read(phone.page))
        for rating, importance in (("5", "4"), ("2", "5")):
            fields = {**phone.page.form("next").hidden, "rate": rating, "importance": importance, "next": "1"}
            phone.page = await phone.send(fields)
            lines += [f"王女士> {rating}，重要程度 {importance}", *read(phone.page)]
        await phone.press("say", text="来得太晚")
        lines += ["王女士> 来得太晚", *read(phone.page)]
        phone.page = await phone.send({**phone.page.form("next").hidden, "rate": "4", "next": "1"})
        lines += ["王女士> 4，重要程度没选", *read(phone.page)]
        for press in ("skip", "skip"):
            await phone.press(press)
            lines += ["王女士> [跳过]", *read(phone.page)]
        (told,) = (await api.get("/api/v1/responses")).json()["items"]
    given = [f"{one['question']} {one['value']} {one['importance']}" for one in told["answers"]]
    hold(HERE / "page.zh-Hans.txt", [*lines, f"= {told['status']}: {', '.join(given)}"])
    assert [one["question"] for one in told["answers"]] == list(ITEMS[:3])

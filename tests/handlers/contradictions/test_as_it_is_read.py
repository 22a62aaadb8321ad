"""What customers read where their words contradict their stars: in WeChat as a menu and as text, and on the page.

`REWRITE=1 .venv/bin/pytest -m "not proof" PATH` writes the files beside this one anew;
read what people will read before you keep it.
"""

from pathlib import Path

import pytest

from tests.handlers.contradictions.test_every_door import CONTACT, says, told
from tests.support.channels import able
from tests.support.web.house import House
from tests.support.web.read_texts import below, hold, new_lines
from tests.support.web.survey_pages import Phone, asked, messages, open_house_with_pages, survey_link

HERE = Path(__file__).parent
SAID = {
    "zh-Hans": ("都是1分", "非常满意", "师傅上午就来了", "是"),
    "zh-Hant": ("都是1分", "非常滿意", "師傅上午就來了", "是"),
    "en": ("1 for everything", "very satisfied", "he came in the morning", "yes"),
}


@pytest.mark.parametrize("locale", SAID)
@pytest.mark.parametrize("way", ["menu", "text"])
async def test_the_conversation_in_wechat_reads_as_it_is_written(way: str, locale: str, house: House) -> None:
    house.web.receiver.adopt(able(house.web.receiver.policy, "sandbox", edits=False))
    async with house.client() as api:
        await asked(api, contacts=[CONTACT], locale=locale)
        lines, seen = list[str](), {message.id for message in await messages(house)}
        for words in SAID[locale]:
            await says(house, words)
            lines.append(f"> {words}")
            lines += await new_lines(house, seen, is_menu=way == "menu")
        done = await told(api)
    assert done["status"] == "completed"
    hold(HERE / f"wechat_{way}.{locale}.txt", lines)


@pytest.mark.parametrize("locale", SAID)
async def test_the_page_reads_as_it_is_written(locale: str, folder: Path) -> None:
    async with open_house_with_pages(folder) as house, house.client() as api:
        response = await asked(api, contacts=[CONTACT], locale=locale)
        await says(house, SAID[locale][0])
        phone = await Phone.at(api, survey_link(house, response))
        await phone.press("say", text=SAID[locale][1])
        lines = [f"> {SAID[locale][1]}", *below("\n".join(phone.page.lines))]
        yes = phone.page.form("clarify").buttons[0]
        await phone.press("clarify", 1)
        lines += [f"> [{yes[2]}]", *below("\n".join(phone.page.lines[:8]))]
        assert (await told(api))["status"] == "completed"
    hold(HERE / f"page.{locale}.txt", lines)

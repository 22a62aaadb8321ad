"""What customers read where their words contradict their stars: in WeChat as a menu and as text, and on the page.

`REWRITE=1` writes the files beside this one anew; read what people will read before you keep it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.wechat.outbound.present import MenuMessage, NoticeMessage, TextMessage, menu_messages, text_messages
from storage.model.records import OutboxMessage
from tests.handlers.contradictions.test_every_door import CONTACT, says, told
from tests.support.channels import able
from tests.support.web.house import House
from tests.support.web.survey_pages import Phone, asked, messages, open_house_with_pages, survey_link

HERE = Path(__file__).parent
SAID = {
    "zh-Hans": ("都是1分", "非常满意", "师傅上午就来了", "是"),
    "zh-Hant": ("都是1分", "非常滿意", "師傅上午就來了", "是"),
    "en": ("1 for everything", "very satisfied", "he came in the morning", "yes"),
}


def hold(name: str, lines: list[str]) -> None:
    """Hold what is read against the file of that name."""
    told, file = "\n".join(lines) + "\n", HERE / f"{name}.txt"
    if os.environ.get("REWRITE"):
        file.write_text(told, "utf-8")
    assert told == file.read_text("utf-8")


def drawn(message: OutboxMessage, *, is_menu: bool) -> Iterator[str]:
    """Yield a message as the customer reads it in WeChat: its text, the lines to tap, and what stands below them."""
    for body in menu_messages(message) if is_menu else text_messages(message):
        match body:
            case MenuMessage(head, items, tail):
                yield from (head, *(f"[{item.content}]" for item in items), tail)
            case TextMessage(content):
                yield content
            case NoticeMessage():
                pytest.fail("nothing of a survey goes by notice while the window is open")


def below(text: str) -> Iterator[str]:
    """Yield the lines of a text, set in."""
    yield from (f"    {line}".rstrip() for line in text.splitlines() if line.strip())


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
            fresh = [message for message in await messages(house) if message.id not in seen and message.prompt.text]
            seen |= {message.id for message in fresh}
            ours = [message for message in fresh if message.address.chat == "phone"]
            lines += [line for one in ours for part in drawn(one, is_menu=way == "menu") for line in below(part)]
        done = await told(api)
    assert done["status"] == "completed"
    hold(f"wechat_{way}.{locale}", lines)


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
    hold(f"page.{locale}", lines)

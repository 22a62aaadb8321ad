"""What customers read where importance is asked: in WeChat as a menu and as text, and on the page; written as text.

`REWRITE=1` writes the files beside this one anew; read what people will read before you keep it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.wechat.outbound.present import MenuMessage, NoticeMessage, TextMessage, menu_messages, text_messages
from storage.model.records import OutboxMessage
from tests.rows.importance.test_asking import CONTACT, ITEMS, MATRIX, says
from tests.support.channels import able
from tests.support.web.house import House
from tests.support.web.survey_pages import Page, Phone, asked, messages, open_house_with_pages, survey_link

HERE = Path(__file__).parent
SAID = ("5", "重要", "2", "来得太晚", "5", "4", "都不选", "5", "跳过")
"""A rating and its importance; a low one with its reason; then none of it any more, one more rating, no comment."""


def hold(name: str, lines: list[str]) -> None:
    """Hold what is read against the file of that name."""
    told, file = "\n".join(lines) + "\n", HERE / f"{name}.zh-Hans.txt"
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


def below(text: str, indent: str = "    ") -> Iterator[str]:
    yield from (f"{indent}{line}".rstrip() for line in text.splitlines() if line.strip())


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
            fresh = [message for message in await messages(house) if message.id not in seen and message.prompt.text]
            seen |= {message.id for message in fresh}
            ours = [message for message in fresh if message.address.chat == "phone"]
            lines += [line for one in ours for part in drawn(one, is_menu=way == "menu") for line in below(part)]
        (told,) = (await api.get("/api/v1/responses")).json()["items"]
    given = [f"{one['question']} {one['value']} {one['importance']}" for one in told["answers"]]
    hold(f"wechat_{way}", [*lines, f"= {told['status']}: {', '.join(given)}"])


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
    hold("page", [*lines, f"= {told['status']}: {', '.join(given)}"])
    assert [one["question"] for one in told["answers"]] == list(ITEMS[:3])

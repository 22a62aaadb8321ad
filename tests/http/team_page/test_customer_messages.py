"""The team's page while an issue is in hand: a progress note, a question, and what stands in the way of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dialogs.ids import ref_of
from tests.dialogs.samples import PHRASES
from tests.support.web.survey_pages import messages
from tests.support.web.team_pages import Office, Phone, open_office

PLAN = "零件周三到，会在周五前修好。"


def said(key: str) -> str:
    return PHRASES.say("zh-Hans", f"team_page.{key}")


@pytest.fixture
async def office(folder: Path) -> AsyncIterator[Office]:
    """An office with one open issue."""
    async with open_office(folder) as opened:
        yield opened


async def _writes(phone: Phone, act: str, words: str) -> str:
    """Press a button of the form below and return what the page says then."""
    form = next(form for form in phone.page.forms if any(value == act for _, value, _ in form.buttons))
    return (await phone.sends(form.hidden | {"act": act, "note": words})).text


async def _sent(office: Office) -> list[str]:
    return [m.prompt.text for m in await messages(office.house) if m.customer and m.about == ref_of(office.issue)]


async def test_only_who_has_it_is_offered_to_write_to_the_customer(office: Office) -> None:
    phone = await office.phone()
    assert not {"progress", "ask"} & set(phone.acts)
    await phone.presses("claim", name="小李")
    assert {"progress", "ask"} <= set(phone.acts)
    assert not {"progress", "ask"} & set((await office.phone()).acts)


async def test_a_note_is_sent_and_stands_on_the_page(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    shown = await _writes(phone, "progress", PLAN)
    assert said("said.told") in shown
    assert shown.count(PLAN) == 2  # among what is known, and in the timeline
    (message,) = await _sent(office)
    assert PLAN in message


async def test_a_question_is_asked_once_and_the_page_waits_for_the_answer(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    before = phone.page
    assert said("said.asked") in await _writes(phone, "ask", "等了多久？")
    assert said("talk_asked") in phone.page.text
    assert "ask" not in phone.acts
    phone.page = before
    assert said("said.stale") in await _writes(phone, "ask", "在家吗？")
    assert len(await _sent(office)) == 1


async def test_nothing_written_and_a_customer_who_has_gone_are_told(office: Office) -> None:
    phone = await office.phone()
    await phone.presses("claim", name="小李")
    assert said("said.no_note") in await _writes(phone, "progress", "  ")
    page = (await phone.opens(), phone.page)[1]
    await office.customer_says("退订")
    phone.page = page
    assert said("said.unreached") in await _writes(phone, "progress", PLAN)
    assert await _sent(office) == []

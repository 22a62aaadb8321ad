"""An invitation goes out by itself or by hand, with a polite text and a link; the text is the owner's."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.locale.phrases import load_phrases
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.selects import all_of
from tests.dialogs.samples import FIVE_POINT, asked
from tests.support.channels import able
from tests.support.web.service import Service
from tests.support.web.survey_pages import LINKS

OWN = {
    "zh-Hans": '[invite]\nabout_both = "{agent}忙完了「{subject}」，麻烦您说说满不满意。"\n',
    "en": '[invite]\nabout_both = "{agent} is done with {subject}. Were we any good?"\n',
}


async def first_messages(service: Service) -> list[OutboxMessage]:
    async with service.house.store.reading() as session:
        found = await session.records(OutboxMessage, all_of(OutboxMessage))
    return [one for one in found if one.purpose is Purpose.SURVEY]


@pytest.mark.row("S2-08")
async def test_a_closed_ticket_invites_by_itself(service: Service) -> None:
    await service.closes("1")
    await service.passes(timedelta(hours=12))
    (invitation,) = await first_messages(service)
    assert "想听听您的感受" in invitation.prompt.text


@pytest.mark.row("S2-08")
async def test_or_somebody_invites_by_hand(service: Service) -> None:
    await service.closes("1")
    assert (await service.api.post("/api/v1/tickets/desk/1/survey", json={})).is_success
    (invitation,) = await first_messages(service)
    assert "您好！" in invitation.prompt.text


@pytest.mark.row("S2-08")
async def test_where_the_channel_has_pages_the_invitation_links_to_one(service: Service) -> None:
    receiver = service.house.web.receiver
    paged = replace(able(receiver.policy, "sandbox", page_links=True), links=LINKS)
    receiver.adopt(paged)
    await service.closes("1")
    await service.passes(timedelta(hours=12))
    (invitation,) = await first_messages(service)
    assert invitation.prompt.link is not None
    page = await service.api.get(invitation.prompt.link.url)
    assert "1 / 5" in page.text or "第 1 题" in page.text


@pytest.mark.row("S2-08")
def test_the_text_is_the_owners_in_each_language_with_its_placeholders(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    for locale, text in OWN.items():
        (tmp_path / "phrases" / f"{locale}.toml").write_text(text, "utf-8")
    phrases, greeting = load_phrases(tmp_path), Greeting("王女士", "空调", "李工")
    told = {locale: show(asked(locale=locale), FIVE_POINT, phrases, greeting).text for locale in OWN}
    assert "李工忙完了「空调」，麻烦您说说满不满意。" in told["zh-Hans"]
    assert "李工 is done with 空调. Were we any good?" in told["en"]


@pytest.mark.row("S2-08")
def test_a_placeholder_that_nothing_fills_is_refused_with_those_that_are_possible(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "en.toml").write_text('[invite]\nhello_name = "Dear {surname}"\n', "utf-8")
    with pytest.raises(ConfigErrors, match=r"surname.*name"):
        load_phrases(tmp_path)

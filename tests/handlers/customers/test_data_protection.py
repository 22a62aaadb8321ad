"""Notice before the first question, only what is needed, erasure and export, names masked in the group."""

from pathlib import Path

import pytest

from bot.channels.sandbox.channel import PHONE
from config.locale.phrases import load_phrases
from dialogs.interview.model import Interview
from dialogs.messages import Link, Tap, Verb
from dialogs.understanding.commands import Command, command
from storage.model.records import OutboxMessage
from tests.support.stage.company import Company
from tests.support.web.service import Service


@pytest.mark.row("S0-21", "S1-54")
def test_the_first_message_names_the_company_above_the_question_and_links_to_the_notice_below() -> None:
    company = Company("09:00", privacy__company="清风空调", privacy__url="https://care.example/privacy")
    company.closes()
    company.waits(minutes=31)
    (first,) = company.phone()
    assert first.index("这里是清风空调。") < first.index("1/5") < first.index("隐私说明")
    (asked,) = company.stage.rows.listed(OutboxMessage)
    assert asked.prompt.text_link == Link("隐私说明", "https://care.example/privacy")
    assert company.stage.rows.listed(Interview)[0].notice == "1"


@pytest.mark.row("S0-21", "S1-54")
async def test_without_a_page_of_the_owners_ours_says_who_why_how_long_and_how_to_stop(service: Service) -> None:
    page = (await service.api.get("/privacy")).text
    heads = ("谁在问", "为什么问", "保存什么", "保存多久", "您可以", "经过哪里")
    assert [head for head in heads if head not in page] == []


def test_the_way_out_stands_under_every_message_that_we_begin() -> None:
    company = Company("09:00")
    company.closes()
    company.waits(minutes=31)
    company.waits(hours=25)
    begun = [one for one in company.stage.rows.listed(OutboxMessage) if one.customer and one.edits is None]
    assert len(begun) == 2  # the ask and its reminder
    assert {one.prompt.rows[-1][-1].means for one in begun} == {Tap(Verb.STOP, "")}


def test_a_person_can_ask_for_their_data_and_to_be_forgotten() -> None:
    assert (command("/mydata"), command("/forgetme")) == (Command.MY_DATA, Command.FORGET_ME)
    for words in ("我的资料", "我的数据", "我的資料", "我的數據"):
        assert command(words) is Command.MY_DATA
    for words in ("删除我的资料", "删除我的数据", "刪除我的資料", "刪除我的數據"):
        assert command(words) is Command.FORGET_ME


@pytest.mark.row("S0-21", "S1-54")
def test_the_group_does_not_read_the_customers_name() -> None:
    company = Company("09:00")
    company.closes()
    company.waits(minutes=31)
    company.presses("1", PHONE)
    company.waits(hours=73)
    assert company.issues
    cards = [one.prompt.text for one in company.stage.rows.listed(OutboxMessage) if one.customer is None]
    assert any("王**" in card for card in cards)
    assert not any("王女士" in card for card in cards)


def test_the_owner_may_word_the_notice_anew(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "zh-Hans.toml").write_text('[privacy]\nwhy = "只为改进。"\n', "utf-8")
    assert load_phrases(tmp_path).say("zh-Hans", "privacy.why") == "只为改进。"

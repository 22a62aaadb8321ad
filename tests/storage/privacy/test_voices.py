"""What customers had said of a finding is emptied when its time is over, and when they are forgotten."""

from datetime import datetime, timedelta

import pytest

from dialogs.campaign.model import Audience, Campaign, CampaignKind, CampaignState
from dialogs.ids import Ref, RefKind, ref_of
from dialogs.improvement.model import FindingState, Voice
from dialogs.messages import Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.records import OutboxMessage, Purpose
from storage.model.service_details import ServiceDetails
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.erasure_writes import delete_by_key
from storage.privacy.export import export_personal_data
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.improvement.finding_list import FindingReads
from storage.schema.tables import finding_voices
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.sample_findings import full_finding
from tests.storage.samples import NOW, asked, message, person, save
from tests.support.traces import traces

DAY = timedelta(days=1)
MEI, BOB = Voice("fin_1", "c-mei", "等了两天才有人来", NOW), Voice("fin_1", "c-bob", "two days", NOW + 9 * DAY)
TEXTS = RetentionPeriods(contacts=None, messages=None, deliveries=None, timeline=None)


@pytest.fixture(name="kept")
async def _kept(writer: Writer, store: Store) -> FindingReads:
    """Keep a finding that two customers raised, and the notice that tells them."""
    campaign = Campaign("cam_1", "改了", CampaignKind.NOTICE, NOW, state=CampaignState.SCHEDULED, origin="fin_1")
    await save(
        writer,
        *person(),
        *person("bob", "43"),
        replace(full_finding(NOW), state=FindingState.TOLD),
        MEI,
        BOB,
        replace(campaign, audience=Audience(customers=("c-bob", "c-mei"))),
    )
    return FindingReads(store)


async def said(kept: FindingReads) -> dict[str, str]:
    found = await kept.find("fin_1")
    assert found is not None
    return {voice.customer: voice.said for voice in found.voices}


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (365, {"c-mei": "等了两天才有人来", "c-bob": "two days"}),
        (366, {"c-mei": "", "c-bob": "two days"}),
        (375, {"c-mei": "", "c-bob": ""}),
    ],
)
async def test_words_go_after_their_time_and_who_raised_it_stays(
    kept: FindingReads, writer: Writer, store: Store, days: int, left: dict[str, str]
) -> None:
    emptied = await apply_retention(store, writer, TEXTS, NOW + days * DAY)
    assert await said(kept) == left
    assert emptied["texts"] == list(left.values()).count("") + (2 if days > 365 else 0)
    again = await apply_retention(store, writer, TEXTS, NOW + days * DAY)
    assert again["texts"] == 0, "what is empty is not emptied again"


async def test_whoever_is_forgotten_leaves_an_anonymous_voice(kept: FindingReads, writer: Writer, store: Store) -> None:
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    assert await said(kept) == {"c-bob": "two days", "gone_x": ""}
    assert await traces(store, "等了两天") == []
    assert await traces(store, "c-mei") == [], "nor are they in the audience of the notice"


async def test_whoever_is_forgotten_is_quoted_on_no_card_in_the_teams_chat_any_more(
    kept: FindingReads, writer: Writer, store: Store
) -> None:
    del kept
    about = Ref(RefKind.FINDING, "fin_1")
    quoting = OutboxMessage("out_1", "telegram", "-100", Purpose.ALERT, Prompt("“等了两天才有人来”"), NOW, NOW)
    sent = replace(quoting, about=about, receipt="77", status=SendingState.SENT, sent_at=NOW)
    await save(writer, sent)
    blank = Prompt("这位客户的资料已删除。")
    task = ErasureTask("c-mei", "gone_x", b"key-of-the-house", blank=blank, edits=frozenset({"telegram"}))
    assert await erase(store, writer, task)
    assert await traces(store, "等了两天") == []
    async with store.reading() as session:
        edits = await session.records(OutboxMessage, all_of(OutboxMessage))
    assert [(one.edits, one.prompt) for one in edits if one.edits] == [("out_1", blank)]


@pytest.mark.parametrize(
    ("quoted", "is_theirs"),
    [("…半天才来人，打 ***", True), ("半天才来人", True), ("别人写的话", False), ("…", False)],
)
async def test_answers_that_quote_a_comment_go_with_whoever_wrote_it(
    writer: Writer,
    store: Store,
    quoted: str,
    is_theirs: bool,  # noqa: FBT001 (a column)
) -> None:
    invitation, interview = asked()
    rows = (*person(), invitation, replace(interview, comment="等了半天才来人，打 １３８１２３４５６７８"))
    answer = OutboxMessage("out_1", "telegram", "-100", Purpose.REPLY, Prompt(f"· “{quoted}”"), NOW, NOW)
    await save(writer, *rows, replace(answer, receipt="77", status=SendingState.SENT, sent_at=NOW))
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    assert bool(await traces(store, quoted)) is not is_theirs


async def test_a_copy_has_the_persons_own_words_only(kept: FindingReads, store: Store) -> None:
    del kept
    copy = await export_personal_data(store, "c-mei")
    assert copy is not None
    assert [(one["finding"], one["said"]) for one in copy["voices"]] == [("fin_1", "等了两天才有人来")]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("等了两天才有人来", "•••"),
        ("客户说等了两天才有人来，要改", "客户说•••，要改"),
        ("mei 等太久", "••• 等太久"),
        ("等太久", "等太久"),
    ],
)
async def test_what_the_team_wrote_of_a_finding_stays_without_the_words_and_name_of_whoever_is_forgotten(
    kept: FindingReads, writer: Writer, store: Store, written: str, left: str
) -> None:
    whole = replace(MEI, said="等了两天才有人来，真的很慢！")
    before = await kept.find("fin_1")
    assert before is not None
    assert before.finding.measure is not None
    measure = replace(before.finding.measure, text=written)
    result = replace(before.finding.results[0], measure=measure)
    finding = replace(before.finding, text=written, origin="", note=written, measure=measure, results=(result,))
    campaign = Campaign("cam_2", written, CampaignKind.NOTICE, NOW, text=written, origin="fin_1")
    reminder = replace(message("out_r", None), prompt=Prompt(f"明天到期：{written}"), receipt="9")
    result_of_other = replace(message("out_o", None), prompt=Prompt("别的课题"))
    await writer.perform(_without_voice)
    await save(
        writer, whole, campaign, reminder, result_of_other, replace(finding, told=(("zh", written),), campaign="cam_2")
    )
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    found = await kept.find("fin_1")
    assert found is not None
    after = found.finding
    assert (after.text, after.note, after.told) == (left, left, (("zh", left),))
    assert after.measure is not None
    assert (after.measure.text, after.results[0].measure.text) == (left, left)
    assert (await traces(store, written) == []) is (written != left)
    assert await traces(store, "别的课题") != [], "what is about another finding stays"


async def _without_voice(session: Session, _now: datetime) -> None:
    await session.write(delete_by_key(finding_voices, finding_voices.c.finding), [("fin_1",)])


async def test_what_names_nobody_stays_in_what_others_are_still_told(
    kept: FindingReads, writer: Writer, store: Store
) -> None:
    before = await kept.find("fin_1")
    assert before is not None
    text, told = "漏水报修后太慢", "漏水报修后 4 小时内上门，订单 A-20261130 除外"
    customer, _, ticket = person()
    details = ServiceDetails(fault="漏水", device="洗衣机", order_no="A-20261130")
    await writer.perform(_without_voice)
    await save(
        writer,
        replace(customer, version=1),
        replace(ticket, subject="漏水", details=details, version=1),
        replace(MEI, said="太慢"),
        replace(before.finding, text=text, origin="", told=(("zh-Hans", told),)),
    )
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    found = await kept.find("fin_1")
    assert found is not None
    assert (found.finding.text, found.finding.told[0][1]) == (text, "漏水报修后 4 小时内上门，订单 ••• 除外")


@pytest.mark.parametrize("about", ["", "fin_1"])
async def test_what_shows_the_beginning_of_a_finding_or_the_words_alone_is_blanked(
    kept: FindingReads, writer: Writer, store: Store, about: str
) -> None:
    before = await kept.find("fin_1")
    assert before is not None
    long = "上个月以来不止一位客户在回访里提到同样的事情，原话是等了两天才有人来，请负责的部门查清楚，定出办法来"
    shown = replace(message("out_l", None), about=ref_of(about) if about else None)
    lists = [
        replace(shown, prompt=Prompt(f"要改进的事 1 件\n\n1. {long[:45]}…"), receipt="9"),
        replace(shown, id="out_c", prompt=Prompt("谁提过：“等了两天才有人来”"), receipt="10"),
    ]
    await save(writer, *lists, replace(before.finding, text=long, origin=""))
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    assert await traces(store, "等了两天才有人来") == []


async def test_what_a_warning_says_of_several_people_stays(kept: FindingReads, writer: Writer, store: Store) -> None:
    before = await kept.find("fin_1")
    assert before is not None
    told = "四位客户都说：等了两天才有人来"
    await save(writer, replace(before.finding, text=told, origin="recurrence:phrase:speed:等了两天才有人来"))
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key-of-the-house"))
    found = await kept.find("fin_1")
    assert found is not None
    assert found.finding.text == told

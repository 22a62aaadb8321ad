"""New phrases in the chat: the list, the card with the likely dimensions, what a tap decides, and for whom."""

import pytest

from bot.handlers.phrases import PhraseDecision, decide_phrase
from dialogs.messages import Address, Tap, Verb
from scoring.values import replace
from storage.model.registers import AuditEntry
from storage.model.text_records import PhraseStanding, StoredPhrase
from storage.unit_of_work.changes import Record
from tests.handlers.findings.room import AGENT, LEAD, OTHER_LEAD, STRANGER, Room
from tests.support.stage.scene import NOW

PHRASE = StoredPhrase("三进三出", PhraseStanding.PROPOSED, 7, NOW)
LONG = StoredPhrase("a phrase of so many words that no button holds it", PhraseStanding.PROPOSED, 6, NOW)


def room(*rows: Record) -> Room:
    """Return the group with these phrases proposed."""
    return Room(*(rows or (PHRASE,)))


def phrase(of: Room) -> StoredPhrase:
    return next(one for one in of.stage.rows.listed(StoredPhrase) if one.phrase == "三进三出")


def opened() -> Room:
    """Return the group with the card of a phrase."""
    group = room()
    group.types("/phrases")
    group.presses("1")
    return group


def test_the_list_has_a_button_for_each_that_a_button_can_name() -> None:
    group = room(PHRASE, LONG)
    (text,) = group.types("/phrases")
    assert text.splitlines() == ["客户常说、词库里还没有的话 1 个，点开看看它说的是什么：", "", "1. 「三进三出」· 7 人"]
    assert group.buttons() == ["1"]


def test_without_any_it_says_so() -> None:
    assert Room().types("/phrases") == ["现在没有新说法。客户常说、词库里又没有的话，每天夜里会找一遍。"]


def test_a_long_list_has_pages() -> None:
    many = (StoredPhrase(f"说法{number:02}", PhraseStanding.PROPOSED, 40 - number, NOW) for number in range(10))
    group = room(*many)
    group.types("/phrases")
    assert group.buttons() == [*map(str, range(1, 9)), "下一页"]
    assert "9. 「说法08」· 32 人" in group.presses("下一页")[0]
    assert group.buttons() == ["9", "10", "上一页"]


def test_a_tap_maps_it_and_the_second_person_hears_who() -> None:
    group = room()
    group.types("/phrases")
    (card,) = group.presses("1")
    assert card.splitlines() == ["「三进三出」· 7 人说过", "", "客户拿它抱怨，说的是什么？"]
    group.presses("别的")
    shown, told = group.presses("方便程度")
    assert told == "记下了，以后这样读"
    assert shown.endswith("王经理 定了：说的是「方便程度」，抱怨")
    stored = phrase(group)
    assert (stored.state, stored.dimension, stored.polarity) == (PhraseStanding.MAPPED, "convenience", -1)
    late = group.presses("不用管", OTHER_LEAD, how="late")
    assert late[-1] == "王经理 已经处理过了，卡片已换成最新的"
    assert phrase(group) == stored
    assert [(one.action, one.by) for one in group.stage.rows.listed(AuditEntry)] == [("phrase.mapped", "王经理")]


def test_praise_and_mere_mention_are_a_tap_away() -> None:
    group = opened()
    assert group.presses("其实是夸奖")[0].endswith("客户拿它夸人，说的是什么？")
    assert group.presses("只是提到")[0].endswith("只是提到，不褒不贬，说的是什么？")
    group.presses("其实是抱怨")
    group.presses("其实是夸奖")
    group.presses(group.buttons()[0])
    assert phrase(group).polarity == 1


def test_it_is_ignored_and_taken_back() -> None:
    group = opened()
    shown, told = group.presses("不用管")
    assert (told, shown.splitlines()[-1]) == ("好的，以后不再提它", "王经理 定了：不用管它")
    assert group.presses("收回")[-1] == "好的，收回了"
    assert phrase(group).state is PhraseStanding.PROPOSED


def test_only_who_decides_sees_them() -> None:
    group = room()
    assert group.types("/phrases", AGENT) == []
    assert group.types("/phrases", STRANGER) == []
    group.types("/phrases")
    assert group.presses("1", AGENT) == ["抱歉，这件事要由组长或管理员来定"]
    assert group.presses("1", STRANGER) == ["抱歉，只有团队成员可以操作"]


@pytest.mark.parametrize(
    "tap",
    [
        Tap(Verb.PHRASE, "三进三出", "nonsense"),
        Tap(Verb.PHRASE, "三进三出", "ma:00000000", 0),
        Tap(Verb.PHRASE, "三进三出", "ma:00000000", 9),
        Tap(Verb.PHRASE, "没有这句", "ig"),
        Tap(Verb.PHRASE, "没有这句", "op"),
        Tap(Verb.PHRASE, "", "me", 2),
    ],
)
def test_a_button_that_somebody_made_up_changes_nothing(tap: Tap) -> None:
    group = room()
    before = phrase(group)
    assert group.taps(tap, "gone") == ["这个按钮过时了，请看最新的那一条"]
    assert phrase(group) == before


@pytest.mark.parametrize("standing", [PhraseStanding.MAPPED, PhraseStanding.IGNORED])
def test_what_was_decided_by_command_is_shown_on_an_old_card(standing: PhraseStanding) -> None:
    group = opened()
    dimension = "convenience" if standing is PhraseStanding.MAPPED else ""
    decision = PhraseDecision("三进三出", standing, "赵组长", dimension, -1 if dimension else 0)
    group.stage.decide(lambda context: decide_phrase(context, decision))
    assert group.presses("不用管")[-1] == "赵组长 已经处理过了，卡片已换成最新的"
    assert phrase(group).state is standing
    assert group.buttons() == ["收回"]


def test_what_the_lexicon_has_already_is_not_mapped_again() -> None:
    known = StoredPhrase("来回跑", PhraseStanding.PROPOSED, 7, NOW)
    group = room(known)
    group.types("/phrases")
    group.presses("1")
    group.presses("别的")
    assert group.presses("方便程度")[-1] == "词库里已经有它了，或者读法不一样，没有改"
    (stored,) = group.stage.rows.listed(StoredPhrase)
    assert stored == replace(known, version=stored.version)
    assert group.stage.rows.listed(AuditEntry) == []


def test_in_a_chat_of_ones_own_it_goes_the_same_way() -> None:
    own = Address("telegram", LEAD.id)
    group = room()
    group.types("/phrases", LEAD, own)
    group.presses("1", LEAD, own)
    assert group.presses("不用管", LEAD, own)[-1] == "好的，以后不再提它"
    assert phrase(group).by == "王经理"


def test_while_nobody_is_on_the_roster_everybody_in_the_group_decides() -> None:
    group = Room(PHRASE, roster=())
    group.types("/phrases", STRANGER)
    group.presses("1", STRANGER)
    assert group.presses("不用管", STRANGER)[-1] == "好的，以后不再提它"
    assert phrase(group).by == "路人"

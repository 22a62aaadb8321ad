"""Phrases are found in what many people write, in any order and any company, and never by chance."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.text.load import load_lexicons
from config.text.phrase_rules import load_mining_rules
from scoring.text.phrase_miner import MiningRules, PhraseCounts, as_written, mined_phrases

RULES = load_mining_rules()
BLAME = (
    "等待时间太长",
    "响应速度慢",
    "沟通不清晰",
    "流程繁琐",
    "收费不透明",
    "没有一次解决",
    "客服态度不好",
    "配件缺货",
    "电话打不通",
)
BEFORE = ("", "这次", "说实话", "真的", "我觉得", "上次", "你们", "后来", "反正", "当天")
AFTER = ("", "了", "，下次不来了", "呢", "吧", "，别的还好", "！", "啊", "，谢谢", "哦")
ENGLISH = ("waiting time", "spare parts", "rude technician", "hidden fee", "phone queue")


def written(phrases: tuple[str, ...], between: str = "") -> list[str]:
    """Return each phrase by a hundred people, in as many ways."""
    return [between.join(filter(None, (one, phrase, two))) for phrase in phrases for one, two in product(BEFORE, AFTER)]


def counted(comments: list[str]) -> PhraseCounts:
    counts = PhraseCounts()
    for comment in comments:
        counts.add([comment])
    return counts


def found(comments: list[str]) -> dict[str, int]:
    return {one.text: one.people for one in mined_phrases(counted(comments), RULES)}


def test_whole_phrases_are_found_and_neither_their_parts_nor_their_neighbours() -> None:
    phrases = found(written(BLAME))
    assert phrases.keys() >= set(BLAME)
    assert {phrases[one] for one in BLAME} == {100}
    assert not [text for text in phrases if any(text != whole and text in whole for whole in BLAME)]
    assert not [text for text in phrases if any(text != whole and whole in text for whole in BLAME)]


def test_english_is_counted_by_words() -> None:
    before, after = ("the", "a bad", "such", "their", "again"), ("was bad", "annoys", "please fix it", "again", "!")
    comments = [f"{one} {phrase} {two}" for phrase in ENGLISH for one, two in product(before, after)]
    assert found(comments).keys() >= set(ENGLISH)


def test_it_takes_five_people_and_one_person_is_one_however_often() -> None:
    comments = [f"{one}蓝桥漫步{two}" for one, two in zip(BEFORE[:4], AFTER[:4], strict=True)]
    assert "蓝桥漫步" not in found(comments)
    counts = counted(comments)
    counts.add([f"{one}蓝桥漫步{two}" for one, two in zip(BEFORE[4:], AFTER[4:], strict=True)])
    assert [one.people for one in mined_phrases(counts, RULES) if one.text == "蓝桥漫步"] == [5]


@given(st.permutations(written(BLAME[:3])))
def test_the_order_of_people_changes_nothing(comments: list[str]) -> None:
    assert found(comments) == found(written(BLAME[:3]))


@given(st.lists(st.text(), max_size=20))
def test_any_text_is_taken_and_memory_is_linear(texts: list[str]) -> None:
    counts = PhraseCounts()
    counts.add(texts)
    assert len(counts.uses) <= 10 * max(1, sum(map(len, texts)))
    assert mined_phrases(counts, MiningRules(people=1)) == mined_phrases(counts, MiningRules(people=1))


def test_words_that_speak_of_nothing_and_counts_are_no_phrases() -> None:
    empty = ("没有", "之前", "自己", "已经", "二十分钟", "第二天")
    assert not {*empty} & found(written((*BLAME, *empty))).keys()
    assert found(written((*BLAME, "第二次上门才修好"))).keys() >= {"第二次上门才修好"}, "that is no mere count"
    english = ("next time", "couldn't believe", "twenty minutes", "spare parts")
    assert not {*english[:3]} & found(written(english, between=" ")).keys()
    assert "spare parts" in found(written(english, between=" "))


def test_no_shipped_rule_leaves_out_what_the_words_know_how_to_read() -> None:
    lexicons = load_lexicons()
    assert not {word for word in RULES.empty if (known := lexicons.known(word)) and known[0]}
    assert all(1 < len(word) < 4 for word in RULES.empty)


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("等了一个", "等了一个…"),
        ("天都没人", "…天都没人"),
        ("填了", "填了…"),
        ("拖到", "拖到…"),
        ("没人答得", "没人答得…"),
        ("问题彻底解决了", "问题彻底解决了"),
        ("态度好", "态度好"),
        ("等了一個", "等了一個…"),
        ("too slow", "too slow"),
        ("", ""),
    ],
)
def test_a_piece_of_what_was_written_is_told_with_an_ellipsis(phrase: str, told: str) -> None:
    assert as_written(phrase, RULES) == told

"""Comments of every kind, read by the shipped words."""

import pytest

from config.text.load import load_lexicons
from scoring.text.findings import TextFinding
from scoring.text.text_reader import TextReader

READER = TextReader(load_lexicons())

PRAISE = {
    "plain": "师傅态度很好，修得也快",
    "an idiom of denial": "没得说，下次还找你们",
    "blame denied": "一点也不慢，师傅并不敷衍",
    "denied twice": "没有不满意的地方",
    "traditional": "師傅很專業，態度親切",
    "Cantonese": "師傅好有禮貌，唔錯",
    "an emoji": "修好了👍",
    "no blame where blame was feared": "没有乱收费，很放心",
    "English": "The engineer was friendly and fixed it quickly.",
    "English, denied": "He wasn't rude at all.",
    "English idiom": "Can't complain, no problems whatsoever",
    "English typo": "Excelent servise, very proffesional",
    "drawn out": "sooooo goooood",
    "full width": "ＶＥＲＹ　ＧＯＯＤ",
}
BLAME = {
    "plain": "等了三个小时才来，还没修好",
    "praise denied": "态度不是很好",
    "praise denied from afar": "并没有你们宣传的那么好",
    "a rhetorical question": "难道这也叫专业",
    "what was lacking": "没有餐具",
    "irony": "呵呵，效率真高",
    "praise turned behind": "好个屁",
    "traditional": "等了很久，態度很差",
    "Cantonese": "等咗好耐，態度好差",
    "an emoji": "[发怒]",
    "English": "Slow and overpriced, I was ignored.",
    "English, denied": "The technician was not helpful.",
    "English irony": "Another hour on hold. Thanks for nothing.",
    "English typo": "very disapointing",
}
LEANING = {
    "a wish": "希望上门能准时一点",
    "a wish at the end": "要是提前打个电话就好了",
    "contrast": "师傅人不错，但是修了三次都没修好",
    "English contrast": "Nice office, but the repair was terrible",
    "English wish": "It could have been better",
}
"""What rather blames, and not so much that the whole comment does."""
NOTHING = {
    "empty": "",
    "a fact": "我姓王，住三楼",
    "a question": "你们周末开门吗？",
    "digits": "12345 67890",
    "control characters": "\x00\x1b[31m\u202e\ufeff",
    "another script": "спасибо не знаю",
    "separators only": "，。！!!,,  \n\n",
}


@pytest.mark.parametrize("kind", PRAISE)
def test_praise(kind: str) -> None:
    assert READER.read(PRAISE[kind]).polarity == 1


@pytest.mark.parametrize("kind", BLAME)
def test_blame(kind: str) -> None:
    assert READER.read(BLAME[kind]).polarity == -1


@pytest.mark.parametrize("kind", LEANING)
def test_what_rather_blames(kind: str) -> None:
    reading = READER.read(LEANING[kind])
    assert (reading.score < 0, reading.polarity) == (True, 0)


@pytest.mark.parametrize("kind", NOTHING)
def test_what_says_neither(kind: str) -> None:
    assert READER.read(NOTHING[kind]).polarity == 0


def test_each_clause_is_told_by_its_place_with_what_it_is_about() -> None:
    text = "師傅態度很好，但是等了三個小時才來！收費不透明"
    reading = READER.read(text)
    told = [(text[one.start : one.end], {(f.dimension, f.polarity) for f in one.findings}) for one in reading.clauses]
    assert told[0] == ("師傅態度很好，", {("attitude", 1)})
    assert told[1][0] == "但是等了三個小時才來！"
    assert ("response_speed", -1) in told[1][1]
    assert told[2][0] == "收費不透明"
    assert reading.dimensions >= {"attitude", "response_speed", "fee"}
    assert "".join(words for words, _ in told) == text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("等待时间太长", "等待时间太长"),
        ("收费相当不透明", "收费不透明"),
        ("收费不透明", "收费不透明"),
        ("没修好", "没修好"),
        ("等待時間太長", "等待時間太長"),
        ("waiting time was too long", "waiting time too long"),
        ("不用等", "不用等"),
    ],
)
def test_a_topic_is_what_is_named_and_the_opinion_without_its_degree(text: str, topic: str) -> None:
    findings = [one for clause in READER.read(text).clauses for one in clause.findings if one.polarity]
    assert [one.topic for one in findings] == [topic]


def test_a_finding_has_its_phrase_as_it_was_written() -> None:
    (clause,) = READER.read("師傅專業").clauses
    assert clause.findings == (TextFinding("professionalism", 1, 2, "專業", "專業"),)


@pytest.mark.parametrize(
    ("text", "strongly"),
    [
        ("非常满意", 1),
        ("太差了！垃圾", -1),
        ("absolutely terrible", -1),
        ("一般", 0),
        ("不错", 0),
        ("不是非常满意", 0),
        ("呵呵，非常满意", 0),
        ("非常满意，但是贵", 0),
        ("希望你们做到非常满意", 0),
        ("态度非常好，就是太慢了，太差了", 0),
    ],
)
def test_strong_words_count_only_where_nothing_puts_them_in_doubt(text: str, strongly: int) -> None:
    assert READER.read(text).strongly == strongly


def test_praise_and_blame_that_weigh_alike_are_mixed() -> None:
    assert READER.read("态度很好，价格太贵").is_mixed
    assert not READER.read("态度很好，修得也快").is_mixed


@pytest.mark.parametrize("piece", ["不", "好", "很好，但是慢。", "not good, ", "aaaa", "\u0130", "😀", "'", "not "])
def test_a_long_text_is_read_to_its_end_whatever_it_is_made_of(piece: str) -> None:
    text = piece * 3000
    clauses = READER.read(text).clauses
    assert all(0 <= one.start <= one.end <= len(text) for one in clauses)
    assert clauses[-1].end == len(text)

"""What anybody would understand is understood: plain comments of made-up customers, each with what it says."""

import pytest

from tests.text.readers import shipped_reader

PLAIN = [
    ("师傅态度很好，很有耐心", 1, "attitude"),
    ("客服态度恶劣，说话很冲", -1, "attitude"),
    ("来得很快，不到一小时就上门了", 1, "response_speed"),
    ("等了整整三天才有人来", -1, "response_speed"),
    ("一次就修好了，非常满意", 1, "solving_result"),
    ("根本没修好，又坏了", -1, "solving_result"),
    ("收费合理，价格透明", 1, "fee"),
    ("乱收费，太贵了", -1, "fee"),
    ("师傅技术过硬，很专业", 1, "professionalism"),
    ("一点都不专业，什么都不懂", -1, "professionalism"),
    ("流程太繁琐，手续复杂", -1, "convenience"),
    ("预约很方便，流程简单", 1, "convenience"),
    ("解释得很清楚，有问必答", 1, "communication"),
    ("问什么都说不清楚", -1, "communication"),
    ("配件缺货，一直没有配件", -1, "parts"),
    ("产品质量太差，用两天就坏", -1, "product_quality"),
    ("质量很好，很耐用", 1, "product_quality"),
    ("个人信息被泄露了", -1, "privacy"),
    ("插座漏电，太危险了", -1, "safety"),
    ("没有乱收费，很放心", 1, "fee"),
    ("态度不好", -1, "attitude"),
    ("态度不是很好", -1, "attitude"),
    ("态度好得没话说", 1, "attitude"),
    ("并不是态度不好，只是太慢了", -1, "response_speed"),
    ("服務態度非常好", 1, "attitude"),
    ("師傅很專業", 1, "professionalism"),
    ("等了很久都沒有人接電話", -1, "response_speed"),
    ("價格太貴，不合理", -1, "fee"),
    ("完全沒有解決問題", -1, "solving_result"),
    ("修理得很好，值得推薦", 1, ""),
    ("Very friendly and patient engineer", 1, "attitude"),
    ("The agent was rude to me", -1, "attitude"),
    ("They came very quickly", 1, "response_speed"),
    ("I waited three weeks for a reply", -1, "response_speed"),
    ("Fixed at the first visit, thank you", 1, "solving_result"),
    ("It is still broken", -1, "solving_result"),
    ("Fair price and no hidden fees", 1, "fee"),
    ("Far too expensive", -1, "fee"),
    ("He was very professional", 1, "professionalism"),
    ("He had no idea what he was doing", -1, "professionalism"),
    ("Booking was easy", 1, "convenience"),
    ("The process is far too complicated", -1, "convenience"),
    ("Everything was explained clearly", 1, "communication"),
    ("Nobody told me anything", -1, "communication"),
    ("The spare part was out of stock", -1, "parts"),
    ("Poor quality, it broke after a week", -1, "product_quality"),
    ("My personal data was leaked", -1, "privacy"),
    ("The socket is dangerous", -1, "safety"),
    ("not bad at all", 1, ""),
    ("I am not satisfied", -1, ""),
    ("I have never been so disappointed", -1, ""),
    ("Could not be better", 1, ""),
    ("非常满意", 1, ""),
    ("很失望", -1, ""),
    ("好极了", 1, ""),
    ("差劲", -1, ""),
    ("垃圾", -1, ""),
    ("太棒了！！！", 1, ""),
    ("不推荐", -1, ""),
    ("无", 0, ""),
    ("没有", 0, ""),
    ("n/a", 0, ""),
    ("。。。", 0, ""),
    ("12345", 0, ""),
    ("none", 0, ""),
    ("暂无意见", 0, ""),
    ("不错", 1, ""),
    ("真的不错", 1, ""),
    ("不是很满意", -1, ""),
    ("没有不满意的地方", 1, ""),
    ("不得不说很好", 1, ""),
    ("没有想象中那么好", -1, ""),
    ("难道这就是你们的服务？", -1, ""),
    ("😡😡", -1, ""),
    ("🌹", 1, ""),
    ("👎", -1, ""),
]


@pytest.mark.parametrize(("text", "polarity", "dimension"), PLAIN)
def test_a_plain_comment_is_understood(text: str, polarity: int, dimension: str) -> None:
    reading = shipped_reader().read(text)
    assert reading.polarity == polarity
    assert not reading.is_mixed
    assert {dimension} - {""} <= reading.dimensions


BOTH = [
    "师傅态度很好，但是收费太贵",
    "修得很快，就是态度太差",
    "技術很好，可是等太久",
    "Great engineer, but far too expensive",
    "Friendly staff but the problem is not fixed",
]


@pytest.mark.parametrize("text", BOTH)
def test_praise_and_blame_side_by_side_are_both_seen(text: str) -> None:
    reading = shipped_reader().read(text)
    assert {found.polarity for clause in reading.clauses for found in clause.findings} >= {-1, 1}
    assert reading.strongly == 0


STRONG = [("非常满意！", 1), ("太差了", -1), ("Absolutely terrible", -1), ("Excellent service", 1)]
NOT_STRONG = ["非常满意，才怪", "不是非常满意", "希望非常满意", "太差了吗？", "Excellent, but slow", "not excellent"]


@pytest.mark.parametrize(("text", "polarity"), STRONG)
def test_unmistakable_words_are_strong(text: str, polarity: int) -> None:
    assert shipped_reader().read(text).strongly == polarity


@pytest.mark.parametrize("text", NOT_STRONG)
def test_what_anything_puts_in_doubt_is_not_strong(text: str) -> None:
    assert shipped_reader().read(text).strongly == 0

"""Sentences of all kinds with what they say, so that a change of words or rules shows what else it changes."""

import pytest

from config.text.load import load_lexicons
from scoring.text.text_reader import TextReader

READER = TextReader(load_lexicons())

PRAISE = """
师傅很准时，活儿干得漂亮
态度好得没话说
一次就修好了，点赞
没想到这么快就来了
客服耐心解答，问题当天就解决了
收费透明，没有多收一分钱
价格公道，下次还会再来
房间干净，早餐丰富
味道正宗，分量足
物流很快，包装完好
质量不错，性价比很高
孩子很喜欢，做工也细致
一点毛病都没有
没什么可挑剔的
不得不说，师傅真的专业
不是不满意，是非常满意
虽然等了一会儿，但是修得很好
以前慢，现在快多了
並沒有亂收費，很放心
效率真高，讚
師傅人好好，好細心
電池很耐用，畫面清晰
好评👍👍
太感动了，师傅大雪天还上门
不贵，还好用
还不错，值得推荐
希望继续保持，服务非常好
The staff were lovely and the room was spotless.
I have no complaints whatsoever.
Couldn't be happier with the repair.
They were never late, not once.
Not a bad place at all.
It isn't expensive and it works perfectly.
I will definitely be back!
Best pizza in town, hands down.
The battery lasts for days and charges fast.
He explained everything and cleaned up afterwards.
Although the queue was long, the food was amazing.
My kids love it.
Five stars, would buy again
I was never disappointed.
Nothing but praise for this team
You won't regret it.
It works like a charm, highly recommended
Fast shipping, exactly as described
really realy good servise
What a beautiful film, moving and funny.
no more noise, problem solved
""".strip().splitlines()

BLAME = """
虽然便宜，但是质量太差
师傅迟到了两个小时
态度很不好，爱答不理
修了三次还是坏的
没修好就走了
打了好几个电话都没人接
说好上午来，结果下午才来
收费不透明，乱收费
配件一直缺货
这质量真不敢恭维
房间太小，隔音也差
菜是凉的，还送错了
充电慢，用了几天就坏了
和图片差距太大
不值这个价
不会再来了
没有上次好
远没有你们说的那么专业
怎么可能满意
难道这就是你们的服务态度
好慢啊
贵死了
快个鬼
建议加强培训，师傅技术不行
客服態度惡劣，完全不理人
維修師傅遲到，還亂收費
等咗兩個鐘，冇人理
👎👎
失望透顶，垃圾
敷衍了事，推来推去
The technician was rude and left a mess.
Nobody ever called me back.
I would not recommend this place.
It stopped working after two days.
The food was cold and tasteless.
Not worth the money.
It doesn't work as advertised.
Waste of time and money.
They never fixed it.
I can't say I'm happy with it.
The screen isn't clear at all.
Too expensive for what you get
I want a refund, this is a scam.
The worst experience I have ever had
We waited over an hour and left hungry.
Never again.
The plot is boring and the acting is wooden.
Dirty room, broken shower, unfriendly staff
overpriced and very disapointing
""".strip().splitlines()

LEANING = """
They should have told me before.
味道不错，就是等太久了
要是能早点来就好了
Good food, but the service was terrible.
It could be better.
""".strip().splitlines()
"""Wishes, and blame after praise: on balance neither, and rather blame where there are two labels only."""


@pytest.mark.parametrize("text", PRAISE)
def test_it_praises(text: str) -> None:
    reading = READER.read(text)
    assert reading.score > 0
    assert reading.polarity == 1


@pytest.mark.parametrize("text", BLAME)
def test_it_blames(text: str) -> None:
    reading = READER.read(text)
    assert reading.score < 0
    assert reading.polarity == -1


@pytest.mark.parametrize("text", LEANING)
def test_it_rather_blames(text: str) -> None:
    reading = READER.read(text)
    assert reading.score < 0
    assert reading.polarity == 0


@pytest.mark.parametrize("text", [*PRAISE, *BLAME, *LEANING])
def test_clauses_cover_the_text_in_order(text: str) -> None:
    clauses = READER.read(text).clauses
    assert "".join(text[one.start : one.end] for one in clauses) == text
    phrases = [finding.phrase for one in clauses for finding in one.findings]
    assert all(phrase in text for phrase in phrases)

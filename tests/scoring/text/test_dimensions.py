"""What a comment is about: sentences by the dimension that they name."""

import pytest

from config.text.load import load_lexicons
from scoring.text.text_reader import TextReader

READER = TextReader(load_lexicons())

ABOUT = {
    "response_speed": """
等了三个小时
没人接电话
师傅准时到了
回复太慢
打不通
迟到了
很快就上门
客服不回复
約好的時間沒來，等太久
very slow response
arrived on time
they never called me back, no reply at all
still waiting for the technician
""",
    "solving_result": """
没修好
一次就修好了
问题解决了
又坏了
修了三次还是不行
還是沒解決
it was fixed the first time
problem solved
""",
    "attitude": """
态度很差
师傅很热情
爱答不理
没耐心，敷衍
服務態度親切
說話很客氣，有禮貌
rude staff
polite and patient
the waiter was friendly
""",
    "professionalism": """
技术过硬
师傅很专业
手艺不错
不专业
很外行
技師很專業
very professional
knowledgeable technician
""",
    "convenience": """
流程太繁琐
预约方便
手续复杂
推来推去跑了好几趟
流程簡單
booking was easy and convenient
the app is confusing
""",
    "communication": """
解释清楚
说不清楚
沟通很顺畅
没有通知
前后矛盾
解釋得很清楚
explained everything clearly
poor communication
""",
    "after_care": """
售后很好
售后太差
主动回访
不给保修
售後服務很好
the warranty is worthless
""",
    "product_quality": """
质量差
味道不错
房间干净
续航不行
做工粗糙
畫質清晰
the battery is bad
the food was great
""",
    "fee": """
价格太贵
收费不透明
乱收费
性价比高
不退款
收費合理
too expensive
overpriced
the price is fair
""",
    "parts": """
配件缺货
没有配件
原装配件
缺零件
配件缺貨
the spare parts are bad
""",
    "privacy": """
泄露我的电话
信息泄露
推销电话一直骚扰
洩露個人信息
""",
    "safety": """
漏电，很危险
冒烟了
有安全隐患
差点触电
漏煤氣
""",
}
NOWHERE = """
很满意
太差了
一般
垃圾
good
terrible
非常滿意
👍
下次还来
""".split()


@pytest.mark.parametrize(
    ("dimension", "text"), [(name, text) for name in ABOUT for text in ABOUT[name].split("\n") if text]
)
def test_a_comment_is_about(dimension: str, text: str) -> None:
    assert dimension in READER.read(text).dimensions


@pytest.mark.parametrize("text", NOWHERE)
def test_general_praise_and_blame_is_about_nothing_in_particular(text: str) -> None:
    assert READER.read(text).dimensions == frozenset()


def test_each_clause_has_its_own_polarity_for_each_dimension() -> None:
    reading = READER.read("师傅态度很好，就是收费太贵，配件也缺货")
    found = {(one.dimension, one.polarity) for clause in reading.clauses for one in clause.findings}
    assert found == {("attitude", 1), ("fee", -1), ("parts", -1)}


def test_what_was_named_before_goes_on_where_the_next_clause_names_nothing() -> None:
    reading = READER.read("服务态度，非常不错")
    assert reading.clauses[1].findings[0].dimension == "attitude"

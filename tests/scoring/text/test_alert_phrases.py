"""Alert words are meant or taken back, in three languages; the shipped words and the settings' defaults decide."""

from time import process_time

import pytest

from config.locale.words import load_lexicon
from config.settings.settings import AlertSettings
from scoring.rules import alert_words
from scoring.text.alert_phrases import Renouncing, is_meant

RULE = load_lexicon().spelled(AlertSettings().rule())

MEANT = """
我要投诉
不给退款
到现在还没退款
为什么不退款
是不是不用退款了
再不处理我就打12315
不投诉不行了
我不得不投诉
别逼我投诉
没有地方投诉
投诉没人管
师傅威胁我
插座漏电
空调冒烟了
厨房有煤气味
你们泄露我的电话
我要找记者
法院见
不想要了，退款
我要投訴
唔該退錢
瓦斯外洩好危險
I want to complain
They refuse to refund me
No refund was given
Why no refund?
I will not hesitate to complain
I will sue you
The boiler caught fire
I smell gas in the kitchen
You leaked my personal data
Don't make me call a lawyer
I haven't got my refund
你们再不来人，店门口的玻璃我全砸了
维修工把我家地址发到工作群里了
钱我不要了？一分都要退给我，把钱赶紧给我退了
我老公说算了，可我还是要投诉
Water keeps dripping on the socket
I could smell it all day, gas everywhere, smells of gas
My neighbour says it is fine, but there is a smell of gas
""".strip().splitlines()

TAKEN_BACK = """
没人砸我家玻璃
多付的钱当天就退到卡上了
邻居说要投诉，我觉得没必要
He tested for gas leaks and there weren't any
My brother is a lawyer, he liked the contract
Your refund from May came within days
不用退款了
没有投诉的意思
没有要退款的意思
我没有要投诉
不想投诉，就是提个建议
退款就算了
退款很快，谢谢
从来没投诉过
没有任何安全隐患
不用報警啦
唔使退錢
唔會投訴
can't complain
no complaints at all
I don't want a refund
no need for a refund
nothing to complain about
I'm not going to complain
This is not a complaint
The refund was quick, thanks
it is not dangerous
I don't need a lawyer
another issue with the tissue
""".strip().splitlines()


@pytest.mark.parametrize("text", MEANT)
def test_an_alert_word_that_is_meant_counts(text: str) -> None:
    assert alert_words(text, RULE)


@pytest.mark.parametrize("text", TAKEN_BACK)
def test_an_alert_word_that_is_taken_back_does_not(text: str) -> None:
    assert alert_words(text, RULE) == ()


def test_it_is_taken_back_in_its_own_clause_only() -> None:
    assert alert_words("不用退款了，我要投诉", RULE) == ("投诉",)
    assert alert_words("不用，退款", RULE) == ("退款",)
    assert alert_words("不用退款了。退款！", RULE) == ("退款",)


def test_nothing_is_taken_back_where_no_words_say_how() -> None:
    assert is_meant("不用退款", "退款", Renouncing())
    assert not is_meant("不用退款", "退款", Renouncing(before=("不用",)))
    assert not is_meant("不用", "退款", Renouncing())
    assert not is_meant("issue", "sue", Renouncing())
    assert is_meant("sue. issue", "sue", Renouncing())


def test_a_number_counts_between_other_characters_than_digits_only() -> None:
    assert is_meant("打12345投诉", "12345", Renouncing())
    assert not is_meant("订单2012345678", "12345", Renouncing())
    assert not is_meant("123456, 912345", "12345", Renouncing())
    assert is_meant("912345, 12345", "12345", Renouncing())


def test_what_ends_within_an_everyday_phrase_is_the_phrase() -> None:
    calls = Renouncing(harmless=("打我电话", "media player"))
    assert not is_meant("要打我电话", "要打我", calls)
    assert not is_meant("to the media player", "to the media", calls)
    assert is_meant("打我电话还要打我", "要打我", calls)
    assert is_meant("打我电话机响", "电话机", calls), "the phrase ends within it"


def test_a_denial_in_the_gap_of_a_form_takes_it_back_where_it_denies_that() -> None:
    leaks = Renouncing(none=("没有", "不", "no"), of=("煤气", "smell"), between=("一点",))
    assert not is_meant("煤气管没有漏", "煤气*漏", leaks)
    assert not is_meant("煤气灶不一点漏", "煤气*漏", leaks)
    assert not is_meant("i smell no gas", "smell*gas", leaks)
    assert is_meant("煤气没有关就漏", "煤气*漏", leaks)
    assert is_meant("钱不还我", "钱*还我", leaks), "whoever does not pay it back is what the complaint is about"


def test_what_tells_how_is_no_question() -> None:
    told = Renouncing(about=("教我怎么",), of=("漏气",), kept=("怎么",))
    assert not is_meant("师傅教我怎么看漏气", "漏气", told)
    assert is_meant("师傅怎么看漏气", "漏气", told)


def test_it_is_taken_back_by_what_stands_near_it_and_meant_where_it_is_repeated_without_end() -> None:
    denied = Renouncing(about=("开玩笑",), before=("不用",), of=("漏气",))
    assert not is_meant("开玩笑" + "说" * 190 + "漏气", "漏气", denied)
    assert is_meant("开玩笑" + "说" * 200 + "漏气", "漏气", denied)
    assert not is_meant("不用漏气" * 50, "漏气", denied)
    assert is_meant("不用漏气" * 51, "漏气", denied)


@pytest.mark.proof
@pytest.mark.parametrize("one", ["不用投诉", "I do not want a refund ", "没有漏气", "煤气没有", "砸不", "邻居说要投诉"])
def test_ten_times_the_text_takes_about_ten_times_as_long(one: str) -> None:
    def seconds(length: int) -> float:
        text, times = (one * length)[:length], []
        for _ in range(3):
            begin = process_time()
            alert_words(text, RULE)
            times.append(process_time() - begin)
        return min(times)

    assert seconds(40_000) < 30 * seconds(4_000) + 0.005

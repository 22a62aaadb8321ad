import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.issue import cards
from dialogs.issue.card_text import WrittenWords
from dialogs.issue.cards import CardFacts
from dialogs.issue.closure_message import closure
from dialogs.issue.customer_card import CardCustomer
from dialogs.issue.holder_cards import overdue_message
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.issue.reasons import OtherReason, Reason, Undelivered
from dialogs.messages import Person, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE
from scoring.rules import AlertWord, LowMean, LowRating, Severity
from scoring.values import replace
from tests.dialogs.samples import ISSUE, LOCALES, PHRASES, SHANGHAI
from tests.support.reasons import reason

FACTS = CardFacts(
    tickets=(("zendesk", "42", "空调不制冷"),),
    customers=(CardCustomer("王女士"),),
    agent="李工",
    team="north",
    ratings=(("响应速度", 2, 5, "师傅迟到\n两小时"), ("服务态度", 4, 5, None)),
    said=(WrittenWords(ISSUE.opened_at, "师傅迟到\n两小时", "响应速度"), WrittenWords(ISSUE.opened_at, "希望改进")),
    names={"speed": "响应速度"},
)
CLAIMED = replace(ISSUE, state=IssueState.CLAIMED, claimed_by="张三", claimant="telegram:5", due_at=None)
DRAFTED = replace(CLAIMED, draft="压缩机已经换好。", drafts=2)
RESOLVED = replace(CLAIMED, state=IssueState.RESOLVED, note="压缩机已经换好。", told=("c-1",))
CLOSED = replace(RESOLVED, state=IssueState.CLOSED)


def _card(issue: Issue, facts: CardFacts = FACTS, locale: str = "zh-Hans") -> Prompt:
    return cards.card(issue, facts, PHRASES, locale, SHANGHAI)


def _labels(prompt: Prompt) -> list[list[str]]:
    return [[choice.label for choice in row] for row in prompt.rows]


def test_a_card_tells_all_that_is_needed_to_act() -> None:
    assert _card(ISSUE).text.splitlines() == [
        "🔴 严重 #K3F2A 评分偏低",
        "「响应速度」只有 2 分（2 分及以下提醒）",
        "工单 zendesk/42「空调不制冷」",
        "客户 王** · 经办 李工 · 团队 north",
        "响应速度 2/5 · 服务态度 4/5",
        "「响应速度」的说明：“师傅迟到 两小时”",
        "客户说：“希望改进”",
        "状态：等人认领，请在 11月22日 15:00 前认领",
    ]


def test_an_open_card_can_be_claimed_or_resolved_and_a_claimed_one_resolved() -> None:
    assert _labels(_card(ISSUE)) == [["认领", "处理完成", "更多"]]
    verbs = (Verb.CLAIM, Verb.RESOLVE, Verb.MORE)
    assert [choice.means for choice in _card(ISSUE).rows[0]] == [Tap(verb, ISSUE.id) for verb in verbs]
    assert _labels(_card(CLAIMED)) == [["处理完成"], ["进展", "提问", "更多"]]
    assert _card(RESOLVED).rows == _card(CLOSED).rows == ()


@pytest.mark.parametrize(
    ("issue", "standing"),
    [
        (replace(ISSUE, due_at=None), ["状态：等人认领"]),
        (CLAIMED, ["状态：张三 在处理"]),
        (RESOLVED, ["状态：张三 已处理，“压缩机已经换好。”", "等客户确认"]),
        (replace(RESOLVED, told=()), ["状态：张三 已处理，“压缩机已经换好。”", "没有通知客户"]),
        (replace(CLOSED, confirmed=("c-1",)), ["状态：张三 已处理，“压缩机已经换好。”", "客户确认解决了"]),
        (CLOSED, ["状态：张三 已处理，“压缩机已经换好。”", "客户没有再说什么，已关闭"]),
        (replace(CLOSED, note=None, told=()), ["状态：张三 已处理", "没有通知客户"]),
        (replace(ISSUE, state=IssueState.CLOSED, merged_into="iss_zzzzz23456"), ["状态：已并入 #23456"]),
    ],
)
def test_the_last_lines_say_who_has_it_or_how_it_ended(issue: Issue, standing: list[str]) -> None:
    assert _card(issue).text.splitlines()[-len(standing) :] == standing


def test_a_card_says_on_top_that_it_is_overdue_or_open_again() -> None:
    assert _card(replace(ISSUE, escalated=True)).text.startswith("超时了，还没有人认领\n🔴")
    assert _card(replace(ISSUE, resolution=1)).text.startswith("还没解决，这是第 2 次处理\n🔴")
    assert not _card(replace(RESOLVED, resolution=1)).text.startswith("还没解决")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("speed 2 ≤ 2", "「响应速度」只有 2 分（2 分及以下提醒）", "“响应速度” got only 2 (alert at 2 or below)"),
        (
            "speed 3 ≤ 3.25",
            "「响应速度」只有 3 分（3.25 分及以下提醒）",
            "“响应速度” got only 3 (alert at 3.25 or below)",
        ),
        ("unknown 1 ≤ 2", "「unknown」只有 1 分（2 分及以下提醒）", "“unknown” got only 1 (alert at 2 or below)"),
        ("mean 2.4 < 3", "平均 2.4 分，低于 3 分", "The mean is 2.4, below 3"),
        ("word 退款", "提到「退款」", "The customer wrote “退款”"),
        (
            "not_understood",
            "客户有话要说，机器人没听懂",
            "The customer has something to say that the bot did not understand",
        ),
        ("window_closed", "聊天窗口过期了，消息发不出去", "the chat window has closed, so no message gets through"),
        (
            "closure blocked",
            "处理结果没能发给客户：客户屏蔽了我们",
            "The outcome did not reach the customer: the customer has blocked us",
        ),
        ("closure martian", "处理结果没能发给客户：martian", "The outcome did not reach the customer: martian"),
        ("as the person put it", "as the person put it", "as the person put it"),
    ],
)
def test_reasons_are_said_in_words(text: str, zh: str, en: str) -> None:
    issue = replace(ISSUE, reasons=(reason(text),))
    assert _card(issue).text.splitlines()[1] == zh
    assert _card(issue, locale="en").text.splitlines()[1] == en


def test_a_persons_own_issue_shows_its_title_and_text() -> None:
    issue = replace(
        ISSUE, kind=IssueKind.MANUAL, severity=Severity.LOW, reasons=(), title="发票开错了", text="客户来电说抬头不对"
    )
    assert _card(issue, CardFacts()).text.splitlines() == [
        "🟡 轻微 #K3F2A 需要人工处理",
        "发票开错了",
        "备注：“客户来电说抬头不对”",
        "状态：等人认领，请在 11月22日 15:00 前认领",
    ]


def test_every_customer_of_a_merged_issue_is_masked() -> None:
    assert (
        "客户 王**、J**"
        in _card(ISSUE, replace(FACTS, customers=(CardCustomer("王女士"), CardCustomer("John Smith")))).text
    )


@pytest.mark.parametrize(
    "evil",
    [
        "@everyone come",
        "see http://evil.example/x",
        "evil.example",
        "t.me/joinchat",
        "/stop",
        "#tag",
        "a@b.example",
        "$CASH",
    ],
)
def test_nothing_that_a_customer_writes_works_in_the_group(evil: str) -> None:
    text = _card(
        ISSUE,
        replace(
            FACTS,
            said=(WrittenWords(ISSUE.opened_at, evil),),
            tickets=(("desk", "1", evil),),
            agent=evil,
            customers=(CardCustomer(evil),),
        ),
    ).text
    assert evil in text.replace("\u200b", "")
    ours = text.replace("desk/1", "").replace("#K3F2A", "").replace("15:00", "").replace("2/5", "").replace("4/5", "")
    assert not re.search("[@/#$.:](?=\\w)", ours)


def test_a_quote_stays_on_one_line_and_within_three_hundred_characters() -> None:
    quote = next(
        line
        for line in _card(ISSUE, replace(FACTS, said=(WrittenWords(ISSUE.opened_at, "吵\n" * 4000),))).text.splitlines()
        if "客户说" in line
    )
    assert len(quote) == len("客户说：“”") + 300
    assert quote.endswith("…”")


def test_text_cannot_turn_the_card_around_or_hide_in_it() -> None:
    text = _card(ISSUE, replace(FACTS, said=(WrittenWords(ISSUE.opened_at, "ab\u202ec\u0000d\u2066"),))).text
    assert "“abcd”" in text


def test_the_due_time_is_on_the_readers_clock() -> None:
    assert "Nov 22, 7:00 AM" in cards.card(ISSUE, FACTS, PHRASES, "en", ZoneInfo("UTC")).text


_TEXTS = st.text(max_size=400)
_REASONS = st.one_of(
    st.builds(LowRating, _TEXTS, st.integers(), st.floats()),
    st.builds(LowMean, st.floats(), st.floats()),
    st.builds(AlertWord, _TEXTS),
    st.builds(Undelivered, st.sampled_from(("closure", "invitation")), _TEXTS),
    st.builds(OtherReason, _TEXTS),
)
_FACTS = st.builds(
    CardFacts,
    tickets=st.lists(st.tuples(_TEXTS, _TEXTS, _TEXTS), max_size=20).map(tuple),
    customers=st.tuples(st.builds(CardCustomer, _TEXTS)),
    agent=_TEXTS,
    team=_TEXTS,
    ratings=st.lists(
        st.tuples(st.just("响应速度" * 9), st.integers(1, 5), st.just(5), st.none() | _TEXTS), max_size=60
    ).map(tuple),
    said=st.lists(st.builds(WrittenWords, st.just(ISSUE.opened_at), _TEXTS), max_size=20).map(tuple),
)


@given(
    facts=_FACTS,
    texts=st.tuples(_TEXTS, _TEXTS, _TEXTS),
    reasons=st.lists(_REASONS, max_size=30).map(tuple),
    state=st.sampled_from(IssueState),
)
def test_a_card_fits_one_message_whatever_is_in_it(
    facts: CardFacts, texts: tuple[str, str, str], reasons: tuple[Reason, ...], state: IssueState
) -> None:
    title, text, note = texts
    issue = replace(ISSUE, state=state, title=title, text=text, note=note, claimed_by=text, reasons=reasons)
    prompt = _card(issue, facts)
    assert len(prompt.text) <= LONGEST_MESSAGE
    assert "状态：" in prompt.text
    assert "#K3F2A" in prompt.text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_reminder_of_an_unclaimed_issue_can_be_acted_on_at_once(locale: str) -> None:
    prompt = overdue_message(ISSUE, (), PHRASES, locale)
    assert "#K3F2A" in prompt.text
    offered = [[(choice.label, choice.means.verb) for choice in row] for row in _card(ISSUE, locale=locale).rows]
    assert [[(choice.label, choice.means.verb) for choice in row] for row in prompt.rows] == offered


def test_the_sentence_is_asked_from_the_person_who_pressed() -> None:
    person = Person("5", "张三")
    prompt = cards.ask_sentence(person, CLAIMED, PHRASES, "zh-Hans")
    assert prompt.text == "张三，请回复这条消息，写一句给客户的话（#K3F2A）。发出前会先给您看预览。"
    assert prompt.asks == "写给客户的一句话"
    assert prompt.mentions is person


@pytest.mark.parametrize("locale", LOCALES)
def test_the_preview_shows_exactly_what_the_customer_will_read(locale: str) -> None:
    prompt = cards.preview_closure(DRAFTED, PHRASES, "zh-Hans", "空调不制冷", locale)
    customers = closure("压缩机已经换好。", "空调不制冷", DRAFTED.id, 0, PHRASES, locale)
    assert prompt.text == f"#K3F2A 客户将收到：\n\n{customers.text}"


def test_the_previews_buttons_belong_to_this_draft() -> None:
    prompt = cards.preview_closure(DRAFTED, PHRASES, "zh-Hans")
    assert _labels(prompt) == [["发送", "修改"], ["不通知客户"]]
    assert [choice.means for row in prompt.rows for choice in row] == [
        Tap(verb, DRAFTED.id, "2") for verb in (Verb.SEND, Verb.EDIT, Verb.SILENTLY)
    ]


def test_after_send_the_preview_says_so_and_keeps_the_sentence_without_buttons() -> None:
    prompt = cards.closure_preview_done(DRAFTED, PHRASES, "zh-Hans", sent=True)
    assert prompt == Prompt("#K3F2A 已发给客户：\n\n压缩机已经换好。")


def test_after_resolving_silently_the_preview_says_that_nobody_was_told() -> None:
    prompt = cards.closure_preview_done(DRAFTED, PHRASES, "zh-Hans", sent=False)
    assert prompt == Prompt("#K3F2A 已处理完成，没有通知客户。\n\n压缩机已经换好。")


def test_who_writes_a_sentence_for_somebody_elses_issue_is_told_whose_it_is() -> None:
    prompt = cards.held(CLAIMED, "901", PHRASES, "zh-Hans")
    assert prompt.text == "#K3F2A 已经是张三在处理，这句话没有发。"
    assert prompt.replies_to == "901"


def test_who_writes_a_sentence_for_a_settled_issue_is_told_that_it_is_settled() -> None:
    assert cards.held(RESOLVED, "901", PHRASES, "zh-Hans").text == "#K3F2A 已经处理完了，这句话没有发。"


def _listed(count: int) -> Sequence[Issue]:
    return [replace(ISSUE, id=f"iss_abcdef{n:05}", kind=IssueKind.CALL) for n in range(count)]


def test_customers_to_ring_stand_on_one_card_with_a_button_each() -> None:
    issues = [*_listed(2), CLAIMED]
    prompt = cards.calls(issues, dict.fromkeys((issue.id for issue in issues), FACTS), PHRASES, "zh-Hans")
    assert prompt.text.splitlines() == [
        "今天有 3 位客户在聊天里联系不上，请打个电话：",
        "#00000 客户 王** 工单 zendesk/42「空调不制冷」 · 状态：等人认领",
        "#00001 客户 王** 工单 zendesk/42「空调不制冷」 · 状态：等人认领",
        "#K3F2A 客户 王** 工单 zendesk/42「空调不制冷」 · 状态：张三 在处理",
    ]
    assert _labels(prompt) == [["认领 #00000"], ["认领 #00001"], ["处理完成 #K3F2A"]]
    assert prompt.rows[1][0].means == Tap(Verb.CLAIM, "iss_abcdef00001")


def test_on_a_bad_day_the_card_shows_eight_who_wait_and_counts_the_rest() -> None:
    issues = [replace(CLAIMED, kind=IssueKind.CALL), *_listed(10)]
    prompt = cards.calls(issues, dict.fromkeys((issue.id for issue in issues), FACTS), PHRASES, "zh-Hans")
    assert len(prompt.rows) == 8
    assert prompt.text.splitlines()[-1] == "另外还有 3 位，请到控制台查看。"
    assert "张三" not in prompt.text

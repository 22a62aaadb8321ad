"""What a customer reads: a menu where the account has one, else a text; two kilobytes at most, a note whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from bot.channels.wechat.outbound.fields import UnfitField
from bot.channels.wechat.outbound.present import (
    MenuItem,
    MenuMessage,
    NoticeMessage,
    PictureMessage,
    TextMessage,
    WechatMessage,
    has_menu,
    joined_text,
    messages_by,
    reduced,
)
from bot.channels.wechat.outbound.send_methods import SendMethod
from bot.channels.wechat.outbound.texts import byte_length, without_markup
from dialogs.ids import ref_of
from dialogs.issue.customer_prompts import progress_note
from dialogs.messages import Choice, Link, Prompt, Tap, Verb
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose
from tests.channels.wechat.messages import (
    CLOSURE,
    COMMENT,
    FACTS,
    GRANTED,
    INTERVIEW,
    INVITING,
    ISSUE,
    PAGE,
    RATING,
    closure,
    message,
)
from tests.dialogs.samples import PHRASES

NOTES = st.text(min_size=1, max_size=2000).map(str.strip).filter(bool) | st.integers(1, 2000).map("换".__mul__)


def said(prompt: Prompt, step: SendMethod, purpose: Purpose = Purpose.REPLY) -> tuple[WechatMessage, ...]:
    return messages_by(message(prompt, purpose), step, None, {})


def text_of(body: WechatMessage) -> str:
    """Return all that is read of it, line by line."""
    match body:
        case TextMessage(content):
            return content
        case MenuMessage(head, items, tail):
            return "\n".join(part for part in (head, *(item.content for item in items), tail) if part)
        case NoticeMessage() | PictureMessage():
            raise AssertionError(body)


def test_a_question_is_a_menu_whose_lines_say_digit_and_word() -> None:
    (menu,) = said(RATING, SendMethod.MENU)
    assert isinstance(menu, MenuMessage)
    assert (menu.head, menu.tail) == (RATING.text, "")
    assert [item.content for item in menu.items] == [
        *("1 很不满意", "2 不满意", "3 一般", "4 满意", "5 很满意"),
        *("跳过", "上一步"),
    ]
    assert MENU_ITEM_ID.decode(menu.items[4].id) == Tap(Verb.RATE, INTERVIEW, "response_speed", 5)
    assert MENU_ITEM_ID.decode(menu.items[5].id) == Tap(Verb.SKIP, INTERVIEW, "response_speed")


def test_without_menus_the_same_question_says_how_to_answer_by_typing() -> None:
    assert said(RATING, SendMethod.TEXT) == (TextMessage(f"{RATING.text}\n\n{RATING.typed}"),)


def test_the_first_question_carries_the_page_in_either_form() -> None:
    linked = replace(RATING, link=PAGE)
    (menu,), (text,) = said(linked, SendMethod.MENU), said(linked, SendMethod.TEXT)
    assert text_of(menu).endswith(f"上一步\n{PAGE.label}\n{PAGE.url}")
    assert text_of(text) == f"{RATING.text}\n\n{RATING.typed}\n\n{PAGE.label}\n{PAGE.url}"


def test_stop_is_no_line_to_tap_among_others_but_said_below_them() -> None:
    how = "不想再收到，回复「退订」。"
    stoppable = replace(RATING, rows=(*RATING.rows, (Choice("不再评价", Tap(Verb.STOP, ""), how),)), link=PAGE)
    (menu,), (text,) = said(stoppable, SendMethod.MENU), said(stoppable, SendMethod.TEXT)
    assert isinstance(menu, MenuMessage)
    assert [item.content for item in menu.items][-2:] == ["跳过", "上一步"]
    assert menu.tail == f"{how}\n\n{PAGE.label}\n{PAGE.url}"
    assert text_of(text) == f"{RATING.text}\n\n{RATING.typed}\n{how}\n\n{PAGE.label}\n{PAGE.url}"


def test_a_message_with_nothing_but_stop_is_a_text_that_says_how() -> None:
    prompt = Prompt("您说，我们改了。", ((Choice("不再评价", Tap(Verb.STOP, ""), "回复「退订」。"),),))
    assert not has_menu(prompt)
    assert said(prompt, SendMethod.TEXT) == (TextMessage("您说，我们改了。\n\n回复「退订」。"),)


def test_a_closure_asks_whether_it_is_solved() -> None:
    (menu,) = said(CLOSURE, SendMethod.MENU, Purpose.CLOSURE)
    assert isinstance(menu, MenuMessage)
    assert [MENU_ITEM_ID.decode(item.id) for item in menu.items] == [
        Tap(Verb.SOLVED, ISSUE, "1"),
        Tap(Verb.NOT_SOLVED, ISSUE, "1"),
    ]
    assert not has_menu(COMMENT)


@given(NOTES, st.sampled_from([SendMethod.MENU, SendMethod.TEXT]), st.sampled_from([None, PAGE]))
def test_a_note_of_any_length_reaches_the_customer_whole(note: str, step: SendMethod, link: Link | None) -> None:
    shown = said(closure(note, link), step, Purpose.CLOSURE)
    assert all(0 < byte_length(text_of(body)) <= 2048 for body in shown)
    assert all(isinstance(body, TextMessage) for body in shown[:-1])
    read = "".join(body.head if isinstance(body, MenuMessage) else text_of(body) for body in shown)
    assert squeezed(f"处理好了：{without_markup(note)}现在解决了吗？") in squeezed(read)


def squeezed(text: str) -> str:
    """Leave out the spaces, where messages may part."""
    return "".join(text.split())


def test_a_long_note_comes_in_order_and_the_choice_below_the_last() -> None:
    lines = [f"第{number}步：换了压缩机，清洗了滤网。" for number in range(90)]
    for step in (SendMethod.MENU, SendMethod.TEXT):
        shown = said(closure("\n".join(lines)), step, Purpose.CLOSURE)
        read = "\n".join(text_of(body) for body in shown).split("\n")
        assert [line for line in read if line in lines] == lines
        assert len(shown) == 3


def test_a_long_progress_note_reaches_the_customer_whole_like_the_closure() -> None:
    note = "\n".join(f"第{number}步：等零件，周五前到。" for number in range(100))
    prompt = progress_note(note, "空调不制冷", PHRASES, "zh-Hans")
    told = replace(message(prompt, Purpose.REPLY), about=ref_of(ISSUE))
    shown = messages_by(told, SendMethod.TEXT, None, {})
    assert squeezed(note) in squeezed("".join(text_of(body) for body in shown))
    assert len(shown) > 1


def test_both_forms_part_a_long_note_alike_so_that_one_can_end_what_the_other_began() -> None:
    long = closure("换了压缩机，清洗了滤网。" * 120)
    menu, text = said(long, SendMethod.MENU, Purpose.CLOSURE), said(long, SendMethod.TEXT, Purpose.CLOSURE)
    assert menu[:-1] == text[:-1]
    assert isinstance(menu[-1], MenuMessage)
    assert text_of(text[-1]).startswith(menu[-1].head)


def test_of_too_long_a_question_the_end_stays_with_how_to_answer_and_the_page() -> None:
    ratings = "\n".join(f"{'名' * 60}{number} ★★★★☆" for number in range(40))
    prompt = replace(RATING, text=f"{ratings}\n\n{RATING.text}", link=PAGE)
    for step in (SendMethod.MENU, SendMethod.TEXT):
        (body,) = said(prompt, step)
        assert byte_length(text_of(body)) <= 2048
        assert text_of(body).startswith("…")
        assert RATING.text in text_of(body)
        assert PAGE.url in text_of(body)
    assert RATING.typed in text_of(said(prompt, SendMethod.TEXT)[0])


def test_the_longest_scale_fits_with_room_for_the_question() -> None:
    row = tuple(Choice(str(n), Tap(Verb.RATE, INTERVIEW, "care", n), "非常非常满意" * 20) for n in range(11))
    (menu,) = said(Prompt("名" * 1000, (row,), PAGE), SendMethod.MENU)
    assert isinstance(menu, MenuMessage)
    assert byte_length(text_of(menu)) <= 2048
    assert byte_length(menu.head) > 900
    assert menu.items[10] == MenuItem(menu.items[10].id, "10 非常非常满意非常非常满意非常非常满意…")


def test_no_stranger_s_words_become_a_link_or_an_item() -> None:
    sly = '<a href="weixin://bizmsgmenu?msgmenucontent=5&msgmenuid=1">点这里</a>'
    prompt = Prompt(sly, ((Choice(sly, Tap(Verb.SKIP, INTERVIEW)),),), replace(PAGE, label=sly), typed=sly)
    for step in (SendMethod.MENU, SendMethod.TEXT):
        (body,) = said(prompt, step)
        assert "<" not in text_of(body)
        assert PAGE.url in text_of(body)


def test_an_item_that_could_not_be_read_back_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no item carries"):
        said(Prompt("?", ((Choice("x", Tap(Verb.SKIP, "int_" + "x" * 99)),),)), SendMethod.MENU)


# -- notices ------------------------------------------------------------------------------------------------------


def test_an_invitation_by_template_opens_the_page() -> None:
    invitation = message(replace(RATING, link=PAGE), Purpose.SURVEY)
    assert messages_by(invitation, SendMethod.TEMPLATE, INVITING, FACTS) == (
        NoticeMessage(SendMethod.TEMPLATE, "TPL", {"thing1": "空调不制冷", "time3": "2026-11-22 10:30"}, PAGE.url),
    )


def test_a_closure_by_grant_says_the_note_and_has_a_page_where_there_is_one() -> None:
    values = {"thing1": "空调不制冷", "thing2": FACTS["note"]}
    shown = [
        messages_by(message(closure(link=link), Purpose.CLOSURE), SendMethod.GRANT, GRANTED, FACTS)
        for link in (None, PAGE)
    ]
    assert shown == [(NoticeMessage(SendMethod.GRANT, "SUB", values, url),) for url in ("", PAGE.url)]


def test_a_notice_with_nothing_to_say_in_a_field_is_not_written() -> None:
    with pytest.raises(UnfitField, match="time3"):
        messages_by(message(), SendMethod.TEMPLATE, INVITING, {"subject": "空调"})


# -- what was refused, mended ----------------------------------------------------------------------------------------


def test_what_a_notice_was_refused_for_is_left_out() -> None:
    values = {"thing1": "空调😀", "time3": "10:30"}
    refused = NoticeMessage(SendMethod.TEMPLATE, "TPL", values)
    assert reduced(message(), refused, "argument invalid! data.thing1.value invalid") == replace(
        refused, values=values | {"thing1": "空调"}
    )
    assert reduced(message(), refused, "argument invalid! data.thing9.value is empty") is None
    assert reduced(message(), refused, "argument invalid!") is None


def test_what_is_too_long_all_the_same_is_halved_unless_it_holds_a_note() -> None:
    long = TextMessage("头" * 400 + "尾")
    half = reduced(message(), long, "content byte_length out of limit")
    assert isinstance(half, TextMessage)
    assert byte_length(half.content) <= 603
    assert half.content.endswith("尾")
    assert reduced(message(CLOSURE, Purpose.CLOSURE), long, "") is None
    assert reduced(message(), said(RATING, SendMethod.MENU)[0], "") is None


# -- several in one reply ---------------------------------------------------------------------------------------------


def several(*texts: str) -> list[OutboxMessage]:
    return [message(Prompt(text), id_=f"out_{number}") for number, text in enumerate(texts)]


def test_what_waits_is_said_together_as_far_as_it_fits() -> None:
    assert joined_text(several("谢谢您！", "还有一件事。")) == ("谢谢您！\n\n还有一件事。", 2)
    assert joined_text(several("好" * 400, "的" * 400, "x")) == ("好" * 400, 1)
    assert joined_text([message(RATING)]) == (f"{RATING.text}\n\n{RATING.typed}", 1)
    assert joined_text([]) == ("", 0)


def test_a_text_too_long_for_a_reply_is_shortened_and_a_note_waits_for_messages_of_its_own() -> None:
    text, count = joined_text(several("好" * 900, "x"))
    assert (byte_length(text) <= 2048, count) == (True, 1)
    assert joined_text([message(closure("换" * 900), Purpose.CLOSURE), *several("x")]) == ("", 0)

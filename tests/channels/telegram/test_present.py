"""How the product's messages look to the Bot API."""

from typing import Any

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.callback_data import CALLBACK_DATA
from bot.channels.telegram.present import cut_utf16, request_for
from dialogs.messages import Tap, Verb
from tests.channels.telegram.messages import RATINGS, Choice, Link, Person, Prompt, message, rating_prompt

LI = Person("20001", "李工")


def sent(prompt: Prompt, edits: str = "") -> dict[str, Any]:
    """Return the parameters of the call for this prompt."""
    return dict(request_for(message(prompt), edits).params)


def test_a_question_is_a_message_with_its_buttons_and_no_link_preview() -> None:
    call = request_for(message(rating_prompt()), "")
    assert call.method == "sendMessage"
    assert (call.params["chat_id"], call.params["text"]) == ("10001", "响应速度：您满意吗？")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    markup = telegram.InlineKeyboardMarkup.de_json(call.params["reply_markup"], None)
    assert [[b.text for b in row] for row in markup.inline_keyboard] == [
        ["1 分", "2 分", "3 分", "4 分", "5 分"],
        ["跳过"],
    ]
    taps = [CALLBACK_DATA.decode(str(b.callback_data)) for row in markup.inline_keyboard for b in row]
    assert taps == [choice.means for row in RATINGS for choice in row]


def test_the_same_message_edits_an_earlier_one() -> None:
    call = request_for(message(rating_prompt()), "77")
    assert call.method == "editMessageText"
    assert call.params["message_id"] == 77
    assert "reply_markup" in call.params


def test_an_edit_without_buttons_takes_the_old_ones_away() -> None:
    assert "reply_markup" not in sent(Prompt("谢谢您！"), edits="77")


def test_a_link_is_a_button_of_its_own_row() -> None:
    rows = sent(Prompt("好了吗？", RATINGS, Link("打开", "https://example.com/s/1")))["reply_markup"]["inline_keyboard"]
    assert rows[-1] == [{"text": "打开", "url": "https://example.com/s/1"}]


@pytest.mark.parametrize("url", ["http://localhost:8480/s/1", "huifang:open"])
def test_an_address_that_telegram_takes_for_no_link_is_written_out(url: str) -> None:
    params = sent(Prompt("请打开", link=Link("打开", url)))
    assert params["text"] == f"请打开\n{url}"
    assert "reply_markup" not in params


def test_a_question_for_words_forces_a_reply_with_a_hint() -> None:
    assert sent(Prompt("请写一句话", asks="例如：已更换"))["reply_markup"] == {
        "force_reply": True,
        "input_field_placeholder": "例如：已更换",
    }


def test_a_long_hint_is_cut_to_what_the_field_holds() -> None:
    hint = sent(Prompt("请写", asks="字" * 100))["reply_markup"]["input_field_placeholder"]
    assert hint == "字" * 63 + "…"


def test_a_forced_reply_cannot_be_an_edit_and_is_sent_anew() -> None:
    assert request_for(message(Prompt("请写", asks="一句话")), "77").method == "sendMessage"


def test_buttons_win_over_a_forced_reply_so_that_skip_stays() -> None:
    call = request_for(message(Prompt("还有什么想说的？", RATINGS, asks="写在这里")), "77")
    assert call.method == "editMessageText"
    assert "inline_keyboard" in call.params["reply_markup"]


def test_linked_words_are_marked_in_utf16_units_where_telegram_opens_the_address() -> None:
    link = Link("隐私说明", "https://care.example/privacy")
    params = sent(Prompt("👍👍 您好\n\n隐私说明 · 退订", text_link=link))
    assert params["text"] == "👍👍 您好\n\n隐私说明 · 退订"
    assert params["entities"] == [{"type": "text_link", "offset": 9, "length": 4, "url": link.url}]
    near = sent(Prompt("您好\n隐私说明 · 退订", text_link=Link(link.label, "http://localhost:8480/privacy")))
    assert near["text"] == "您好\n隐私说明 http://localhost:8480/privacy · 退订"
    assert "entities" not in near
    cut = sent(Prompt("长" * 5000 + "隐私说明", text_link=link))
    assert "entities" not in cut


def test_a_mentioned_person_is_marked_in_utf16_units_and_alone_is_asked() -> None:
    params = sent(Prompt("👍👍 李工，请写一句话", asks="一句话", mentions=LI))
    user = {"id": 20001, "is_bot": False, "first_name": "李工"}
    assert params["entities"] == [{"type": "text_mention", "offset": 5, "length": 2, "user": user}]
    assert params["reply_markup"]["selective"] is True


def test_everybody_who_is_to_be_notified_is_marked_in_order_and_the_others_are_only_named() -> None:
    people = (Person("13", "李"), Person("", "店长"), Person("14", "李工"), Person("15", "没写的人"))
    params = sent(Prompt("👍 李、店长、李工：#K3F2A 还没处理完，李工", notifies=people))
    marked = [(entity["offset"], entity["length"], entity["user"]["id"]) for entity in params["entities"]]
    assert marked == [(3, 1, 13), (8, 2, 14)]


@pytest.mark.parametrize(
    "person", [Person("20001", "张工"), Person("", "李工"), Person("20001", "")], ids=["not named", "no id", "no name"]
)
def test_who_cannot_be_marked_is_not(person: Person) -> None:
    params = sent(Prompt("李工，请写一句话", asks="一句话", mentions=person))
    assert "entities" not in params
    assert "selective" not in params["reply_markup"]


def test_an_answer_to_a_message_survives_its_deletion() -> None:
    reply = sent(Prompt("收到", replies_to="5"))["reply_parameters"]
    assert reply == {"message_id": 5, "allow_sending_without_reply": True}


def test_an_edit_answers_nothing() -> None:
    assert "reply_parameters" not in sent(Prompt("收到", replies_to="5"), edits="77")


@pytest.mark.parametrize(
    ("verb", "style"),
    [(Verb.CLAIM, "primary"), (Verb.RESOLVE, "success"), (Verb.NOT_SOLVED, "danger"), (Verb.RATE, None)],
)
def test_only_what_the_team_and_the_end_decide_has_a_colour(verb: Verb, style: str | None) -> None:
    button = sent(Prompt("?", ((Choice("x", Tap(verb, "iss_a")),),)))["reply_markup"]["inline_keyboard"][0][0]
    assert button.get("style") == style


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(2, 40))
def test_a_cut_text_fits_and_is_whole_characters_of_the_original(text: str, longest: int) -> None:
    short = cut_utf16(text, longest)
    assert len(short.encode("utf-16-le")) // 2 <= longest
    assert short == text or text.startswith(short.removesuffix("…"))


def test_a_long_text_ends_in_an_ellipsis_at_4096_units() -> None:
    text = sent(Prompt("字" * 4095 + "👍👍"))["text"]
    assert text == "字" * 4095 + "…"


def test_a_cut_never_leaves_half_of_a_joined_emoji() -> None:
    assert cut_utf16("12👩‍🔧3", 6) == "12👩…"


def test_what_telegram_could_never_take_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        sent(Prompt("?", ((Choice("x", Tap(Verb.RATE, "int_a", "q" * 70)),),)))

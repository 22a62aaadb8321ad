"""What goes below a file: the same words, marks and buttons as in a message of its own, in Telegram's measure."""

from typing import Any

import pytest

from bot.channels.telegram.present import (
    DOCUMENT,
    EDIT,
    EDIT_CAPTION,
    SEND,
    ApiCall,
    captioned,
    file_alone,
    file_methods,
    fits_caption,
    request_for,
    shortened_caption,
)
from dialogs.messages import FileRef
from tests.channels.telegram.messages import RATINGS, Link, Person, Prompt, message

PAGE = Link("打开文件", "https://huifang.example/a/TOKEN")
REPORT = FileRef("cd" * 32, "十月.pdf", "application/pdf", 80_000, PAGE)
WANG = Person("77", "王工")


def words(text: str, **parts: Any) -> ApiCall:  # noqa: ANN401 (fields of a prompt)
    return request_for(message(Prompt(text, file=REPORT, **parts)), "")


@pytest.mark.parametrize(
    ("letter", "most"),
    [("字", 1024), ("a", 1024), ("😀", 512)],
)
def test_a_caption_is_measured_in_utf16_units(letter: str, most: int) -> None:
    assert fits_caption(words(letter * most))
    assert not fits_caption(words(letter * most + "字"))


def test_marks_and_buttons_go_below_the_file() -> None:
    call = captioned(words("给王工看看", rows=RATINGS, notifies=(WANG,)), DOCUMENT)
    assert (call.method, call.params["caption"]) == (DOCUMENT, "给王工看看")
    assert [one["offset"] for one in call.params["caption_entities"]] == [1]
    assert len(call.params["reply_markup"]["inline_keyboard"]) == len(RATINGS)
    assert not {"text", "entities", "link_preview_options"} & call.params.keys()


def test_a_file_alone_goes_to_the_same_topic() -> None:
    call = file_alone(words("很长", rows=RATINGS, topic="7"), "sendPhoto")
    assert call.params == {"chat_id": "10001", "message_thread_id": 7}


@pytest.mark.parametrize(
    ("media_type", "size", "methods"),
    [
        ("image/png", 80_000, ["sendPhoto", "sendDocument"]),
        ("image/jpeg", 10_000_000, ["sendPhoto", "sendDocument"]),
        ("image/png", 10_000_001, ["sendDocument"]),
        ("image/svg+xml", 80_000, ["sendDocument"]),
        ("application/pdf", 50_000_000, ["sendDocument"]),
        ("application/pdf", 50_000_001, []),
    ],
)
def test_what_a_file_is_sent_with(media_type: str, size: int, methods: list[str]) -> None:
    assert [one.method for one in file_methods(FileRef("ef" * 32, "x", media_type, size))] == methods


def test_without_its_file_a_message_leads_to_it_unless_it_leads_elsewhere() -> None:
    other = Link("看问题", "https://huifang.example/t/OTHER")
    assert Prompt("十月报告", file=REPORT).without_file == Prompt("十月报告", link=PAGE)
    assert Prompt("十月报告", link=other, file=REPORT).without_file == Prompt("十月报告", link=other)
    assert Prompt("十月报告").without_file == Prompt("十月报告")


def test_an_edit_of_what_stands_below_a_file_is_cut_and_then_has_no_marks() -> None:
    short = shortened_caption(request_for(message(Prompt("给王工", notifies=(WANG,))), "80"))
    assert (short.method, short.params["message_id"], short.params["caption"]) == (EDIT_CAPTION, 80, "给王工")
    assert "caption_entities" in short.params
    long = shortened_caption(ApiCall(EDIT, {"chat_id": "5", "message_id": 80, "text": "长" * 1500, "entities": [{}]}))
    assert (len(long.params["caption"]), "caption_entities" in long.params) == (1024, False)


def test_a_message_without_a_file_is_a_text() -> None:
    assert request_for(message(Prompt("你好")), "").method == SEND

"""The sandbox is a channel like any other: it believes no button, and it always arrives."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sandbox.channel import BUTTON, PHONE, TEAM, SandboxChannel, parse_action
from bot.channels.webhooks import MalformedDelivery
from bot.ports import Sent
from dialogs.messages import Inbound, Joined, Person, Prompt, Tap, Text, Verb
from storage.model.records import OutboxMessage, Purpose

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ID = "0123456789abcdef"
WORDS = st.text(st.characters(codec="utf-8"), max_size=64).filter(str.isprintable)


def action(**parts: object) -> bytes:
    return json.dumps({"id": ID, "chat": "phone", "person": "customer", "name": "王女士", **parts}).encode()


def heard(**parts: object) -> Inbound:
    inbound = parse_action(action(**parts), NOW).inbound
    assert inbound is not None
    return inbound


def message() -> OutboxMessage:
    return OutboxMessage("out_1", "sandbox", "phone", Purpose.REPLY, Prompt("您好"), created_at=NOW, not_before=NOW)


def test_typed_words_are_heard_from_the_person_who_typed_them() -> None:
    inbound = heard(text="三", locale="zh-Hans")
    assert (inbound.key, inbound.place, inbound.at) == (f"sandbox:{ID}", PHONE, NOW)
    assert inbound.sender == Person("customer", "王女士", "zh-Hans")
    assert inbound.said == Text("三")


def test_a_reply_in_the_group_says_what_it_answers() -> None:
    inbound = heard(chat="team", person="li", text="修好了", replies_to="out_7")
    assert (inbound.place, inbound.said) == (TEAM, Text("修好了", "out_7"))


def test_a_press_is_heard_with_its_message_and_waits_for_an_answer() -> None:
    tap = Tap(Verb.RATE, "int_abc", "attitude", 5)
    inbound = heard(tap=BUTTON.encode(tap), message="out_1")
    assert (inbound.said, inbound.message, inbound.callback) == (tap, "out_1", ID)


def test_start_with_a_token_binds_the_chat_on_the_phone_only() -> None:
    assert heard(text="/start abc").said == Joined("abc")
    assert heard(text="/start").said == Text("/start")
    assert heard(chat="team", text="/start abc").said == Text("/start abc")


@given(st.builds(Tap, st.sampled_from(Verb), WORDS, WORDS, st.integers(-99, 99)))
def test_a_button_says_what_it_meant(tap: Tap) -> None:
    assert BUTTON.decode(BUTTON.encode(tap)) == tap


@given(st.text())
def test_a_forged_button_is_a_press_of_nothing(data: str) -> None:
    found = BUTTON.decode(data)
    assert found is None or BUTTON.decode(BUTTON.encode(found)) == found


@pytest.mark.parametrize(
    "data", ['["zz","a","b",1]', '["ra","a","b",true]', '["ra","a","b"]', "[" * 500, "\ud800", "{}"]
)
def test_what_we_never_wrote_is_no_tap(data: str) -> None:
    assert BUTTON.decode(data) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"\xff",
        b"[" * 60000,
        action(id="short"),
        action(id="../../../etc/passwd"),
        action(chat="boss"),
        action(person=""),
        action(text="x" * 5000),
        action(text="a\0b"),
        action(text=5),
        action(more="?"),
        action(tap=["ra"]),
    ],
)
def test_what_is_no_action_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedDelivery):
        parse_action(raw, NOW)


async def test_a_message_arrives_and_keeps_its_receipt_when_it_is_edited() -> None:
    channel = SandboxChannel("http://127.0.0.1:8480")
    assert await channel.send(message(), "") == Sent("out_1")
    assert await channel.send(message(), "out_0") == Sent("out_0")


async def test_the_last_answers_to_presses_are_kept_for_the_page() -> None:
    channel = SandboxChannel("http://127.0.0.1:8480")
    for number in range(200):
        await channel.acknowledge(f"press{number}", "王姐已认领", alert=True)
    assert "press199" in channel.toasts
    assert len(channel.toasts) < 100


async def test_a_binding_link_leads_to_the_page() -> None:
    url = (await SandboxChannel("http://127.0.0.1:8480").binding("a_b-c", datetime(2026, 12, 22, tzinfo=UTC))).url
    assert url == "http://127.0.0.1:8480/console/sandbox?start=a_b-c"

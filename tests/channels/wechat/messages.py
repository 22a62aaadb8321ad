"""Outgoing messages for the tests of the WeChat channel."""

from datetime import UTC, datetime

from bot.channels.wechat.api.server import WechatRequest
from bot.channels.wechat.outbound.fields import Notice
from dialogs.messages import Choice, Link, Prompt, Tap, Verb
from storage.model.records import OutboxMessage, Purpose

__all__ = [
    "CLOSURE",
    "COMMENT",
    "FACTS",
    "GRANTED",
    "INTERVIEW",
    "INVITING",
    "ISSUE",
    "NOTE",
    "NOW",
    "PAGE",
    "RATING",
    "closure",
    "message",
    "user_info",
]

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
INTERVIEW = "int_abcdefghijklmnop"
ISSUE = "iss_abcdefghijklmnop"
PAGE = Link("打开评价页", "https://example.com/s/abcdef")
WORDS = {1: "很不满意", 2: "不满意", 3: "一般", 4: "满意", 5: "很满意"}
NOTE = "换了压缩机，请再试试"

RATING = Prompt(
    "1/5 响应速度\n1 很不满意 · 5 很满意",
    (
        tuple(Choice(str(n), Tap(Verb.RATE, INTERVIEW, "response_speed", n), word) for n, word in WORDS.items()),
        (
            Choice("跳过", Tap(Verb.SKIP, INTERVIEW, "response_speed")),
            Choice("上一步", Tap(Verb.BACK, INTERVIEW, "response_speed")),
        ),
    ),
    typed="回复 1 到 5；不想答回复「跳过」。",
)
COMMENT = Prompt("谢谢您！您的评价收到了。")


def closure(note: str = NOTE, link: Link | None = None) -> Prompt:
    """Say that it is fixed."""
    solved = Choice("解决了", Tap(Verb.SOLVED, ISSUE, "1")), Choice("还没解决", Tap(Verb.NOT_SOLVED, ISSUE, "1"))
    text = f"您好，您说的「空调不制冷」，我们处理好了：\n\n{note}\n\n现在解决了吗？"
    return Prompt(text, (solved,), link, typed="回复「解决了」或「还没解决」。")


CLOSURE = closure()

INVITING = Notice("TPL", {"thing1": "{subject}", "time3": "{closed_at}"})
GRANTED = Notice("SUB", {"thing1": "{subject}", "thing2": "{note}"})
FACTS = {"subject": "空调不制冷", "closed_at": "2026-11-22 10:30", "note": NOTE}


def message(
    prompt: Prompt = RATING, purpose: Purpose = Purpose.REPLY, chat: str = "oMei", id_: str = "out_1"
) -> OutboxMessage:
    """Make an outgoing message with this prompt."""
    return OutboxMessage(id_, "wechat", chat, purpose, prompt, created_at=NOW, not_before=NOW)


def user_info(openid: str) -> WechatRequest:
    """Return a request that may be repeated: whether somebody follows."""
    return WechatRequest("/cgi-bin/user/info", {"openid": openid, "lang": "zh_CN"})

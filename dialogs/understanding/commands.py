"""The commands that are a whole message, at any step, and the verdict on a closed issue."""

import re
import unicodedata
from enum import StrEnum

from dialogs.understanding.numerals import fold

__all__ = ["LONGEST_TEXT", "Command", "bare", "bare_word", "command", "is_solved", "storable"]

LONGEST_TEXT = 4096
"""Characters kept of one text: as many as the longest message of a platform has (Telegram Bot API, Message.text)."""


class Command(StrEnum):
    """What a customer can ask for at any time."""

    STOP = "stop"
    RESUME = "resume"
    HELP = "help"
    LANGUAGE = "language"
    FEEDBACK = "feedback"
    STATUS = "status"
    MY_DATA = "mydata"
    FORGET_ME = "forgetme"
    DO_FORGET = "do_forget"
    DO_KEEP = "do_keep"


_COMMANDS = {
    word: command
    for command, words in {
        Command.STOP: (
            "/stop", "stop", "unsubscribe", "opt out", "optout", "td",
            "退订", "退訂", "取消订阅", "取消訂閱", "不再评价", "不再評價",
        ),
        Command.RESUME: (
            "/start", "resume", "restore", "继续评价", "繼續評價", "恢复", "恢復", "重新订阅", "重新訂閱",
        ),
        Command.HELP: ("/help", "help", "帮助", "幫助"),
        Command.LANGUAGE: ("/language", "language", "语言", "語言"),
        Command.FEEDBACK: ("/feedback", "feedback", "意见反馈", "意見回饋", "意見反饋"),
        Command.STATUS: (
            "/status", "status", "进度", "进展", "查询进度", "查进度", "進度", "進展", "查詢進度", "查進度",
        ),
        Command.MY_DATA: ("/mydata", "my data", "mydata", "我的数据", "我的資料", "我的资料", "我的數據"),
        Command.FORGET_ME: (
            "/forgetme", "forget me", "forgetme", "删除我的数据", "刪除我的資料", "删除我的资料", "刪除我的數據",
        ),
        Command.DO_FORGET: ("delete everything", "确认删除", "確認刪除"),
        Command.DO_KEEP: ("keep it", "不删除", "不刪除"),
    }.items()
    for word in words
}  # fmt: skip
_BEFORE = " \t\n\"'“‘「『《([【"
_AFTER = " \t\n\"'”’」』》)]】.,!;:~、。・"
_STARS = "⭐★🌟☆"
_THANKS = re.compile(r"(?:谢谢|謝謝|多谢|多謝|thanks|thank you|thx)[你您]?们?$")
_LONGEST_WORD = 80  # a deep link's token has at most 64 letters (Bot API, Deep Linking)
_SOLVED = {
    "solved", "fixed", "yes", "是", "是的", "解决了", "解決了", "已解决", "已解決", "已经解决", "已經解決",
    "已经解决了", "已經解決了", "好了", "修好了",
}  # fmt: skip
_NOT_SOLVED = {
    "not solved", "not fixed", "no", "still broken", "没解决", "沒解決", "还没解决", "還沒解決", "没有解决", "沒有解決",
    "未解决", "未解決", "还没有解决", "還沒有解決", "没好", "沒好", "还没好", "還沒好", "不是", "没有", "沒有",
}  # fmt: skip


def command(text: str) -> Command | None:
    """Return the command that the whole message is; `/stop@OurBot` and `/start token` count by their first word."""
    said = bare_word(text)
    if said.startswith("/"):
        said = said.split()[0].partition("@")[0]
    return _COMMANDS.get(said)


def is_solved(text: str) -> bool | None:
    """Return whether words say that it was fixed, from somebody who was asked that; None where they say neither."""
    word = bare_word(storable(text))
    if word in _NOT_SOLVED:
        return False
    return True if word in _SOLVED else None


def storable(text: str) -> str:
    """Return the text as it is kept: trimmed, cut, without NUL and lone surrogates, which no database column holds."""
    return text.encode(errors="ignore").decode().replace("\x00", "").strip()[:LONGEST_TEXT]


def bare_word(text: str) -> str:
    """Return the bare text where it is short enough to be a command, else nothing."""
    return bare(text) if len(text) <= _LONGEST_WORD else ""


def bare(text: str) -> str:
    """Return a folded message without the punctuation, smileys and thanks at its ends."""
    trimmed = _trimmed(fold(text))
    return _trimmed(_THANKS.sub("", trimmed)) or trimmed


def _trimmed(text: str) -> str:
    start, end = 0, len(text)
    while start < end and text[start] in _BEFORE:
        start += 1
    while end > start and (text[end - 1] in _AFTER or _is_smiley(text[end - 1])):
        end -= 1
    return text[start:end]


def _is_smiley(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") and character not in _STARS

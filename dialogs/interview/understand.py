"""Turns what a person typed into an event; defined for any text, and never a guess."""

from enum import StrEnum
from typing import assert_never

from dialogs.interview.events import Back, Commented, Declined, NotUnderstood, Rated, Remarked, Skipped
from dialogs.interview.model import Interview, InterviewState, step_of
from dialogs.interview.numerals import read_numeral
from dialogs.interview.ratings import bare, rating
from dialogs.survey import Survey

__all__ = ["LONGEST_TEXT", "Command", "Understood", "command", "is_solved", "storable", "understand"]

LONGEST_TEXT = 2000
"""Characters kept of a remark or a comment."""

Understood = Rated | Remarked | Commented | Skipped | Back | Declined | NotUnderstood


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
        Command.RESUME: ("/start", "resume", "继续评价", "繼續評價"),
        Command.HELP: ("/help", "help", "帮助", "幫助"),
        Command.LANGUAGE: ("/language", "language", "语言", "語言"),
        Command.FEEDBACK: ("/feedback", "feedback", "意见反馈", "意見回饋", "意見反饋"),
        Command.STATUS: (
            "/status", "status", "进度", "进展", "查询进度", "查进度", "進度", "進展", "查詢進度", "查進度",
        ),
        Command.MY_DATA: ("/mydata", "my data", "mydata", "我的数据", "我的資料"),
        Command.FORGET_ME: (
            "/forgetme", "forget me", "forgetme", "删除我的数据", "刪除我的資料", "删除我的资料", "刪除我的數據",
        ),
        Command.DO_FORGET: ("delete everything", "确认删除", "確認刪除"),
        Command.DO_KEEP: ("keep it", "不删除", "不刪除"),
    }.items()
    for word in words
}  # fmt: skip
_LONGEST_WORD = 80  # a deep link's token has at most 64 letters (Bot API, Deep Linking)
_SKIP = {"skip", "/skip", "pass", "跳过", "跳過", "略过", "略過", "不想说", "不想說"}
_NOTHING = {"没有", "没有了", "没", "无", "沒有", "沒有了", "沒", "無", "no", "none", "nothing"}
_SOLVED = {
    "solved", "fixed", "yes", "是", "是的", "解决了", "解決了", "已解决", "已解決", "已经解决", "已經解決",
    "已经解决了", "已經解決了", "好了", "修好了",
}  # fmt: skip
_NOT_SOLVED = {
    "not solved", "not fixed", "no", "still broken", "没解决", "沒解決", "还没解决", "還沒解決", "没有解决", "沒有解決",
    "未解决", "未解決", "还没有解决", "還沒有解決", "没好", "沒好", "还没好", "還沒好", "不是", "没有", "沒有",
}  # fmt: skip
_BACK = {"back", "/back", "上一步", "返回", "上一题", "上一題"}


def command(text: str) -> Command | None:
    """Return the command that the whole message is; `/stop@OurBot` and `/start token` count by their first word."""
    said = _word(text)
    if said.startswith("/"):
        said = said.split()[0].partition("@")[0]
    return _COMMANDS.get(said)


def is_solved(text: str) -> bool | None:
    """Return whether words say that it was fixed, from somebody who was asked that; None where they say neither."""
    word = _word(storable(text))
    if word in _NOT_SOLVED:
        return False
    return True if word in _SOLVED else None


def understand(text: str, interview: Interview, survey: Survey, source: str = "") -> Understood:
    """Return the event that a typed text is at the interview's step; `source` is the channel's id of the message."""
    said = storable(text)
    word = _word(said)
    if command(said) is Command.STOP:
        return Declined()
    if word in _SKIP:
        return Skipped(step_of(interview))
    if word in _BACK:
        return Back(step_of(interview))
    return _answer(said, interview, survey, source) if said else NotUnderstood("")


def storable(text: str) -> str:
    """Return the text as it is kept: trimmed, cut, without NUL and lone surrogates, which no database column holds."""
    return text.encode(errors="ignore").decode().replace("\x00", "").strip()[:LONGEST_TEXT]


def _word(text: str) -> str:
    """Return the bare text where it is short enough to be a command, else nothing."""
    return bare(text) if len(text) <= _LONGEST_WORD else ""


def _answer(said: str, interview: Interview, survey: Survey, source: str) -> Understood:
    match interview.state:
        case InterviewState.INVITED | InterviewState.RATING:
            value = rating(said, survey, interview.locale)
            return NotUnderstood(said) if value is None else Rated(interview.at, value)
        case InterviewState.REMARKING:
            return NotUnderstood(said) if read_numeral(bare(said)) is not None else Remarked(said, source)
        case InterviewState.COMMENTING:
            return Skipped(step_of(interview)) if _word(said) in _NOTHING else Commented(said, source)
        case InterviewState.COMPLETED | InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN:
            return NotUnderstood(said)
        case never:
            assert_never(never)

"""Anonymous surveys: once one has ended, its answers are separated from who gave them (docs/decisions/anonymity.md)."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.interview.model import Interview, InterviewState
from dialogs.survey import Survey
from scoring.values import replace

__all__ = ["emptied", "month_of", "open_words", "spoken"]


def emptied(interview: Interview, survey: Survey) -> Interview:
    """Return what is kept of an ended interview: that it was, and how it ended; nothing that was said in it."""
    return replace(
        interview,
        at=survey.questions[0].id,
        answers=(),
        skipped=(),
        remarks_asked=(),
        comment=None,
        comment_source="",
        comment_begins=0,
        misses=0,
        message="",
        shown="",
        settle_at=None,
        completed_at=None,
        reminded_at=None,  # only who has answered nothing is reminded
        assessed=(),
        logged=0,
        said=(),
        undo=(),
        above=None,
        doubted="",
        flags=(),
    )


def spoken(interview: Interview) -> str | None:
    """Return the answers as they are kept without a name: JSON, in the survey's order, no times; None for none.

    What a reopened ticket takes back is not kept.
    """
    if interview.state is InterviewState.WITHDRAWN or not (interview.answers or open_words(interview)):
        return None
    answers = [
        {"question": answer.question, "value": answer.value}
        | ({"text": answer.text} if answer.text else {})
        | ({"importance": answer.importance} if answer.importance else {})
        for answer in interview.answers
    ]
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))


def open_words(interview: Interview) -> str | None:
    """Return what was said in it besides remarks, one text a line, the comment last; None for nothing.

    Whoever only wanted to stop, to end or to know who asks has said nothing that is kept.
    """
    texts = (*(words.text for words in interview.said if not words.is_wish), interview.comment)
    return "\n".join(text for text in texts if text) or None


def month_of(moment: datetime, zone: ZoneInfo) -> str:
    """Return the first day of the month, `2026-11-01`: the day itself would often tell who it was."""
    return moment.astimezone(zone).date().replace(day=1).isoformat()

"""Surveys, interviews and issues that the tests of the dialogs share."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config.locale.phrases import load_phrases
from config.locale.words import load_lexicon
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.issue.model import Issue, IssueKind
from dialogs.survey import Question, Survey
from scoring.rules import LowRating, Severity
from scoring.scale import Scale
from scoring.values import replace

__all__ = ["FIVE_POINT", "ISSUE", "LEXICON", "LOCALES", "NOW", "PHRASES", "SHANGHAI", "TEN_POINT", "asked", "rated"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
PHRASES = load_phrases()
LEXICON = load_lexicon()
LOCALES = ("zh-Hans", "zh-Hant", "en")

_LABELS = {
    "zh-Hans": {1: "很差", 2: "较差", 3: "一般", 4: "较好", 5: "很好"},
    "zh-Hant": {1: "很差", 2: "較差", 3: "一般", 4: "較好", 5: "很好"},
    "en": {1: "very poor", 2: "poor", 3: "fair", 4: "good", 5: "very good"},
}
_QUESTIONS = (
    Question("speed", {"zh-Hans": "响应速度", "en": "Speed"}, {"zh-Hans": "多久有人联系您", "en": "How soon we came"}),
    Question("care", {"zh-Hans": "服务态度", "en": "Care"}, {"zh-Hans": "说话是否和气", "en": "How kind we were"}),
)
FIVE_POINT = Survey("five", 1, {}, Scale(1, 5, _LABELS), _QUESTIONS, words={"一般般": 3, "还行": 3, "差评": 1})
TEN_POINT = Survey("ten", 1, {}, Scale(1, 10), _QUESTIONS)

ISSUE = Issue(
    "iss_abcdefghijk3f2a",
    IssueKind.LOW_SCORE,
    Severity.HIGH,
    opened_at=NOW,
    due_at=NOW + timedelta(hours=4),
    reasons=(LowRating("speed", 2, 2),),
    customers=("c-1",),
)


def asked(state: InterviewState = InterviewState.INVITED, locale: str = "zh-Hans", at: str = "speed") -> Interview:
    """Return an interview in which nothing has been answered yet."""
    begun = Interview("int_a", "inv_a", "c-1", "telegram", "1", ("five", 1), locale, NOW, NOW + timedelta(days=3))
    return replace(begun, state=state, at=at)


def rated(state: InterviewState, values: dict[str, int], locale: str = "zh-Hans", at: str = "care") -> Interview:
    """Return an interview with ratings."""
    return replace(asked(state, locale, at), answers=tuple(Answer(q, value, NOW) for q, value in values.items()))

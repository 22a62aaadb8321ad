"""Who raised a finding, with which of their words; and what cannot be named as where it shows."""

from datetime import timedelta

import pytest

from bot.handlers.common.results import Invalid
from bot.handlers.improvement.commands import (
    FindingOutcome,
    NewFinding,
    finding_id_of,
    open_finding,
    opening_needs,
)
from bot.handlers.improvement.warnings import opened_by_chart, opened_by_recurrence
from dialogs.improvement.model import Finding, FindingKind, FindingState, Voice
from dialogs.interview.model import Answer, Interview, InterviewState, KeptWords
from dialogs.issue.model import Issue, IssueKind, Quote
from scoring.rules import Severity
from scoring.text.recurring_things import Recurred, RecurrenceKind
from scoring.values import replace
from storage.model.records import Customer, Member
from storage.model.text_records import CommentReading
from storage.unit_of_work.changes import Record
from tests.support.stage.scene import NOW, POLICY, scene

HOUR = timedelta(hours=1)
NEW = NewFinding("key", FindingKind.PHRASE, " 报修后等太久 ", "北区", "王芳")
MEI, LAN = Customer("c-1", "王女士"), Customer("c-2", "兰先生")
LOW = Interview(
    "int_a",
    "inv_a",
    "c-1",
    "telegram",
    "7",
    ("after_service", 2),
    "zh-Hans",
    NOW - HOUR,
    NOW + HOUR,
    state=InterviewState.COMPLETED,
    answers=(Answer("response_speed", 1, NOW, "等了两天"), Answer("attitude", 2, NOW, "说话冲")),
    comment="不会再来",
)
PRAISE = Answer("attitude", 5, NOW, "小姐姐很好")
SILENT = replace(LOW, id="int_b", customer="c-2", answers=(Answer("response_speed", 1, NOW),), comment=None)
ISSUE = Issue(
    "iss_a",
    IssueKind.COMPLAINT,
    Severity.HIGH,
    NOW - 2 * HOUR,
    None,
    customers=("c-1",),
    quotes=(Quote(NOW - 2 * HOUR, "我要投诉"), Quote(NOW - HOUR, "还没人来")),
)


def opened(new: NewFinding, *rows: Record) -> FindingOutcome | Invalid:
    answer = open_finding(scene(MEI, LAN, *rows), new).answer
    assert isinstance(answer, FindingOutcome | Invalid)
    return answer


def voices(new: NewFinding, *rows: Record) -> list[tuple[str, str]]:
    answer = opened(new, *rows)
    assert isinstance(answer, FindingOutcome)
    return [(one.customer, one.said) for one in answer.voices]


def test_a_finding_begins_open_with_its_department() -> None:
    answer = opened(NEW)
    assert isinstance(answer, FindingOutcome)
    assert (answer.created, answer.voices) == (True, ())
    assert answer.finding == Finding(
        finding_id_of(NEW), FindingKind.PHRASE, "报修后等太久", "北区", opened_at=NOW, opened_by="王芳"
    )
    assert answer.finding.state is FindingState.OPEN


def test_the_same_again_is_the_same_finding() -> None:
    decision = open_finding(scene(), NEW)
    again = open_finding(scene().after(decision.changes), replace(NEW, text="别的"))
    assert isinstance(again.answer, FindingOutcome)
    assert (again.answer.created, again.answer.finding.text, bool(again.changes)) == (False, "报修后等太久", False)


@pytest.mark.parametrize(
    ("interview", "said"),
    [
        (LOW, "等了两天"),
        (replace(LOW, answers=(Answer("response_speed", 1, NOW),)), "不会再来"),
        (replace(LOW, answers=LOW.answers[::-1]), "等了两天"),
        (replace(LOW, answers=(Answer("response_speed", 1, NOW), PRAISE)), "不会再来"),
        (replace(LOW, answers=(Answer("response_speed", 1, NOW), PRAISE), comment=None), ""),
        (replace(LOW, answers=(), comment=None, said=(KeptWords("你好", NOW), KeptWords("转人工", NOW))), ""),
        (replace(LOW, answers=(), comment=None), ""),
    ],
    ids=[
        "a remark",
        "the comment",
        "the remark on the lowest",
        "no praise, but the comment",
        "no praise",
        "nothing that was no answer",
        "nothing",
    ],
)
def test_a_response_brings_its_customer_with_what_they_wrote_of_a_low_rating(interview: Interview, said: str) -> None:
    assert voices(replace(NEW, responses=("int_a",)), interview) == [("c-1", said)]


@pytest.mark.parametrize(
    ("dimension", "interview", "said"),
    [
        ("response_speed", LOW, "等了两天"),
        ("attitude", LOW, "说话冲"),
        ("solving", LOW, "不会再来"),
        ("response_speed", replace(LOW, answers=(Answer("response_speed", 1, NOW), LOW.answers[1])), "不会再来"),
        ("response_speed", replace(LOW, answers=(Answer("response_speed", 1, NOW), PRAISE), comment=None), ""),
        ("attitude", replace(LOW, answers=(PRAISE,), comment=None), ""),
    ],
)
def test_a_finding_of_a_chart_quotes_only_what_was_written_of_its_dimension(
    dimension: str, interview: Interview, said: str
) -> None:
    changes = opened_by_chart(scene(MEI, interview), ("week", "北区", dimension), "2026-11-16", "回得慢", ["int_a"])
    assert [one.said for one in changes.records if isinstance(one, Voice)] == [said]


def test_a_finding_of_a_person_may_say_what_it_is_about_and_quotes_that() -> None:
    new = replace(NEW, responses=("int_a",), dimension="attitude")
    assert voices(new, LOW) == [("c-1", "说话冲")]
    answer = opened(replace(new, dimension="weather"), LOW)
    assert isinstance(answer, Invalid)
    assert (answer.field, answer.problem[:23]) == ("dimension", "there is no 'weather'; ")


@pytest.mark.parametrize(
    ("interview", "said"),
    [
        (LOW, "说话冲"),
        (replace(LOW, answers=(Answer("response_speed", 2, NOW, "等太久，还凶"),)), "不会再来"),
        (replace(LOW, answers=(Answer("response_speed", 2, NOW, "等太久，还凶"),), comment=None), "等太久，还凶"),
    ],
    ids=["on its dimension", "else the comment", "else wherever it was written"],
)
def test_what_recurs_is_quoted_from_where_it_was_written(interview: Interview, said: str) -> None:
    recurred = Recurred(RecurrenceKind.DIMENSION, "", "attitude", ("c-1",), ("desk/1",), ("int_a",))
    changes = opened_by_recurrence(scene(MEI, interview), recurred, NOW.date(), "态度")
    assert [one.said for one in changes.records if isinstance(one, Voice)] == [said]


def test_an_issue_brings_its_customer_with_their_first_quotation() -> None:
    assert voices(replace(NEW, issues=("iss_a",)), ISSUE) == [("c-1", "我要投诉")]


def test_of_an_issue_of_several_customers_nobody_gets_the_words_of_another() -> None:
    shared = replace(ISSUE, customers=("c-1", "c-2"))
    assert voices(replace(NEW, issues=("iss_a",)), shared) == [("c-1", ""), ("c-2", "")]


def test_each_customer_counts_once_with_words_where_there_are_any() -> None:
    new = replace(NEW, responses=("int_b", "int_a", "int_a"), issues=("iss_a",), customers=("c-1", "c-2"))
    assert voices(new, LOW, SILENT, ISSUE) == [("c-1", "我要投诉"), ("c-2", "")]
    assert voices(replace(new, issues=()), LOW, SILENT) == [("c-1", "等了两天"), ("c-2", "")]
    answer = opened(new, LOW, SILENT, ISSUE)
    assert isinstance(answer, FindingOutcome)
    assert answer.finding.responses == ("int_b", "int_a")


def test_what_is_not_there_cannot_have_raised_it() -> None:
    missing = ("none",)
    assert opened(replace(NEW, responses=missing)) == Invalid("responses", "there is no 'none'")
    assert opened(replace(NEW, issues=missing)) == Invalid("issues", "there is no 'none'")
    assert opened(replace(NEW, customers=missing)) == Invalid("customers", "there is no 'none'")


def test_an_anonymous_response_is_not_named() -> None:
    (survey,) = [one for one in POLICY.surveys.values() if one.id == "after_service"][:1]
    hidden = replace(survey, anonymous=True)
    policy = replace(POLICY, surveys={**POLICY.surveys, (hidden.id, hidden.version): hidden})
    answer = open_finding(scene(MEI, LOW, policy=policy), replace(NEW, responses=("int_a",))).answer
    assert answer == Invalid("responses", "'int_a' is anonymous, so that nobody can be told about it")


def test_everybody_on_the_roster_may_open_one_and_nobody_else() -> None:
    roster = (Member("王经理", "lead"), Member("王芳", "agent"), Member("老周", "viewer"))
    for by, may in (("王芳", True), ("王经理", True), ("老周", False), ("路人", False)):
        assert isinstance(opened(replace(NEW, by=by), *roster), FindingOutcome) is may
    found = replace(NEW, by="watch", origin="chart:north:attitude")
    assert isinstance(opened(found, *roster), FindingOutcome), "what the product finds needs nobody"


def test_opening_asks_for_what_it_names() -> None:
    new = replace(NEW, responses=("int_a",), issues=("iss_a",), customers=("c-1",))
    needs = opening_needs(new)
    assert [set(one) for one in (needs.interviews, needs.issues, needs.customers)] == [{"int_a"}, {"iss_a"}, {"c-1"}]
    assert (set(needs.findings), needs.roster) == ({finding_id_of(new)}, True)


def test_voices_are_kept_with_when_it_was_said() -> None:
    answer = opened(replace(NEW, issues=("iss_a",)), ISSUE)
    assert isinstance(answer, FindingOutcome)
    assert answer.voices == (Voice(answer.finding.id, "c-1", "我要投诉", NOW - 2 * HOUR),)


def _read(interview: Interview, **polarities: int) -> CommentReading:
    """Return what was read in the words of a response; `comment` is the comment, all others are questions."""
    verdicts = (("" if name == "comment" else name, polarity, ()) for name, polarity in polarities.items())
    return CommentReading(interview.id, NOW, 1, 7, verdicts=tuple(verdicts))


def test_a_comment_that_praises_is_quoted_for_nothing_that_is_to_be_improved() -> None:
    new = replace(NEW, responses=("int_b",))
    kind = replace(SILENT, comment="师傅修得又快又好")
    assert voices(new, kind) == [("c-2", "师傅修得又快又好")], "it was not read yet"
    assert voices(new, kind, _read(kind, comment=1)) == [("c-2", "")]
    assert voices(new, kind, _read(kind, comment=0)) == [("c-2", "师傅修得又快又好")]
    assert voices(new, kind, _read(kind, comment=-1, response_speed=1)) == [("c-2", "师傅修得又快又好")]


def test_of_remarks_the_one_that_praises_is_passed_over() -> None:
    new = replace(NEW, responses=("int_a",))
    assert voices(new, LOW, _read(LOW, response_speed=1, attitude=-1, comment=-1)) == [("c-1", "说话冲")]
    assert voices(new, LOW, _read(LOW, response_speed=1, attitude=1, comment=-1)) == [("c-1", "不会再来")]
    assert voices(new, LOW, _read(LOW, response_speed=1, attitude=1, comment=1)) == [("c-1", "")]

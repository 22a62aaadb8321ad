"""`/report` of whoever does not read all figures: an agent's own with customers' words, a lead's of their team."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from dialogs.interview.model import Interview
from dialogs.messages import Address, Person, Text
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import Member, OutboxMessage
from storage.unit_of_work.changes import Changes, Record
from tests.support.database.answered import closed_visit
from tests.support.stage.company import Company

GROUP = Address("telegram", "-100")
LI, HE = Member("agent a1", "agent", "11"), Member("何工", "agent", "12", agent="a2")
NORTH, ALL = Member("陈组长", "lead", "13", team="north"), Member("王姐", "lead", "14")
FEW = "近 30 天满 8 位客户回答后，这里会有他们的原话。"


@pytest.fixture
def company() -> Company:
    """Return a company whose agent a1 of the north was rated by nine, all 4, and a2 of the south by seven, all 2."""
    company = Company()
    company.stage.policy = replace(company.stage.policy, team=(GROUP,))
    company.stage.rows.write(Changes((LI, HE, NORTH, ALL)))
    for agent, team, people, rating in (("a1", "north", 9, 4), ("a2", "south", 7, 2)):
        for number in range(people):
            at = company.stage.now - timedelta(days=2, minutes=number)
            visit = closed_visit(f"{agent}-{number}", at, {"attitude": rating}, agent=agent, team=team)
            company.stage.rows.write(Changes(_commented(visit, f"{agent} 第 {number} 句")))
    return company


def _commented(visit: Sequence[Record], comment: str) -> tuple[Record, ...]:
    return tuple(replace(one, comment=comment) if isinstance(one, Interview) else one for one in visit)


def _asks(company: Company, user: str, place: Address | None = None, words: str = "/report") -> list[str]:
    """Let somebody type `/report`, or other words; return what they get for it."""
    before = set(company.stage.rows.listed(OutboxMessage))
    company.stage.hear(place or Address("telegram", user), Person(user, user), Text(words))
    return [one.prompt.text for one in company.stage.rows.listed(OutboxMessage) if one not in before]


@pytest.mark.row("S1-41")
def test_an_agent_reads_their_own_figures_and_comments_and_nobody_elses(company: Company) -> None:
    (told,) = _asks(company, LI.telegram)
    assert told.startswith("agent a1的评价")
    assert "关闭工单 9 张" in told
    assert "平均 4，满分 5（9 份）" in told
    assert [line for line in told.splitlines() if "句" in line] == [f"“a1 第 {number} 句”" for number in range(5)]
    assert "a2" not in told
    assert "16" not in told


def test_comments_are_shown_from_eight_customers_on(company: Company) -> None:
    (told,) = _asks(company, HE.telegram)
    assert told.startswith("何工的评价")
    assert "平均 2，满分 5（7 份）" in told
    assert told.endswith(FEW)
    assert "句" not in told


def test_what_does_not_count_is_not_shown(company: Company) -> None:
    visit = closed_visit("late", company.stage.now - timedelta(hours=1), {"attitude": 1}, agent="a1")
    company.stage.rows.write(Changes(_commented(visit, "别的人写的")))
    assert "别的人写的" in _asks(company, LI.telegram)[0]
    rated = next(one for one in visit if isinstance(one, RatingFact))
    excluded = replace(rated, status=RatingStatus.EXCLUDED, reason=ExclusionReason.MALICIOUS)
    company.stage.rows.write(Changes((excluded,)))
    assert "别的人写的" not in _asks(company, LI.telegram)[0]


def test_an_agent_gets_nothing_in_the_group_and_others_get_nothing_at_all(company: Company) -> None:
    assert _asks(company, LI.telegram, GROUP) == []
    assert "的评价" not in _asks(company, "77")[0]


def test_a_lead_with_a_team_reads_that_team_only(company: Company) -> None:
    (told,) = _asks(company, NORTH.telegram)
    assert told.startswith("「north」的回访简报")
    assert "关闭工单 9 张" in told
    assert "句" not in told
    (everything,) = _asks(company, ALL.telegram)
    assert everything.startswith("回访简报")
    assert "关闭工单 16 张" in everything


def test_of_two_with_the_same_name_neither_reads_the_others_figures(company: Company) -> None:
    visit = closed_visit("same", company.stage.now - timedelta(hours=1), {"attitude": 1}, agent="a9")
    same = tuple(replace(one, agent_name=LI.name) if isinstance(one, Closing) else one for one in visit)
    company.stage.rows.write(Changes(same))
    (told,) = _asks(company, LI.telegram)
    assert "关闭工单 0 张" in told


@pytest.mark.row("S4-06")
def test_an_agent_reads_what_to_train_first_with_n_and_interval(company: Company) -> None:
    (told,) = _asks(company, HE.telegram)
    at = told.splitlines().index("最近 30 天比大家低的，可以先培训：")
    assert told.splitlines()[at + 1].endswith("满意 0%（n=7，95% 区间 0% ～ 35.43%）")
    (other,) = _asks(company, LI.telegram)
    assert "可以先培训" not in other


def test_an_agent_known_by_name_alone_reads_the_report_of_a_period_too(company: Company) -> None:
    (told,) = _asks(company, LI.telegram, words="/report 2026-11")
    assert told.startswith("服务报告\n服务人员：agent a1")
    assert "关闭工单 9" in told


def test_a_namesake_who_came_later_hides_the_report_of_an_earlier_period(company: Company) -> None:
    """An agent who began in November is not taken for the one who had their name in October."""
    earlier = closed_visit("before", company.stage.now - timedelta(days=33), {"attitude": 1}, agent="a9")
    same = tuple(replace(one, agent_name=LI.name) if isinstance(one, Closing) else one for one in earlier)
    company.stage.rows.write(Changes(same))
    (told,) = _asks(company, LI.telegram, words="/report 2026-10")
    assert told.startswith("没有这样的报告。")

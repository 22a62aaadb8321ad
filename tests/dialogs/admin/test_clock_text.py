"""What the team reads of a ticket's clock: before its end, after it, and on the card, in three languages."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from dialogs.admin.clock_text import ClockText
from dialogs.messages import Person
from scoring.metrics.metric_targets import MetricTarget
from scoring.metrics.ticket_clocks import TicketClock
from tests.dialogs.samples import PHRASES

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
DUE = "Nov 2, 2:00 PM"
PLEASE = "Please act now, by the emergency plan if need be."
MINUTE = timedelta(minutes=1)
TICKET = ("desk", "1", "漏水", "https://desk.example/1")


def clock(metric: str = "time_on_site", ends: tuple[str, str] = ("requested", "onsite")) -> TicketClock:
    target = MetricTarget("", metric, Fraction(7200), is_most=True, ends=ends)
    return TicketClock(target, NOON, NOON + 90 * MINUTE, NOON + 120 * MINUTE)


def speaking(locale: str, minutes: int, running: TicketClock | None = None) -> ClockText:
    return ClockText(running or clock(), NOON + minutes * MINUTE, PHRASES, locale, ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("locale", "warning", "late"),
    [
        (
            "zh-Hans",
            "快到时限了：工单 desk/1「漏水」，11月2日 14:00 前要上门，还剩 25分钟。",
            "工单 desk/1「漏水」，超时了：11月2日 14:00 前该上门，现在还没有。请马上安排，需要的话启动应急办法。",
        ),
        (
            "zh-Hant",
            "快到時限了：工單 desk/1「漏水」，11月2日 下午2:00 前要上門，還剩 25 分鐘。",
            "工單 desk/1「漏水」，超時了：11月2日 下午2:00 前該上門，現在還沒有。請馬上安排，需要的話啟動應急辦法。",
        ),
        (
            "en",
            "Nearly out of time: ticket desk/1 (漏水) needs a visit on site by Nov 2, 2:00 PM, in 25 minutes.",
            f"Out of time: ticket desk/1 (漏水) should have had a visit on site by {DUE}, and has not. {PLEASE}",
        ),
    ],
)
def test_before_its_end_it_says_how_long_is_left_and_after_it_that_it_is_late(
    locale: str, warning: str, late: str
) -> None:
    assert speaking(locale, 95).message(TICKET).text == f"{warning}\n{TICKET[-1]}"
    assert speaking(locale, 120).message(TICKET).text == f"{late}\n{TICKET[-1]}"


def test_people_are_called_by_name_and_an_issue_by_its_number() -> None:
    people = [Person("5", "王主管"), Person("13800000000", "")]
    prompt = speaking("zh-Hans", 130).message(("desk", "1", "", ""), people, "iss_0k3f2a")
    assert prompt.text.startswith("王主管：#K3F2A 的工单 desk/1，超时了：")
    assert [person.id for person in prompt.notifies] == ["5", "13800000000"]


def test_what_a_subject_or_a_name_says_stays_one_line_without_links() -> None:
    prompt = speaking("zh-Hans", 95).message(("desk", "1\n2", "请看 https://evil.example\n快", ""), [])
    assert len(prompt.text.splitlines()) == 1
    assert "https://evil.example" not in prompt.text


def test_between_two_moments_both_are_named() -> None:
    running = clock("assigned..onsite", ("assigned", "onsite"))
    assert "前要从派单走到上门" in speaking("zh-Hans", 95, running).message(TICKET).text
    assert "needs a visit on site after somebody assigned by" in speaking("en", 95, running).message(TICKET).text


def test_the_line_on_a_card_is_right_however_long_it_stands_there() -> None:
    assert speaking("zh-Hans", 95).card_line() == "11月2日 14:00 前要上门"
    assert speaking("zh-Hans", 120).card_line() == "11月2日 14:00 前该上门，已经超时"
    assert speaking("en", 95).card_line() == "Needs a visit on site by Nov 2, 2:00 PM"

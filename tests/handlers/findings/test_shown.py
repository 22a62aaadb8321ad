"""What a finding is called in a list, and whose words are quoted, how."""

from datetime import timedelta

import pytest

from bot.handlers.improvement.warnings import opened_by_recurrence, recurrence_finding_id
from bot.handlers.team_findings.shown import Origin, origin_of, shown_finding
from dialogs.improvement.model import Finding, Voice
from scoring.text.recurring_things import Recurred, RecurrenceKind
from scoring.values import replace
from tests.handlers.improvement.test_steps import FINDING
from tests.support.stage.scene import NOW, POLICY, scene

A_DAY = timedelta(days=1)
PHRASE = Recurred(RecurrenceKind.PHRASE, "来回:跑", "convenience", (), ())


@pytest.mark.parametrize(
    ("origin", "title", "read"),
    [
        ("", "报修后等太久", Origin()),
        ("chart:week:北区:attitude:2026-11-01", "「服务态度」低分变多", Origin("北区", "attitude")),
        ("chart:day:a:b:fee:2026-11-01", "「收费」低分变多", Origin("a:b", "fee")),
        (
            "recurrence:phrase:convenience:来回跑:2026-11-01",
            "客户反复说「来回跑」（方便程度）",
            Origin("", "convenience", RecurrenceKind.PHRASE, "来回跑"),
        ),
        (
            "recurrence:dimension:fee::2026-11-01",
            "好几位客户抱怨「收费」",
            Origin("", "fee", RecurrenceKind.DIMENSION, ""),
        ),
        (
            "recurrence:fault::AC-300 漏水:2026-11-01",
            "「AC-300 漏水」反复出问题",
            Origin("", "", RecurrenceKind.FAULT, "AC-300 漏水"),
        ),
        ("recurrence:comet::x:2026-11-01", "报修后等太久", Origin()),
        ("chart:week", "报修后等太久", Origin()),
    ],
)
def test_a_warning_is_called_by_what_it_warns_of(origin: str, title: str, read: Origin) -> None:
    finding = replace(FINDING, origin=origin)
    assert origin_of(finding) == read
    assert shown_finding(POLICY, finding, (), {}).title == title


def test_what_the_warnings_write_is_read_back() -> None:
    changes = opened_by_recurrence(scene(), PHRASE, NOW.date(), "一句话")
    (found,) = [one for one in changes.records if isinstance(one, Finding)]
    assert found.id == recurrence_finding_id(PHRASE, NOW.date())
    assert origin_of(found) == Origin("", "convenience", RecurrenceKind.PHRASE, "来回:跑")


def test_the_latest_three_are_quoted_masked_and_all_are_counted() -> None:
    said = [
        Voice("fin_a", f"c-{number}", f"第{number}次打 1381234567{number}", NOW + number * A_DAY) for number in range(5)
    ]
    silent = Voice("fin_a", "c-9", "", NOW + 9 * A_DAY)
    view = shown_finding(POLICY, FINDING, (*said, silent), {})
    assert view.customers == 6
    assert view.said == ("第4次打 ***", "第3次打 ***", "第2次打 ***")


def test_links_and_commands_in_a_quotation_are_dead() -> None:
    voice = Voice("fin_a", "c-1", "看 /stop 和 @boss", NOW)
    (quoted,) = shown_finding(POLICY, FINDING, [voice], {}).said
    assert "/stop" not in quoted
    assert "@boss" not in quoted

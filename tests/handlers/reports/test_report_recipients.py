"""A report goes to the chats behind the names of its schedule, to people only what their role lets them read."""

from datetime import time

import pytest

from bot.handlers.reports.report_recipients import Recipients, recipients_of
from dialogs.messages import Address
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import ReportCadence, ReportSchedule
from scoring.values import replace
from storage.model.records import Member
from tests.support.stage.scene import POLICY, scene

GROUP, ROBOT = Address("telegram", "-100"), Address("wecom", "robot")
TEAMED = replace(POLICY, team=(GROUP, ROBOT))
ROSTER = (
    Member("老板", "owner", "1"),
    Member("王经理", "admin", "2"),
    Member("赵组长", "lead", "3"),
    Member("钱组长", "lead", "4", team="north"),
    Member("李工", "agent", "5", agent="a17"),
    Member("孙工", "agent", "6"),
    Member("周总", "viewer", "7"),
    Member("没绑定", "admin"),
    Member("走了", ""),
)


def recipients(*to: str, of: str = "") -> Recipients:
    schedule = ReportSchedule("month", ReportKind.SUMMARY, ReportCadence.MONTH, time(8), "Asia/Shanghai", to=to, of=of)
    return recipients_of(scene(*ROSTER, policy=TEAMED), schedule)


def own(telegram: str) -> Address:
    return Address("telegram", telegram)


@pytest.mark.parametrize(
    ("to", "places"),
    [
        (("team",), (GROUP, ROBOT)),
        (("telegram",), (GROUP,)),
        (("wecom",), (ROBOT,)),
        (("telegram:-7",), (Address("telegram", "-7"),)),
        (("老板", "王经理", "赵组长"), (own("1"), own("2"), own("3"))),
        (("team", "telegram", "telegram:-100"), (GROUP, ROBOT)),  # each chat once
        (("team", "老板", "telegram:1"), (GROUP, ROBOT, own("1"))),
    ],
)
def test_names_lead_to_chats_each_of_them_once(to: tuple[str, ...], places: tuple[Address, ...]) -> None:
    assert recipients(*to) == Recipients(places)


@pytest.mark.parametrize(
    ("name", "of", "is_let"),
    [
        ("老板", "", True),
        ("王经理", "agent:a17", True),
        ("赵组长", "", True),
        ("赵组长", "team:south", True),
        ("钱组长", "", False),
        ("钱组长", "team:north", True),
        ("钱组长", "team:south", False),
        ("李工", "", False),
        ("李工", "agent:a17", True),
        ("李工", "agent:李工", False),  # tickets call him by his id
        ("李工", "agent: Ａ17", True),  # in any spelling
        ("钱组长", "team:Ｎorth ", True),
        ("孙工", "agent:孙工", True),
        ("孙工", "team:north", False),
        ("周总", "", False),
        ("周总", "team:north", False),
    ],
)
def test_people_get_what_their_role_lets_them_read(name: str, of: str, *, is_let: bool) -> None:
    found = recipients(name, of=of)
    assert bool(found.places) is is_let
    assert bool(found.problems) is not is_let


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("没人", "nobody on the roster has this name, and no channel"),
        ("走了", "nobody on the roster has this name, and no channel"),
        ("没绑定", "their own chat is not known yet"),
        ("notify", "the team has no chat there"),
        ("周总", "a person of the role viewer reads only what is about nobody"),
        ("钱组长", "a person of the role lead reads only what is about team:north"),
    ],
)
def test_a_name_that_reaches_nobody_is_told_and_the_others_get_theirs(name: str, problem: str) -> None:
    found = recipients(name, "老板")
    assert found.places == (own("1"),)
    assert found.problems == (f"report 'month' does not reach {name!r}: {problem}",)


def test_without_a_chat_of_the_team_nobody_is_reached() -> None:
    schedule = ReportSchedule("week", ReportKind.SUMMARY, ReportCadence.WEEK, time(8), "Asia/Shanghai")
    found = recipients_of(scene(policy=replace(POLICY, team=())), schedule)
    assert (found.places, len(found.problems)) == ((), 1)

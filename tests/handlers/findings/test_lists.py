"""What `/findings` and `/actions` show, to whom, and how a card comes of it."""

import pytest

from dialogs.admin.lists import AdminLocale
from dialogs.improvement.finding_card import cases_message
from dialogs.improvement.finding_view import FindingCase, FindingView
from dialogs.improvement.model import Finding, FindingState
from dialogs.messages import Address, Person, Prompt, Tap, Verb
from scoring.values import replace
from storage.model.records import Customer
from tests.handlers.findings.room import AGENT, STRANGER, Room
from tests.handlers.improvement.test_steps import FINDING, MEASURE, VOICE
from tests.support.stage.scene import NOW, POLICY

MEI = Customer("c-1", "王女士")
SAID = replace(VOICE, said="我是王女士，等了两天，打我 13812345678")
PLANNED = replace(FINDING, id="fin_b", text="配件总缺", state=FindingState.PLANNED, measure=MEASURE)


def test_the_list_names_what_waits_first_and_each_has_a_button() -> None:
    room = Room(PLANNED, FINDING, MEI, SAID)
    (text,) = room.types("/findings")
    assert text.split("\n\n") == [
        "要改进的事 2 件，等着定的在前：",
        "1. 报修后等太久\n北区 · 1 位客户提过 · 还没定措施",
        "2. 配件总缺\n北区 · 李工 在做，2026年11月30日 前做完",
    ]
    assert room.buttons() == ["1", "2"]


def test_a_card_quotes_customers_without_what_tells_who_they_are() -> None:
    room = Room(FINDING, MEI, SAID)
    room.types("/findings")
    (card,) = room.presses("1")
    assert card.split("\n\n") == [
        "课题：报修后等太久（北区）",
        "1 位客户提过，他们说：\n· “我是***，等了两天，打我 ***”",
        "现在：还没定措施",
    ]


@pytest.mark.parametrize(("words", "answer"), [("/findings", "要改进的事"), ("/actions", "在做的措施")])
def test_empty_lists_say_so(words: str, answer: str) -> None:
    (text,) = Room().types(words)
    assert answer in text


def test_who_is_not_of_the_team_sees_nothing() -> None:
    room = Room(FINDING)
    assert room.types("/findings", STRANGER) == []
    (anonymous,) = room.types("/findings", Person(""))
    assert anonymous.startswith("这句是以群或频道的名义发的")
    own = Address("telegram", STRANGER.id)
    assert room.types("/findings", STRANGER, own) == room.types("你好", STRANGER, own)


def test_an_agent_sees_them_and_does_not_decide() -> None:
    room = Room(FINDING)
    room.types("/findings", AGENT)
    room.presses("1", AGENT)
    assert room.presses("不做了", AGENT)[-1] == "抱歉，这件事要由组长或管理员来定"
    assert room.stage.rows.listed(Finding)[0].state is FindingState.OPEN


def test_a_long_list_has_pages() -> None:
    room = Room(*(replace(FINDING, id=f"fin_{number:02}", text=f"课题 {number:02}") for number in range(12)))
    room.types("/findings")
    assert room.buttons() == [*map(str, range(1, 9)), "下一页"]
    (text,) = room.presses("下一页")
    assert text.split("\n\n")[1].startswith("9. 课题 08")
    assert room.buttons() == ["9", "10", "11", "12", "上一页"]
    assert room.presses("上一页")[0].split("\n\n")[1].startswith("1. 课题 00")


def test_while_nobody_is_on_the_roster_everybody_in_the_group_decides() -> None:
    room = Room(FINDING, roster=())
    room.types("/findings", STRANGER)
    room.presses("1", STRANGER)
    room.presses("不做了", STRANGER)
    assert room.presses("已经解决了", STRANGER)[-1] == "好的，这件事不做了"
    (ended,) = room.stage.rows.listed(Finding)
    assert (ended.state, ended.closed_by, ended.note) == (FindingState.DISMISSED, "路人", "已经解决了")


CASES = (
    FindingCase(NOW, "zendesk/42", (("响应速度", 1), ("服务态度", 2)), ("等了***天", "再也不来了")),
    FindingCase(NOW, "", (), ()),
)
ADMIN = AdminLocale(POLICY.phrases, "zh-Hans", POLICY.timezone)


def test_cases_are_lines_of_ticket_ratings_and_words_with_a_button_for_each_issue() -> None:
    view = FindingView(replace(FINDING, issues=("iss_abcdefg", "iss_hijklmn")), "报修后等太久")
    shown = cases_message(view, CASES, ADMIN)
    assert shown.text.split("\n\n") == [
        "「报修后等太久」的个案，最近的在前：",
        "2026年11月23日 · zendesk/\N{ZERO WIDTH SPACE}42 · 响应速度 1 分、服务态度 2 分\n· “等了***天”\n· “再也不来了”",
        "2026年11月23日",
    ]
    assert [choice.means.verb for row in shown.rows for choice in row] == [Verb.OPEN, Verb.OPEN]


def test_without_responses_there_is_nothing_to_show() -> None:
    shown = cases_message(FindingView(FINDING, "报修后等太久"), (), ADMIN)
    assert shown == Prompt("「报修后等太久」没有可看的评价了。")


@pytest.mark.parametrize(
    ("cases", "others", "last"),
    [
        (CASES, 3, "另外 3 条是其他团队或同事的工单，这里就不列了。"),
        ((), 2, "「报修后等太久」有 2 条评价，都是其他团队或同事的工单，这里就不列了。"),
    ],
)
def test_of_others_cases_only_the_number_is_told(cases: tuple[FindingCase, ...], others: int, last: str) -> None:
    shown = cases_message(FindingView(FINDING, "报修后等太久"), cases, ADMIN, others=others)
    assert shown.text.split("\n\n")[-1] == last
    assert len(shown.text.split("\n\n")) == (len(cases) + 2 if cases else 1)


@pytest.mark.parametrize(
    ("finding", "shown"),
    [
        (FINDING, False),
        (replace(FINDING, responses=("int_1",)), True),
        (replace(FINDING, issues=("iss_1",)), True),
    ],
)
def test_cases_have_a_button_where_there_are_some(finding: Finding, shown: bool) -> None:  # noqa: FBT001 (a column)
    room = Room(finding)
    room.types("/findings")
    room.presses("1")
    assert ("看个案" in room.buttons()) is shown


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        (
            "zh-Hant",
            [
                "要改進的事 1 件，等著定的在前：",
                "",
                "1. 报修后等太久",
                "北区 · 1 位客戶提過 · 還沒定措施",
            ],
        ),
        (
            "en",
            [
                "1 finding:",
                "",
                "1. 报修后等太久",
                "北区 · 1 customer · no measure yet",
            ],
        ),
    ],
)
def test_the_list_speaks_the_language_of_the_chat(locale: str, lines: list[str]) -> None:
    room = Room(FINDING, MEI, VOICE)
    room.stage.adopt(replace(room.stage.policy, team_locale=locale))
    (text,) = room.types("/findings")
    assert text.splitlines() == lines


def test_a_forged_page_of_a_list_is_the_first() -> None:
    room = Room(FINDING)
    for value in (-1, 8, 10**9):
        (text,) = room.taps(Tap(Verb.FINDING, "", "fs", value), "gone")
        assert text.splitlines()[2] == "1. 报修后等太久"

"""Who may administer from a chat, what a button is worth that somebody made up, and what stays a customer's word."""

from datetime import UTC, timedelta

import pytest

from bot.channels.sandbox.channel import PHONE, TEAM
from dialogs.campaign.model import Campaign, CampaignKind, CampaignState, Figures
from dialogs.campaign.screens import CampaignButton, campaign_overview
from dialogs.campaign.summary_text import CampaignLines
from dialogs.interview.model import Interview
from dialogs.messages import Address, Person, Tap, Text, Verb
from dialogs.survey import in_locale
from scoring.values import replace
from storage.model.records import Customer, Member, TicketStatus
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from tests.support.stage.opening import BOSS, event_of, policy_of
from tests.support.stage.script import read_script
from tests.support.stage.world import Appeared, Stage, Toasted

GROUP = Address("telegram", "-100")
ADMIN, STRANGER = Person("900", "陈经理"), Person("77", "赵先生")
HEADER = read_script(
    "# 管理。\nsurvey: after_service   locale: zh-Hans   clock: 2026-11-23 09:00   customer: 王女士   admin: 陈经理"
).header
COMMANDS = ["/campaign", "/team", "/team add 李工 owner", "/report", "/issues", "/pause_surveys", "/audit"]


@pytest.fixture
def stage() -> Stage:
    """Set a stage with an admin and a group on Telegram."""
    policy = policy_of(HEADER)
    return Stage(replace(policy, team=(*policy.team, GROUP)), HEADER.clock.astimezone(UTC))


def says(stage: Stage, place: Address, person: Person, text: str, replies_to: str = "") -> list[str]:
    """Let somebody type; gives what comes of it in that chat."""
    stage.happened.clear()
    stage.hear(place, person, Text(text, replies_to))
    return heard(stage, place)


def presses(stage: Stage, place: Address, person: Person, label: str) -> list[str]:
    """Let somebody press the newest such button; gives what comes of it in that chat, toasts last."""
    message, tap = stage.chats[place].button(label)
    return taps(stage, place, person, tap, message)


def taps(stage: Stage, place: Address, person: Person, tap: Tap, message: str) -> list[str]:
    """Let somebody press a button that they may have made up."""
    stage.happened.clear()
    stage.hear(place, person, tap, message)
    return heard(stage, place)


def heard(stage: Stage, place: Address) -> list[str]:
    came = (each.message for each in stage.happened if isinstance(each, Appeared))
    texts = [message.prompt.text for message in came if message.address == place]
    return texts + [each.text for each in stage.happened if isinstance(each, Toasted)]


def drafts(stage: Stage, *labels: str) -> None:
    """Let the admin begin a campaign and press these."""
    says(stage, BOSS, ADMIN, "/campaign")
    for label in ("＋ 新建群发", *labels):
        presses(stage, BOSS, ADMIN, label)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.row("S1-08")
def test_who_is_no_admin_hears_what_anybody_hears(stage: Stage, command: str) -> None:
    own = Address("telegram", STRANGER.id)
    assert says(stage, own, STRANGER, command) == says(stage, own, STRANGER, "你好")
    assert says(stage, GROUP, STRANGER, command) == []
    assert says(stage, Address("telegram", "-555"), ADMIN, command) == []  # a group that is not the team's
    assert not stage.rows.listed(AuditEntry)


def test_a_press_that_a_stranger_made_up_changes_nothing(stage: Stage) -> None:
    drafts(stage, "发一条通知", "近 30 天的客户")
    (draft,) = stage.rows.listed(Campaign)
    for step in (
        CampaignButton.LIST,
        CampaignButton.NEW,
        CampaignButton.CANCEL,
        CampaignButton.START,
        CampaignButton.OPEN,
    ):
        tap = Tap(Verb.CAMPAIGN, draft.id, step)
        assert taps(stage, Address("telegram", "77"), STRANGER, tap, "t1") == ["这个按钮用不了了，什么都没改动。"]
        assert taps(stage, GROUP, STRANGER, tap, "t1") == ["抱歉，只有管理员可以操作"]
    assert stage.rows.listed(Campaign) == [draft]


@pytest.mark.parametrize(
    "tap",
    [
        Tap(Verb.CAMPAIGN, "cam_none", CampaignButton.START),
        Tap(Verb.CAMPAIGN, "", "nonsense"),
        Tap(Verb.CAMPAIGN, "", CampaignButton.KIND, 99),
        Tap(Verb.CAMPAIGN, "", CampaignButton.KIND, -1),
    ],
)
def test_a_press_on_nothing_is_answered_politely(stage: Stage, tap: Tap) -> None:
    assert taps(stage, BOSS, ADMIN, tap, "gone") == ["这个按钮过时了，请看最新的那一条"]


@pytest.mark.parametrize(
    "step",
    [CampaignButton.START, CampaignButton.NOW, CampaignButton.SURVEY, CampaignButton.NEXT, CampaignButton.REALLY],
)
def test_a_press_of_another_step_is_an_old_one(stage: Stage, step: str) -> None:
    drafts(stage, "提醒没答完的客户")
    (draft,) = stage.rows.listed(Campaign)
    message, _ = stage.chats[BOSS].button("近 7 天没答完的")
    assert taps(stage, BOSS, ADMIN, Tap(Verb.CAMPAIGN, draft.id, step), message) == ["这个按钮过时了，请看最新的那一条"]
    assert stage.rows.listed(Campaign) == [draft]


def test_pressed_twice_it_starts_once(stage: Stage) -> None:
    stage.ticket(event_of(HEADER, TicketStatus.CLOSED))
    drafts(stage, "发一条通知", "近 30 天的客户")
    says(stage, BOSS, ADMIN, "谢谢您！")
    presses(stage, BOSS, ADMIN, "就这样，下一步")
    presses(stage, BOSS, ADMIN, "明天 10:00")
    stage.wait(timedelta(seconds=1))
    message, tap = stage.chats[BOSS].button("确认发送")
    taps(stage, BOSS, ADMIN, tap, message)
    taps(stage, BOSS, ADMIN, tap, message)
    assert [entry.action for entry in stage.rows.listed(AuditEntry)] == ["campaign.created", "campaign.started"]


def test_a_survey_is_chosen_by_its_name_and_asked(stage: Stage) -> None:
    stage.adopt(replace(stage.policy, quarantine=timedelta(0)))
    stage.ticket(event_of(HEADER, TicketStatus.CLOSED))
    stage.wait(timedelta(hours=80))
    drafts(stage, "请客户评价", "近 30 天的客户")
    title = in_locale(stage.policy.survey("ten_point").title, "zh-Hans")
    assert f"问卷：{title}" in presses(stage, BOSS, ADMIN, title)[0]
    presses(stage, BOSS, ADMIN, "马上发")
    stage.wait(timedelta(seconds=1))
    stage.happened.clear()
    presses(stage, BOSS, ADMIN, "确认发送")
    stage.wait(timedelta(minutes=1))
    assert stage.rows.listed(Interview)[-1].survey[0] == "ten_point"


def test_what_is_still_being_counted_cannot_be_started(stage: Stage) -> None:
    drafts(stage, "提醒没答完的客户", "近 7 天没答完的", "马上发")
    (draft,) = stage.rows.listed(Campaign)
    message = stage.chats[BOSS].messages[-1].receipt
    assert taps(stage, BOSS, ADMIN, Tap(Verb.CAMPAIGN, draft.id, CampaignButton.START), message) == [
        "这个按钮过时了，请看最新的那一条"
    ]


def test_an_admins_other_words_stay_a_customers(stage: Stage) -> None:
    stage.rows.write(Changes((Customer("c-900", "陈经理"),)))
    before = says(stage, BOSS, ADMIN, "你好")
    drafts(stage, "发一条通知")
    assert says(stage, BOSS, ADMIN, "/help") != before
    stage.wait(timedelta(minutes=61))
    assert (
        says(stage, BOSS, ADMIN, "你好") == before
    )  # the question has waited too long to take any word for its answer


def test_in_the_group_only_replies_to_the_question_answer_it(stage: Stage) -> None:
    says(stage, GROUP, ADMIN, "/campaign")
    for label in ("＋ 新建群发", "发一条通知"):
        presses(stage, GROUP, ADMIN, label)
    message = stage.chats[GROUP].messages[-1].receipt
    assert says(stage, GROUP, ADMIN, "标签=vip") == []
    assert says(stage, GROUP, STRANGER, "标签=vip", message) == []
    assert "标签=vip" in says(stage, GROUP, ADMIN, "标签=vip", message)[0]


def test_another_admin_may_go_on_with_a_draft_and_is_followed_there(stage: Stage) -> None:
    stage.rows.write(Changes((Member("小张", "admin", "901"),)))
    drafts(stage, "提醒没答完的客户")
    theirs, zhang = Address("telegram", "901"), Person("901", "小张")
    says(stage, theirs, zhang, "/campaign")
    label = next(choice.label for _, choice in stage.chats[theirs].buttons() if "提醒" in choice.label)
    presses(stage, theirs, zhang, label)
    assert "什么时候发？" in presses(stage, theirs, zhang, "近 7 天没答完的")[0]


@pytest.mark.row("S1-08", "S4-30")
def test_a_lead_reads_and_does_not_change(stage: Stage) -> None:
    stage.rows.write(Changes((Member("李工", "lead", "901"),)))
    own, li = Address("telegram", "901"), Person("901", "李工")
    assert "回访简报" in says(stage, own, li, "/report")[0]
    for command in ("/campaign", "/team add 小张 agent", "/pause_surveys", "/audit"):
        assert says(stage, own, li, command) == says(stage, own, li, "你好")


def test_an_admin_of_the_roster_cannot_make_owners(stage: Stage) -> None:
    stage.rows.write(Changes((Member("小张", "admin", "901"), Member("老板", "owner", "902"))))
    own, zhang = Address("telegram", "901"), Person("901", "小张")
    for command in ("/team add 小赵 owner", "/team add 老板 agent", "/team remove 老板"):
        assert says(stage, own, zhang, command) == ["所有者只能由所有者来加或删。"]
    assert not stage.rows.listed(AuditEntry)


def test_a_code_is_too_old_after_a_day(stage: Stage) -> None:
    told = says(stage, BOSS, ADMIN, "/team add 李工 agent")[0]
    code = told.rpartition("team-")[2]
    assert code not in str(stage.rows.listed(Member))
    stage.wait(timedelta(hours=24))
    late = says(stage, Address("telegram", "903"), Person("903", "李工"), f"/join {code}")
    assert late == ["这个加入码不对，或者已经用过、过期了。请管理员再发一个。"]


def test_the_group_is_told_and_only_the_admins_own_chat_gets_the_link(stage: Stage) -> None:
    (line,) = says(stage, GROUP, ADMIN, "/team add 王总 admin")
    assert line.startswith("王总 上名单了，角色：管理员。")
    assert not [secret for secret in ("team-", "http", "/join") if secret in line]
    (link,) = heard(stage, BOSS)
    assert "?start=team-" in link
    code = link.rpartition("team-")[2]
    assert says(stage, GROUP, STRANGER, f"/join {code}") == []
    joined = says(stage, Address("telegram", "903"), Person("903", "王总"), f"/join {code}")
    assert joined[0].startswith("王总，欢迎加入")


def test_a_refused_addition_in_the_group_is_told_there_and_writes_to_nobody(stage: Stage) -> None:
    assert "没有 boss 这个角色" in says(stage, GROUP, ADMIN, "/team add 王总 boss")[0]
    assert heard(stage, BOSS) == []


def test_a_code_is_good_only_for_the_account_that_is_known(stage: Stage) -> None:
    stage.rows.write(Changes((Member("李工", "agent", "901"),)))
    code = says(stage, BOSS, ADMIN, "/team add 李工 lead")[0].rpartition("team-")[2]
    other, own = Address("telegram", "903"), Address("telegram", "901")
    assert says(stage, other, Person("903", "李工"), f"/join {code}")[0].startswith("这个加入码不对")
    assert [member.telegram for member in stage.rows.listed(Member)] == ["901"]
    assert says(stage, own, Person("901", "李工"), f"/join {code}")[0].startswith("李工，欢迎加入")


@pytest.mark.parametrize("place", [GROUP, BOSS])
def test_whoever_is_mentioned_is_bound_at_once_and_needs_no_link(stage: Stage, place: Address) -> None:
    stage.hear(place, ADMIN, Text("/team add 王总 admin", mentions="903"))
    assert heard(stage, place) == ["王总 上名单了，角色：管理员。"]
    assert [(member.telegram, member.code_hash) for member in stage.rows.listed(Member)] == [("903", "")]
    own = Address("telegram", "903")
    assert "回访简报" in says(stage, own, Person("903", "王总"), "/report")[0]


def test_whoever_plays_the_sandbox_administers_in_its_group(stage: Stage) -> None:
    zhang = Person("u1", "小张")
    assert says(stage, TEAM, zhang, "/campaign") == ["还没有群发过。"]
    for label in ("＋ 新建群发", "发一条通知"):
        presses(stage, TEAM, zhang, label)
    assert "标签=vip" in says(stage, TEAM, zhang, "标签=vip")[0]
    assert says(stage, PHONE, Person("p1", "王女士"), "/campaign") != ["还没有群发过。"]


@pytest.mark.parametrize("why", ["limited", "refused", "missed"])
def test_why_a_campaign_stopped_is_said_in_the_admins_language(stage: Stage, why: str) -> None:
    halted = Campaign("cam_1", "致歉", CampaignKind.NOTICE, stage.now, state=CampaignState.PAUSED, why=why)
    phrases = stage.policy.phrases
    lines = CampaignLines(halted, phrases, "zh-Hans", stage.policy.timezone, stage.now)
    assert campaign_overview(lines).text.endswith(phrases.say("zh-Hans", f"admin.stopped.{why}"))


def test_half_way_the_bar_is_half_full(stage: Stage) -> None:
    running = Campaign("cam_1", "致歉", CampaignKind.NOTICE, stage.now, state=CampaignState.RUNNING)
    figures = Figures(audience=1000, sent=600, failed=20, waiting=360, skipped={"opted_out": 15, "blocked": 5})
    lines = CampaignLines(running, stage.policy.phrases, "zh-Hans", stage.policy.timezone, stage.now, figures=figures)
    assert campaign_overview(lines).text.splitlines()[-3:] == [
        "▓▓▓▓▓▓░░░░ 63 %",
        "已发 600 · 失败 20 · 还有 360",
        "跳过 20 人：屏蔽了我们 5 · 已退订 15",
    ]

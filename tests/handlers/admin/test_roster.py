"""The roster: who is put on it, taken off it and joins by a code, and what their role lets them do from a chat."""

from datetime import timedelta

import pytest

from bot.handlers.admin.permissions import ROSTER_ROLES, Admin, admin_among, may
from bot.handlers.admin.roster import CODE_LASTS, NewMember, add_member, join, remove_member
from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.issues.workers import refused_lead, refused_worker
from dialogs.admin.commands import AdminCommand, TypedCommand, admin_command
from dialogs.messages import Address, Person
from scoring.values import replace
from storage.model.records import Member
from storage.model.registers import AuditEntry
from storage.unit_of_work.changes import Changes
from tests.support.stage.scene import NOW, POLICY, scene

LI = Member("李工", "agent", "901")
WAITING = Member("小张", "lead", code_hash=token_hash("code"), code_expires_at=NOW + CODE_LASTS)


def _members(changes: Changes) -> list[Member]:
    return [one for one in changes.records if isinstance(one, Member)]


def _deeds(changes: Changes) -> list[tuple[str, str, str]]:
    return [(one.by, one.action, one.subject) for one in changes.records if isinstance(one, AuditEntry)]


@pytest.mark.parametrize(
    ("new", "field", "problem"),
    [
        (NewMember("", "agent"), "name", "is empty"),
        (NewMember(" \n ", "agent"), "name", "is empty"),
        (NewMember("\u200b\u3164", "agent"), "name", "is empty"),
        (NewMember("小赵", "boss"), "role", "there is no role 'boss'; there are owner, admin, lead, agent, viewer"),
        (NewMember("小赵", ""), "role", "there is no role ''"),
        (NewMember("小赵", "agent", "@zhao"), "telegram", "is a user id, digits only"),
        (NewMember("小赵", "agent", "901"), "telegram", "belongs to 李工; remove them first"),
    ],
)
def test_what_is_wrong_with_somebody_new_is_told_and_nobody_is_added(new: NewMember, field: str, problem: str) -> None:
    decision = add_member(scene(LI), new, "陈经理")
    assert isinstance(decision.answer, Invalid)
    assert decision.answer.field == field
    assert problem in decision.answer.problem
    assert decision.changes.records == ()


@pytest.mark.parametrize("role", ROSTER_ROLES)
def test_somebody_new_has_their_role_and_stands_in_the_audit_log(role: str) -> None:
    changes = add_member(scene(LI), NewMember("小赵", role), "陈经理").changes
    assert _members(changes) == [Member("小赵", role)]
    assert _deeds(changes) == [("陈经理", "team.added", "小赵")]


def test_another_role_leaves_the_chat_bound_and_a_new_chat_replaces_the_old() -> None:
    assert _members(add_member(scene(LI), NewMember("李工", "lead"), "陈经理").changes) == [replace(LI, role="lead")]
    moved = add_member(scene(LI), NewMember("李工", "agent", "902"), "陈经理").changes
    assert _members(moved) == [replace(LI, telegram="902")]


@pytest.mark.parametrize("spelling", ["ann", "Ann ", "Ａｎｎ", "A\u200bnn", "\u3000ANN"], ids=ascii)
def test_no_spelling_of_a_name_is_another_member(spelling: str) -> None:
    ann = Member("Ann", "agent", "901")
    again = add_member(scene(ann), NewMember(spelling, "lead", "901"), "陈经理").changes
    assert _members(again) == [replace(ann, role="lead")]
    assert _members(remove_member(scene(ann), spelling, "陈经理").changes) == [Member("Ann", "")]
    assert refused_lead(scene(replace(ann, role="lead")), spelling) is None
    assert isinstance(refused_worker(scene(LI, Member("Ann", "")), spelling), Invalid)
    assert _members(add_member(scene(), NewMember(spelling, "agent"), "陈经理").changes)[0].name in {
        "Ann",
        "ann",
        "ANN",
    }


def test_of_a_code_only_the_hash_is_kept_and_a_newer_one_replaces_it() -> None:
    changes = add_member(scene(WAITING), NewMember("小张", "lead", secret="newer"), "陈经理").changes
    assert _members(changes) == [replace(WAITING, code_hash=token_hash("newer"), code_expires_at=NOW + CODE_LASTS)]
    assert "newer" not in repr(changes)


def test_who_is_taken_off_keeps_neither_role_nor_chat_nor_code() -> None:
    changes = remove_member(scene(replace(WAITING, telegram="903")), "小张", "陈经理").changes
    assert _members(changes) == [Member("小张", "")]
    assert _deeds(changes) == [("陈经理", "team.removed", "小张")]
    assert remove_member(scene(LI), "小赵", "陈经理").answer == NotFound("team member 小赵")


def test_a_code_binds_the_chat_of_whoever_comes_with_it_and_is_gone() -> None:
    decision = join(scene(LI, WAITING), "code", "903")
    assert decision.answer.member == replace(WAITING, telegram="903", code_hash="", code_expires_at=None)
    assert _deeds(decision.changes) == [("小张", "team.joined", "小张")]
    again = join(scene(LI, WAITING).after(decision.changes), "code", "904")
    assert (again.answer.member, again.changes.records) == (None, ())


def test_a_chat_belongs_to_one_member_the_one_who_joined_last() -> None:
    changes = join(scene(LI, WAITING), "code", "901").changes
    assert {one.name: one.telegram for one in _members(changes)} == {"李工": "", "小张": "901"}


@pytest.mark.parametrize(
    ("secret", "after"), [("other", timedelta(0)), ("", timedelta(0)), ("code", CODE_LASTS), ("code", 2 * CODE_LASTS)]
)
def test_a_wrong_or_late_code_makes_nobody_a_member(secret: str, after: timedelta) -> None:
    decision = join(scene(LI, WAITING, now=NOW + after), secret, "903")
    assert (decision.answer.member, decision.changes.records) == (None, ())


def test_a_code_is_for_the_account_that_is_expected_where_one_is_known() -> None:
    expected = replace(WAITING, telegram="903")
    stranger = join(scene(LI, expected), "code", "904")
    assert (stranger.answer.member, stranger.changes.records) == (None, ())
    assert join(scene(LI, expected), "code", "903").answer.member == replace(
        expected, code_hash="", code_expires_at=None
    )


# -- who may what ----------------------------------------------------------------------------------------------------

GROUP, STAGE_TEAM = Address("telegram", "-100"), Address("sandbox", "team")
POLICED = replace(POLICY, team=(GROUP, STAGE_TEAM), admins=frozenset({"900"}))
ROSTER = [LI, Member("小张", "lead", "902"), Member("老板", "owner", "900"), Member("小周", "admin", "905")]


def _admin(place: Address, person: str) -> Admin | None:
    return admin_among(ROSTER, POLICED, place, Person(person, "某人"))


@pytest.mark.parametrize(
    ("place", "person", "admin"),
    [
        (GROUP, "900", Admin("老板", "owner")),
        (GROUP, "905", Admin("小周", "admin")),
        (Address("telegram", "902"), "902", Admin("小张", "lead")),
        (GROUP, "901", None),
        (Address("telegram", "901"), "901", Admin("李工", "agent")),
        (Address("telegram", "902"), "901", None),
        (GROUP, "77", None),
        (GROUP, "", None),
        (Address("telegram", "-555"), "900", None),
        (Address("telegram", "900"), "905", None),
        (Address("wechat", "900"), "900", None),
        (STAGE_TEAM, "u1", Admin("某人", "owner")),
        (Address("sandbox", "phone"), "u1", None),
    ],
)
def test_who_administers_is_told_by_the_chat_and_the_id(place: Address, person: str, admin: Admin | None) -> None:
    assert _admin(place, person) == admin


def test_an_id_of_the_settings_that_is_not_on_the_roster_is_named_by_the_id() -> None:
    assert admin_among([], POLICED, GROUP, Person("900")) == Admin("telegram:900", "owner")


READS = {AdminCommand.REPORT, AdminCommand.ISSUES, AdminCommand.FINDINGS, AdminCommand.ACTIONS, AdminCommand.PHRASES}


@pytest.mark.parametrize("command", AdminCommand)
def test_agents_and_leads_read_admins_change_and_owners_see_the_log(command: AdminCommand) -> None:
    allowed = {role for role in ROSTER_ROLES if may(Admin("x", role), command)}
    if command is AdminCommand.AUDIT:
        assert allowed == {"owner"}
    else:
        reading = {"owner", "admin", "lead"} | ({"agent"} if command is AdminCommand.REPORT else set())
        assert allowed == (reading if command in READS else {"owner", "admin"})


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("/report", TypedCommand(AdminCommand.REPORT)),
        ("  /Team@OurBot  add 李工  agent ", TypedCommand(AdminCommand.TEAM, ("add", "李工", "agent"))),
        ("/pause_surveys", TypedCommand(AdminCommand.PAUSE_SURVEYS)),
        ("/reports", None),
        ("report", None),
        ("/ report", None),
        ("", None),
        ("请看 /report", None),
    ],
)
def test_a_command_is_the_first_word_and_nothing_else(text: str, typed: TypedCommand | None) -> None:
    assert admin_command(text) == typed

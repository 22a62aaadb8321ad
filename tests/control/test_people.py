"""Commands on people: the roster, and a customer's data handed out or erased."""

import json

import pytest

from bot.wiring.services import Services
from tests.control.conftest import Close, Run


async def test_the_roster_is_listed_by_name(run: Run) -> None:
    for name, role in (("Zoe", "viewer"), ("Ann", "owner"), ("Kim", "agent")):
        assert (await run("user add", name=name, role=role, telegram="")).problem == ""
    assert [one["name"] for one in (await run("user list")).gave] == ["Ann", "Kim", "Zoe"]


async def test_a_member_with_a_chat_gets_no_code_and_one_without_gets_one(run: Run) -> None:
    known = (await run("user add", name="李工", role="agent", telegram="201")).gave
    assert known == {"name": "李工", "role": "agent", "telegram": "201", "agent": "", "team": "", "code": ""}
    invited = (await run("user add", name="小张", role="lead")).gave
    assert (invited["telegram"], len(invited["code"])) == ("", 22)


async def test_a_code_is_stored_as_its_hash_only(run: Run, desk: Services) -> None:
    code = (await run("user add", name="小张", role="lead")).gave["code"]
    (member,) = await desk.reader.admins.roster()
    assert member.code_hash
    assert code not in member.code_hash


async def test_a_role_is_changed_and_the_chat_stays(run: Run) -> None:
    await run("user add", name="李工", role="agent", telegram="201")
    changed = (await run("user add", name="李工", role="lead")).gave
    assert (changed["role"], changed["telegram"], changed["code"]) == ("lead", "201", "")


async def test_what_tickets_call_somebody_and_their_team_stay_until_they_are_given_anew(run: Run) -> None:
    await run("user add", name="李工", role="lead", agent="a17", team="north")
    changed = (await run("user add", name="李工", role="agent", team="")).gave
    assert (changed["agent"], changed["team"]) == ("a17", "")
    assert (await run("user add", name="李工", role="agent", agent=17)).problem == "agent must be a text"
    await run("user remove", name="李工")
    assert (await run("user add", name="李工", role="agent")).gave["agent"] == ""


async def test_whoever_was_removed_is_gone_from_the_list_and_may_come_back(run: Run) -> None:
    await run("user add", name="李工", role="agent", telegram="201")
    assert (await run("user remove", name="李工")).gave["name"] == "李工"
    assert (await run("user list")).gave == []
    assert (await run("user add", name="王工", role="agent", telegram="201")).problem == ""


async def test_a_member_is_found_and_taken_off_in_any_spelling(run: Run) -> None:
    await run("user add", name=" Ａｎｎ\u200b", role="agent", telegram="201")
    await run("user add", name="ann", role="lead")
    (listed,) = (await run("user list")).gave
    assert listed == {"name": "Ann", "role": "lead", "telegram": "201", "agent": "", "team": ""}
    assert (await run("user remove", name="ANN ")).gave["name"] == "Ann"
    assert (await run("user remove", name="Ann")).problem == "there is no team member Ann"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"name": "", "role": "agent"}, "name: is empty; write the name by which the team knows them"),
        ({"name": " \n ", "role": "agent"}, "name: is empty; write the name by which the team knows them"),
        ({"name": "Ann", "role": "king"}, "role: there is no role 'king'; there are owner, admin, lead, agent, viewer"),
        (
            {"name": "Ann", "role": "agent", "telegram": "@ann"},
            "telegram: is a user id, digits only; the person sees it with @userinfobot",
        ),
        ({"name": "Ann", "role": "agent", "telegram": "201"}, "telegram: belongs to 李工; remove them first"),
        ({"name": ["Ann"], "role": "agent"}, "name must be a text"),
        ({"name": "Ann", "role": 7}, "role must be a text"),
    ],
)
async def test_a_member_who_cannot_be_added_is_told_why(run: Run, arguments: dict[str, object], problem: str) -> None:
    await run("user add", name="李工", role="agent", telegram="201")
    assert (await run("user add", **arguments)).problem == problem
    assert [one["name"] for one in (await run("user list")).gave] == ["李工"]


async def test_nobody_is_removed_who_is_not_there(run: Run) -> None:
    assert (await run("user remove", name="李工")).problem == "there is no team member 李工"


async def test_each_change_of_the_roster_is_in_the_audit_log(run: Run, desk: Services) -> None:
    await run("user add", name="李工", role="agent", telegram="201")
    await run("user remove", name="李工")
    deeds = [(entry.by, entry.action, entry.subject) for entry in await desk.reader.admins.latest_audit_entries(9)]
    assert sorted(deeds) == [("command line", "team.added", "李工"), ("command line", "team.removed", "李工")]


async def test_everything_held_about_a_customer_comes_as_readable_json(run: Run, closes: Close) -> None:
    await closes("1")
    held = json.loads((await run("customer export", customer="c-1")).gave)
    assert held["customer"]["name"] == "王梅"
    assert "空调不制冷" in json.dumps(held["tickets"], ensure_ascii=False)


async def test_an_erased_customer_is_gone_and_the_request_is_in_the_register(
    run: Run, closes: Close, desk: Services
) -> None:
    await closes("1")
    request = (await run("customer forget", customer="c-1")).gave
    assert (await desk.reader.requests(None, 9, is_open=None)).items[0].id == request
    kept = await desk.reader.ticket("desk", "1")
    assert kept is not None
    assert (kept.customer.name, kept.contacts) == ("", ())
    assert (await run("customer export", customer="c-1")).gave is None


@pytest.mark.parametrize("command", ["customer export", "customer forget"])
async def test_a_customer_whom_nobody_knows_is_told_in_one_sentence(run: Run, command: str) -> None:
    reply = await run(command, customer="c-9")
    assert reply.gave is None
    assert "c-9" in reply.problem

"""What of a response counts, and why: `GET /api/v1/responses/{id}/explain`, and the flags of the list."""

from datetime import timedelta
from typing import Any

import pytest

from scoring.values import replace
from tests.support.web.service import Service

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
PHONE = {"contacts": [{"channel": "sandbox", "address": "phone"}]}
AGAIN = """
[[calendar]]
name = "again"
when = "daily 10:30"
survey = "after_service"
[calendar.audience]
closed_before = "8d"
closed_within = "9d"
"""


async def asked(service: Service, ticket: str = "1", **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    await service.closes(ticket, "mei", person=PHONE, **said)
    await service.passes(HOUR)


async def says(service: Service, *words: str, each: timedelta = 5 * SECOND) -> None:
    for one in words:
        await service.says(one, "phone")
        await service.passes(each)


async def explained(service: Service) -> list[dict[str, Any]]:
    """Return how each response counts, those asked first before those asked later."""
    listed = (await service.api.get("/api/v1/responses")).json()["items"]
    found = [(await service.api.get(f"/api/v1/responses/{one['id']}/explain")).json() for one in listed]
    assert [[flag["flag"] for flag in one["flags"]] for one in found] == [one["flags"] for one in listed]
    assert all(one["raw"] == one["counted"] + sum(one["excluded"].values()) for one in found)
    return found


def flags(told: dict[str, Any]) -> list[str]:
    return [flag["flag"] for flag in told["flags"]]


async def test_a_response_tells_its_closing_and_each_rating(service: Service) -> None:
    await asked(service, team="north", agent={"id": "a17", "name": "李工"}, station="静安一站")
    await service.closes("1", "mei", person=PHONE, team="south", station="二站")
    await says(service, "5", "4", "3", "跳过", "4", "5", "跳过")
    (told,) = await explained(service)
    closing = told["closing"]
    assert (closing["ticket"], closing["number"], closing["team"], closing["station"], closing["agent_name"]) == (
        "desk/1",
        1,
        "north",
        "静安一站",
        "李工",
    )
    assert [(one["item"], one["dimension"], one["value"], one["status"]) for one in told["ratings"]] == [
        ("response_speed", "response_speed", 5, "counted"),
        ("problem_solving", "problem_solving", 4, "counted"),
        ("attitude", "attitude", 3, "counted"),
        ("convenience", "convenience", 4, "counted"),
        ("after_care", "after_care", 5, "counted"),
    ]
    assert (told["raw"], told["counted"], told["excluded"], told["flags"]) == (5, 5, {}, [])


@pytest.mark.row("S2-12")
async def test_what_is_missing_at_the_end_is_incomplete_and_the_rest_counts(service: Service) -> None:
    await asked(service)
    await says(service, "5", "5")
    (before,) = await explained(service)
    assert flags(before) == [], "it goes on"
    await service.passes(timedelta(days=4))
    (told,) = await explained(service)
    assert (flags(told), told["flags"][0]["why"], told["counted"]) == (["incomplete"], "3 of 5 items are missing", 2)


@pytest.mark.parametrize(
    ("words", "pace", "expected"),
    [
        (("5", "5", "5", "5", "5", "跳过"), 0.5, ["too_fast", "straight_line"]),
        (("5", "5", "5", "5", "5", "跳过"), 5, []),
        (("5", "4", "5", "5", "5", "跳过"), 0.5, ["too_fast"]),
        (("5", "5", "5", "5", "5", "师傅很好"), 0.5, ["too_fast"]),
        (("都5分", "跳过"), 0.5, []),
    ],
    ids=["careless", "satisfied", "fast", "with words", "by one text"],
)
async def test_haste_is_a_flag_and_excludes_nothing(
    service: Service, words: tuple[str, ...], pace: float, expected: list[str]
) -> None:
    await asked(service)
    await says(service, *words, each=pace * SECOND)
    (told,) = await explained(service)
    assert (flags(told), told["counted"], told["excluded"]) == (expected, 5, {})


async def test_the_owners_own_people_are_kept_and_not_counted(service: Service) -> None:
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, test_customers=frozenset({"mei"})))
    await asked(service)
    await says(service, "5", "4")
    (told,) = await explained(service)
    assert (told["raw"], told["counted"], told["excluded"]) == (2, 0, {"test": 2})
    await says(service, "5", "4", "5", "跳过")
    (told,) = await explained(service)
    assert (flags(told), told["counted"], told["excluded"]) == (["test"], 0, {"test": 5})


async def test_the_second_answer_to_the_same_survey_about_a_closing_does_not_count(service: Service) -> None:
    await service.rules(AGAIN)
    await asked(service)
    await says(service, "5", "4", "5", "4", "5", "跳过")
    await service.passes(timedelta(days=9))
    await says(service, "4", "4", "4", "5", "4", "跳过")
    first, second = await explained(service)
    assert (flags(first), first["counted"]) == ([], 5)
    assert (flags(second), second["counted"], second["excluded"]) == (["duplicate"], 0, {"duplicate": 5})
    (flag,) = second["flags"]
    assert flag["why"] == f"{first['id']} counts instead, by the rule answered_twice (version 1)"
    assert (flag["rule"], flag["counted"]) == ("answered_twice", first["id"])


async def test_what_a_reopened_ticket_takes_back_does_not_count(service: Service) -> None:
    await asked(service)
    await says(service, "5", "4")
    await service.closes("1", "mei", person=PHONE, status="reopened")
    (told,) = await explained(service)
    assert (told["raw"], told["counted"], told["excluded"], flags(told)) == (2, 0, {"reopened": 2}, [])


async def test_a_correction_replaces_and_an_undo_takes_back(service: Service) -> None:
    await asked(service)
    await says(service, "5", "都4分")
    (told,) = await explained(service)
    assert [one["value"] for one in told["ratings"]] == [5, 4, 4, 4, 4]
    await says(service, "撤销")
    (told,) = await explained(service)
    assert (told["raw"], [one["status"] for one in told["ratings"]]) == (1, ["counted", *["undone"] * 4])
    await says(service, "2")
    (told,) = await explained(service)
    assert (told["raw"], told["counted"]) == (2, 2)


async def test_of_an_anonymous_response_there_is_nothing(service: Service) -> None:
    await service.rules('[[rules]]\nname = "all"\nsurvey = "anonymous_pulse"\n')
    await asked(service)
    await says(service, "5", "4")
    (told,) = await explained(service)
    assert (told["raw"], told["ratings"], told["flags"]) == (0, [], [])
    assert (await service.api.get("/api/v1/responses/int_none/explain")).status_code == 404

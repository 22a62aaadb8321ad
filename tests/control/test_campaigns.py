"""Commands on campaigns: named by id or name, with filters and times as people type them."""

from typing import Any

import pytest

from tests.control.conftest import Close, Run

NOTICE = {"name": "谢谢", "kind": "notice", "text": "{name}，谢谢您！", "filters": ["source=desk"]}
LATER = "2100-01-01T10:00"


async def drafted(run: Run, **changed: object) -> dict[str, Any]:
    """Draft the notice, some of it changed, and return it as the command tells it."""
    reply = await run("campaign create", **(NOTICE | changed))
    assert reply.problem == ""
    told: dict[str, Any] = reply.gave
    return told


async def test_a_draft_is_found_by_its_id_and_by_its_name(run: Run) -> None:
    draft = await drafted(run)
    assert (await run("campaign show", campaign=draft["id"])).gave == draft
    assert (await run("campaign show", campaign="谢谢")).gave == draft
    assert (await run("campaign list")).gave == [draft]


async def test_a_name_that_two_have_is_no_name(run: Run) -> None:
    ids = [(await drafted(run))["id"] for _ in range(2)]
    problem = (await run("campaign show", campaign="谢谢")).problem
    assert problem.startswith("2 campaigns are called '谢谢'; name one by its id: ")
    assert set(problem.partition("id: ")[2].split(", ")) == set(ids)


async def test_a_campaign_that_is_not_there_is_told_with_the_command_that_lists_them(run: Run) -> None:
    for word in ("show", "preview", "start", "pause", "resume", "cancel"):
        reply = await run(f"campaign {word}", campaign="早安")
        assert reply.problem == "there is no campaign '早安'; `huifang campaign list` shows them"


async def test_the_preview_counts_whom_it_would_reach(run: Run, closes: Close) -> None:
    await closes("1")
    await closes("2")
    await drafted(run)
    seen = (await run("campaign preview", campaign="谢谢")).gave
    assert (seen["audience"], seen["sends"], seen["examples"]) == (2, 2, ["王**", "王**"])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (LATER, "2100-01-01T02:00:00Z"),
        ("2100-01-01T10:00+00:00", "2100-01-01T10:00:00Z"),
        ("2100-01-01", "2099-12-31T16:00:00Z"),
    ],
)
async def test_a_time_without_a_zone_is_the_owners(run: Run, at: str, expected: str) -> None:
    draft = await drafted(run, at=at)
    assert draft["schedule"]["at"] == expected


async def test_a_time_may_have_a_zone_of_its_own(run: Run) -> None:
    assert (await drafted(run, at=LATER, timezone="Europe/Berlin"))["schedule"]["at"] == "2100-01-01T09:00:00Z"
    repeated = (await drafted(run, cron="monthly last 10:00", timezone="Europe/Berlin"))["schedule"]
    assert (repeated["repeats"], repeated["timezone"]) == ("monthly last 10:00", "Europe/Berlin")


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (["tag=vip"], {"tags": ["vip"]}),
        (["tag=vip", "team=north"], {"tags": ["vip"], "teams": ["north"]}),
        (["product=air conditioner"], {"products": ["air conditioner"]}),
        (['product="air conditioner"'], {"products": ["air conditioner"]}),
        (["closed_within=30d"], {"closed_within": "30d"}),
    ],
)
async def test_filters_are_read_as_the_chat_reads_them(run: Run, filters: list[str], kept: dict[str, object]) -> None:
    audience = (await drafted(run, filters=filters))["audience"]
    assert {key: audience[key] for key in kept} == kept


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"filters": ["bogus=1"]}, "There is no filter “bogus”. There are: "),
        ({"kind": "party"}, "kind "),
        ({"name": ""}, "name"),
        ({"text": "Dear {nobody}"}, "text: there is no placeholder {nobody}; known are {name} {subject}"),
        ({"text": None}, "text: a notice needs words; write what the customers shall read"),
        ({"survey": "after_service"}, "survey: a notice asks no survey of its own; leave it out"),
        ({"kind": "survey", "survey": "before_service"}, "survey: there is no survey 'before_service'; there are "),
        ({"at": "tomorrow"}, "'tomorrow' is no moment; write it like 2026-12-01T10:00"),
        ({"at": "2020-01-01T10:00"}, "schedule.at: 2020-01-01 02:00 UTC has passed; give a moment to come"),
        ({"at": LATER, "timezone": "Mars"}, "there is no time zone 'Mars'; write it like Asia/Shanghai"),
        ({"cron": "sometimes"}, "schedule.repeats: "),
        ({"cron": "0 0 30 2 *"}, "schedule.repeats: "),
        ({"per_minute": 0}, "per_minute "),
        ({"per_minute": 1_000_000}, "per_minute"),
        ({"at": 7}, "at must be a text"),
    ],
)
async def test_a_draft_that_cannot_be_is_told_what_is_wrong(run: Run, changed: dict[str, object], problem: str) -> None:
    reply = await run("campaign create", **(NOTICE | changed))
    assert reply.gave is None
    assert reply.problem.startswith(problem), reply.problem
    assert (await run("campaign list")).gave == []


async def test_a_campaign_goes_its_way_by_commands(run: Run, closes: Close) -> None:
    await closes("1")
    await drafted(run, at=LATER)
    went = [
        (word, (await run(f"campaign {word}", campaign="谢谢")).gave["status"])
        for word in ("start", "pause", "resume", "cancel", "cancel")
    ]
    assert went == [
        ("start", "scheduled"),
        ("pause", "paused"),
        ("resume", "scheduled"),
        ("cancel", "cancelled"),
        ("cancel", "cancelled"),
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("pause",), "The campaign is draft and cannot be paused."),
        (("resume",), "The campaign is draft and cannot be resumed."),
        (("cancel", "start"), "The campaign is cancelled and cannot be started."),
        (("cancel", "resume"), "The campaign is cancelled and cannot be resumed."),
    ],
)
async def test_what_a_campaign_cannot_do_now_is_refused(run: Run, words: tuple[str, ...], problem: str) -> None:
    await drafted(run, at=LATER)
    *before, last = words
    for word in before:
        assert (await run(f"campaign {word}", campaign="谢谢")).problem == ""
    assert (await run(f"campaign {last}", campaign="谢谢")).problem == problem


async def test_a_campaign_that_fits_nobody_is_not_started(run: Run) -> None:
    await drafted(run)
    reply = await run("campaign start", campaign="谢谢")
    assert reply.problem == "Nobody fits its audience; loosen the filters and create it anew."
    assert (await run("campaign show", campaign="谢谢")).gave["status"] == "draft"

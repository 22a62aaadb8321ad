"""`huifang campaign`: a line for each campaign, its preview, and how wrong arguments are told."""

import json

import pytest

from tests.cli.conftest import Close, Type

TEXT = ("--name", "谢谢", "--kind", "notice", "--text", "{name}，谢谢您！")


def test_no_campaigns_are_said_with_the_way_to_the_first(types: Type) -> None:
    assert types("campaign", "list").out == "There are no campaigns yet; `huifang campaign create` drafts one.\n"


def test_a_draft_is_told_with_the_next_step(types: Type) -> None:
    said = types("campaign", "create", *TEXT, "--filter", "tag=vip")
    drafted, identity = said.out, said.out.split()[1].rstrip(".")
    assert drafted == f"Drafted {identity}. Look at it with `huifang campaign preview`, then start it.\n"
    assert types("campaign", "list").out == f"{identity}  notice  draft  谢谢\n"


def test_a_scheduled_campaign_is_told_with_its_next_time_on_the_owners_clock(types: Type, closes: Close) -> None:
    closes("1")
    types("campaign", "create", *TEXT, "--at", "2100-01-01T10:00", "--timezone", "Asia/Tokyo")
    started = types("campaign", "start", "谢谢").out.splitlines()
    assert started[0].endswith("  notice  scheduled  谢谢  next 2100-01-01 09:00")
    assert started[1] == "No service runs here: it is sent when `huifang run` does."
    assert types("campaign", "pause", "谢谢").out.rstrip().endswith("  notice  paused  谢谢")
    assert "next 2100-01-01 09:00" in types("campaign", "resume", "谢谢").out
    assert types("campaign", "cancel", "谢谢").out.rstrip().endswith("  notice  cancelled  谢谢")


def test_a_preview_tells_whom_it_would_reach_and_until_when(types: Type, closes: Close) -> None:
    closes("1")
    types("campaign", "create", *TEXT, "--filter", "source=desk", "--at", "2100-01-01T10:00")
    lines = types("campaign", "preview", "谢谢").out.splitlines()
    assert lines[:2] == ["audience 1, would be written to 1", "  among them: 王**"]
    assert lines[2].startswith("  through at 2100-01-01 10:")


def test_a_preview_counts_who_is_left_out_and_why(types: Type, closes: Close) -> None:
    closes("1")
    survey = ("--name", "月末", "--kind", "survey", "--filter", "source=desk")
    types("campaign", "create", *survey)
    lines = types("campaign", "preview", "月末").out.splitlines()
    assert lines[0].startswith("audience 1, would be written to ")
    assert all(line.startswith("  ") for line in lines[1:])


def test_an_audience_may_be_given_as_the_api_takes_it(types: Type, closes: Close) -> None:
    closes("1")
    audience = json.dumps({"sources": ["desk"]})
    assert types("campaign", "create", *TEXT, "--audience", audience).code == 0
    assert types("campaign", "preview", "谢谢").out.startswith("audience 1, ")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--audience", "vip"), "this is not JSON: "),
        (("--audience", "[1]"), 'write an object, such as {"tags": ["vip"]}'),
        (("--audience", "{}", "--filter", "tag=vip"), "not allowed with argument"),
        (("--at", "2100-01-01T10:00", "--cron", "daily 10:00"), "not allowed with argument"),
        (("--per-minute", "many"), "invalid int value"),
        (("--kind", "party"), "invalid choice"),
    ],
)
def test_wrong_usage_ends_with_2(
    types: Type, capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...], told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        types("campaign", "create", *TEXT, *wrong)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("campaign", "start", "早安"), "there is no campaign '早安'; `huifang campaign list` shows them"),
        (("campaign", "create", *TEXT, "--filter", "bogus=1"), "There is no filter “bogus”. There are: "),
        (("campaign", "create", *TEXT, "--at", "tomorrow"), "'tomorrow' is no moment; write it like 2026-12-01T10:00"),
        (("campaign", "create", *TEXT, "--timezone", "Mars"), "there is no time zone 'Mars'"),
        (("campaign", "create", *TEXT, "--per-minute", "0"), "per_minute"),
        (("survey", "explain", "desk"), "name the ticket as SOURCE/TICKET, such as zendesk/42"),
        (("survey", "explain", "desk/7"), "there is no ticket desk/7"),
    ],
)
def test_what_cannot_be_is_one_line_on_stderr(types: Type, arguments: tuple[str, ...], problem: str) -> None:
    said = types(*arguments)
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert said.err.startswith("huifang: ")
    assert problem in said.err


def test_a_ticket_is_explained(types: Type, closes: Close) -> None:
    closes("1")
    told = types("survey", "explain", "desk/1").out.splitlines()
    assert told[0] == "ticket desk/1"
    assert "  stored at closing 1: no rule, survey after_service" in told

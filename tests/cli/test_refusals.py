"""What the command line refuses: one line that names the fix, and nothing is stored."""

import pytest

from tests.cli.conftest import Type

NOTICE = ("campaign", "create", "--name", "谢谢", "--kind", "notice", "--text", "谢谢您！")


@pytest.mark.parametrize("telegram", ["@ana", "-100", "４２", "0", "042", "9" * 17])
def test_a_telegram_id_is_one_that_telegram_gives(telegram: str, types: Type) -> None:
    said = types("user", "add", "Ana", "--role", "agent", "--telegram", telegram)
    assert (said.code, said.out) == (1, "")
    assert said.err == "huifang: telegram: is a user id, digits only; the person sees it with @userinfobot\n"
    assert types("user", "list").out.startswith("Nobody")


def test_one_telegram_account_belongs_to_one_member(types: Type) -> None:
    types("user", "add", "李工", "--role", "agent", "--telegram", "42")
    said = types("user", "add", "王工", "--role", "agent", "--telegram", "42")
    assert (said.code, said.err) == (1, "huifang: telegram: belongs to 李工; remove them first\n")


@pytest.mark.parametrize("action", ["preview", "start", "pause", "resume", "cancel"])
@pytest.mark.parametrize("which", ["cam_none", ""])
def test_each_command_on_a_campaign_that_there_is_not_says_so(action: str, which: str, types: Type) -> None:
    said = types("campaign", action, which)
    assert (said.code, said.out) == (1, "")
    assert said.err == f"huifang: there is no campaign {which!r}; `huifang campaign list` shows them\n"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--at", "2001-01-01T10:00"), "schedule.at"),
        (("--at", "2100-01-01T10:00", "--timezone", "../x"), "there is no time zone '../x'"),
        (("--cron", "now and then"), "schedule.repeats"),
        (("--survey", "after_service"), "survey"),
        (("--audience", '{"tag": ["vip"]}'), "audience.tag is no field that is known here"),
        (("--audience", '{"tags": "vip"}'), "audience.tags must be a list"),
        (("--text", "Hello {nobody}"), "there is no placeholder {nobody}"),
        (("--text", "x" * 300_000), "this is longer than 256 KiB: write less"),
        (("--name", " "), "name"),
    ],
    ids=lambda part: " ".join(part)[:40] if isinstance(part, tuple) else None,
)
def test_a_draft_that_cannot_be_is_refused_in_one_line_and_not_kept(
    more: tuple[str, ...], told: str, types: Type
) -> None:
    said = types(*NOTICE, *more)
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1), said
    assert told in said.err
    assert types("campaign", "list").out.startswith("There are no campaigns yet")


def test_json_that_is_nested_without_end_is_wrong_usage(types: Type, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        types(*NOTICE, "--audience", "[" * 100_000)
    assert ended.value.code == 2
    assert "this is not JSON" in capsys.readouterr().err
